from django.urls import path

from cas.views import deliveries

app_name = "deliveries"

urlpatterns = [
    path("", deliveries.unanswered, name="unanswered"),
    path("undelivered/", deliveries.undelivered, name="undelivered"),
    path("queue/", deliveries.queue, name="queue"),
    path("runs/", deliveries.runs, name="runs"),
    path("<int:delivery_id>/send-again/", deliveries.send_again, name="send_again"),
    path("<uuid:public_id>/", deliveries.notification, name="notification"),
]
