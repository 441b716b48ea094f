from django.urls import path

from outbox import views

app_name = "mail"

urlpatterns = [
    path("", views.mails, {"tab": "undelivered"}, name="undelivered"),
    path("queue/", views.mails, {"tab": "queue"}, name="queue"),
    path("sent/", views.mails, {"tab": "sent"}, name="sent"),
    path("runs/", views.runs, name="runs"),
    path("<int:delivery_id>/send-again/", views.send_again, name="send_again"),
]
