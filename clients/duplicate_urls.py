from django.urls import path

from clients.views import duplicates

app_name = "duplicates"

urlpatterns = [
    path("report/", duplicates.report, name="report"),
    path("<int:report_id>/", duplicates.compare, name="compare"),
    path("<int:report_id>/withdraw/", duplicates.withdraw, name="withdraw"),
]
