from django.urls import include, path

from clients.views import add, alerts, dashboard, edit, emergency, find, interested_others, ssn

app_name = "clients"

client_pages = [
    path("", dashboard.dashboard, name="dashboard"),
    path("edit/", edit.edit, name="edit"),
    path("ssn/", ssn.reveal, name="reveal_ssn"),
    path("ssn/reason/", ssn.ask, name="ask_to_reveal_ssn"),
    path("alerts/", alerts.alerts, name="alerts"),
    path("alerts/", include(alerts.pages.urls)),
    path("interested-others/", interested_others.interested_others, name="interested_others"),
    path("interested-others/", include(interested_others.pages.urls)),
    path(
        "interested-others/<int:other_id>/",
        interested_others.interested_other,
        name="interested_other",
    ),
]

urlpatterns = [
    path("", find.find, name="find"),
    path("find/<uuid:search_id>/", find.results, name="results"),
    path("add/", add.add, name="add"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("<int:client_id>/", include(client_pages)),
]
