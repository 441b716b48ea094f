"""Pages beneath clients/<client_id>/releases/ (consent/urls.py)."""

from django.urls import path

from consent.signing import views

urlpatterns = [
    path("sign/", views.ask, name="sign"),
    path("sign/text/", views.text, name="sign_text"),
    path("<int:release_id>/signed/", views.signed, name="signed"),
    path("<int:release_id>/text/", views.signed_text, name="signed_text"),
]
