from django.urls import path

from privacy import views

app_name = "privacy"

urlpatterns = [
    path("", views.requests, name="requests"),
    path("add/", views.add, name="add_request"),
    path("<int:request_id>/", views.one, name="request"),
    path("<int:request_id>/letter/", views.letter, name="letter"),
    path("copy/", views.copy, name="copy"),
    path("hold/", views.hold, name="hold"),
    path("hold/<int:hold_id>/lift/", views.lift, name="lift_hold"),
]
