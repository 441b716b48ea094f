"""What a copy gives of releases, what an erasure leaves, and what officers read in the history."""

from django.utils import timezone

from agencies.models import Organization
from clients.access_log.trail import changes_of
from clients.models import Release
from consent import actions
from privacy.copy import archive
from privacy.copy.sections import Contents
from privacy.erasure.fields import about_clients


def test_copy_says_with_whom_the_client_agreed_to_share(john, released, dana):
    contents = Contents(client=john, officer=dana, at=timezone.now())
    given = "".join(archive.as_json(contents))
    for words in ("With whom you agreed to share", "All organizations", "Verbal, 03/02/2026"):
        assert words in given


def test_erasure_takes_out_the_guardians_name_and_leaves_the_answer(jimmy, answer, alice):
    (row,) = actions.record_release(clients=[jimmy], answer=answer(), by=alice)
    (rows,) = [one for one in about_clients() if one.model is Release]
    rows.of([jimmy.pk]).update(**rows.changed)
    row.refresh_from_db()
    assert (row.guardian_name, row.signed_by, row.kind) == ("", "guardian", "verbal")


def test_history_names_who_recorded_and_who_revoked(rf, john, released, alice, dana):
    actions.revoke(releases=[released], reason=Release.Reason.CLIENT, by=alice)
    request = rf.get("/")
    request.user, request.organization = dana, Organization.objects.get(pk=john.organization_id)
    (events,) = [one for one in changes_of(request, john) if one.model.pgh_tracked_model is Release]
    assert sorted(events.values_list("pgh_label", flat=True)) == ["insert", "update"]
