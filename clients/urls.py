from django.urls import include, path

from clients.views import add, dashboard, edit, emergency, find, records, sharing, ssn

app_name = "clients"

client_pages = [
    path("", dashboard.dashboard, name="dashboard"),
    path("edit/", edit.edit, name="edit"),
    path(
        "aliases/<int:version>/<int:organization_id>/restore/",
        edit.restore_aliases_of,
        name="restore_aliases",
    ),
    path("ssn/", ssn.reveal, name="reveal_ssn"),
    path("ssn/reason/", ssn.ask, name="ask_to_reveal_ssn"),
    path("sharing/", sharing.sharing, name="sharing"),
    path("alerts/", records.alerts, name="alerts"),
    path("alerts/", include(records.alert_pages.urls)),
    path("interested-others/", records.interested_others, name="interested_others"),
    path("interested-others/", include(records.other_pages.urls)),
    path("interested-others/<int:other_id>/", records.interested_other, name="interested_other"),
]

urlpatterns = [
    path("", find.find, name="find"),
    path("find/<uuid:search_id>/", find.results, name="results"),
    path("find/<uuid:search_id>/csv/", find.results_csv, name="results_csv"),
    path("add/", add.add, name="add"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("<int:client_id>/", include(client_pages)),
]
