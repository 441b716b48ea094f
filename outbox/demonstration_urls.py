from django.urls import path

from outbox import views

app_name = "demonstration"

urlpatterns = [
    path("", views.demonstration_mails, name="mails"),
    path("<slug:name>/", views.demonstration_mail, name="mail"),
]
