from django.urls import path

from outbox.views import demonstration

app_name = "demonstration"

urlpatterns = [
    path("", demonstration.mails, name="mails"),
    path("<slug:name>/", demonstration.mail, name="mail"),
]
