from django.urls import include, path

from consent.intake import urls as intake
from consent.signing import urls as signing
from consent.views import answers, releases, revocation

app_name = "consent"

client_pages = [
    path("", releases.releases, name="releases"),
    path("add/", releases.add, name="add_release"),
    path("add/paper/", answers.paper, name="add_paper"),
    path("add/verbal/", answers.verbal, name="add_verbal"),
    path("add/refusal/", answers.refusal, name="add_refusal"),
    path("<int:release_id>/", releases.release, name="release"),
    path("<int:release_id>/revoke/", revocation.revoke, name="revoke_release"),
    *signing.urlpatterns,
]

urlpatterns = [
    path("clients/<int:client_id>/releases/", include(client_pages)),
    path("intake/", include(intake)),
    path("releases/<int:release_id>/undo/", revocation.undo, name="undo_revocation"),
]
