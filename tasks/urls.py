from django.urls import include, path

from tasks.views import calendar, mine, tasks

app_name = "tasks"

client_pages = [
    path("", tasks.tasks, name="tasks"),
    path("", include(tasks.pages.urls)),
    path("<int:task_id>/done/", tasks.done, name="done"),
    path("<int:task_id>/reopen/", tasks.reopen, name="reopen"),
]

urlpatterns = [
    path("clients/<int:client_id>/tasks/", include(client_pages)),
    path("tasks/", mine.mine, name="mine"),
    path("tasks/<uuid:task_key>/", mine.task, name="task"),
    path("settings/calendar/", calendar.settings, name="calendar_settings"),
    path("settings/calendar/on/", calendar.turn_on, name="turn_calendar_on"),
    path("settings/calendar/off/", calendar.turn_off, name="turn_calendar_off"),
    path("calendar/<str:feed_token>/tasks.ics", calendar.calendar, name="calendar"),
]
