"""Beneath /attendance/."""

from django.urls import path

from casenotes.views import attendance

app_name = "attendance"

urlpatterns = [
    path("", attendance.attendance, name="attendance"),
    path("undo/<int:first>/<int:last>/", attendance.undo, name="undo"),
    path("redo/<int:first>/<int:last>/", attendance.redo, name="redo"),
]
