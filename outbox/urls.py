from django.urls import path

from outbox.views import deliveries

app_name = "mail"

urlpatterns = [
    path("", deliveries.mails, {"tab": "undelivered"}, name="undelivered"),
    path("queue/", deliveries.mails, {"tab": "queue"}, name="queue"),
    path("sent/", deliveries.mails, {"tab": "sent"}, name="sent"),
    path("runs/", deliveries.runs, name="runs"),
    path("<int:delivery_id>/send-again/", deliveries.send_again, name="send_again"),
]
