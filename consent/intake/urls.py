"""Pages beneath intake/ that a client sees (consent/urls.py)."""

from django.urls import path

from consent.intake import views

urlpatterns = [
    path("<uuid:draft_id>/release/<int:client_id>/", views.sign, name="sign_in_intake"),
    path("<uuid:draft_id>/release/<int:client_id>/signed/", views.signed, name="signed_in_intake"),
]
