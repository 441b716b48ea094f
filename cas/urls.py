from django.urls import include, path

from cas.views import assessments, deliveries, events, notifications

app_name = "cas"

client_pages = [
    path("", events.events, name="events"),
    path("", include(events.pages.urls)),
    path("<int:event_id>/", events.event, name="event"),
    path("<int:event_id>/result/", events.result, name="event_result"),
    path("assessments/", assessments.assessments, name="assessments"),
    path("assessments/", include(assessments.pages.urls)),
    path("assessments/<int:assessment_id>/", assessments.assessment, name="assessment"),
]

notification_pages = [
    path("", notifications.notifications, name="notifications"),
    path("bell/", notifications.bell, name="bell"),
    path("dismiss-all/", notifications.dismiss_all, name="dismiss_all"),
    path("undo-dismiss/", notifications.undo_dismiss, name="undo_dismiss"),
    path("<uuid:public_id>/", notifications.notification, name="notification"),
    path("<uuid:public_id>/snooze/<slug:until>/", notifications.snooze, name="snooze"),
    path("<uuid:public_id>/dismiss/", notifications.dismiss, name="dismiss"),
    path("<uuid:public_id>/put-back/", notifications.restore, name="restore"),
]

delivery_pages = [
    path("", deliveries.unanswered, name="unanswered"),
    path("undelivered/", deliveries.undelivered, name="undelivered"),
    path("queue/", deliveries.queue, name="queue"),
    path("runs/", deliveries.runs, name="runs"),
    path("<int:delivery_id>/send-again/", deliveries.send_again, name="send_again"),
    path("<uuid:public_id>/", deliveries.notification, name="notification"),
]

urlpatterns = [
    path("clients/<int:client_id>/cas/", include(client_pages)),
    path("notifications/", include(notification_pages)),
    path("settings/notifications/", notifications.preferences, name="preferences"),
]
