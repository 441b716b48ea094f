from django.urls import path

from privacy.views import copy, requests

app_name = "privacy"

urlpatterns = [
    path("", requests.requests, name="requests"),
    path("add/", requests.add, name="add_request"),
    path("<int:request_id>/", requests.one, name="request"),
    path("<int:request_id>/letter/", requests.letter, name="letter"),
    path("copy/", copy.copy, name="copy"),
    path("hold/", requests.hold, name="hold"),
    path("hold/<int:hold_id>/lift/", requests.lift, name="lift_hold"),
]
