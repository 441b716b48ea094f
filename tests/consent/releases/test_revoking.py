"""Revoking takes effect at once, for the members that were ticked, and is undone within an hour."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from clients.emergency import begin_emergency_access
from clients.merge.execute import Choices, merge
from clients.models import Client, ClientAccess, Release
from consent import actions
from tests.clients.merge.conftest import previewed
from tests.factories import ClientFactory, OrganizationFactory
from tests.pages import errors, messages, opened, send

Reason = Release.Reason


def url(name, *args):
    return reverse(f"consent:{name}", args=args)


@pytest.fixture
def together(family, answer, alice):
    """What John, Jane and Jimmy released together."""
    return actions.record_release(clients=family, answer=answer(), by=alice)


@pytest.fixture
def revoked(released, alice):
    return actions.revoke(releases=[released], reason=Reason.CLIENT, by=alice)[0]


def test_revoked_release_says_who_when_and_why(revoked, alice):
    revoked.refresh_from_db()
    assert (revoked.state, revoked.revoked_by) == (Release.State.REVOKED, alice)
    assert (revoked.revoked_reason, revoked.revoked_at) == (Reason.CLIENT, timezone.now())


def test_another_organization_loses_sight_at_once_in_an_open_session(
    portal, policy, john, released, alice, charlie
):
    policy("required")
    browser = portal(charlie)
    assert browser.get(john.get_absolute_url()).status_code == 200
    actions.revoke(releases=[released], reason=Reason.CLIENT, by=alice)
    assert browser.get(john.get_absolute_url()).status_code == 404
    assert browser.get(url("releases", john.pk)).status_code == 404


def test_page_revokes_for_who_is_ticked_of_those_who_answered_together(
    portal, alice, john, together
):
    johns, janes, jimmys = together
    page = url("revoke_release", john.pk, johns.pk)
    answer = send(portal(alice), page, follow=True, reason="client", others=[janes.pk])
    assert messages(answer) == ["Release revoked."]
    states = [Release.objects.get(pk=one.pk).state.value for one in (johns, janes, jimmys)]
    assert states == ["revoked", "revoked", "in_force"]


def test_page_says_which_other_releases_stay_in_force(
    portal, alice, john, answer, released, bridge
):
    (row,) = actions.record_release(clients=[john], answer=answer(covers=bridge), by=alice)
    page = portal(alice).get(url("revoke_release", john.pk, row.pk)).text
    assert "<strong>All organizations</strong> until it is revoked" in page
    actions.revoke(releases=[released], reason=Reason.CLIENT, by=alice)
    page = portal(alice).get(url("revoke_release", john.pk, row.pk)).text
    assert "stay in force" not in page


def test_reason_is_asked(portal, alice, john, released):
    page = url("revoke_release", john.pk, released.pk)
    assert errors(send(portal(alice), page)) == {"reason": ["Choose the reason."]}


def test_guardian_is_named_in_the_reason_of_a_minors_release(portal, alice, jimmy, together):
    form = opened(portal(alice).get(url("revoke_release", jimmy.pk, together[2].pk)))
    assert [value for value, _ in form.fields["reason"].choices] == ["guardian", "mistake"]


def test_refusal_is_only_ever_a_mistake(portal, alice, john, answer):
    refused = answer(kind=Release.Kind.REFUSED, witness=None)
    (row,) = actions.record_release(clients=[john], answer=refused, by=alice)
    with pytest.raises(ValidationError) as error:
        actions.revoke(releases=[row], reason=Reason.CLIENT, by=alice)
    assert error.value.message_dict == {"reason": [actions.STILL_REFUSED]}
    send(portal(alice), url("revoke_release", john.pk, row.pk))
    row.refresh_from_db()
    assert row.revoked_reason == Reason.MISTAKE


def test_release_that_was_replaced_by_a_refusal_counts_again_once_that_was_a_mistake(
    john, answer, released, alice
):
    refused = answer(kind=Release.Kind.REFUSED, witness=None)
    (row,) = actions.record_release(clients=[john], answer=refused, by=alice)
    actions.revoke(releases=[row], reason=Reason.MISTAKE, by=alice)
    released.refresh_from_db()
    assert released.state == Release.State.IN_FORCE


def test_page_names_what_a_mistake_brings_back(portal, alice, john, answer, released):
    for kind, witness in ((Release.Kind.VERBAL, answer().witness), (Release.Kind.REFUSED, None)):
        said = answer(kind=kind, witness=witness)
        (row,) = actions.record_release(clients=[john], answer=said, by=alice)
        page = portal(alice).get(url("revoke_release", john.pk, row.pk))
        assert [one.covers for one in page.context["back"]] == [""], kind
        assert "<strong>All organizations</strong> until it is revoked" in page.text, kind
    page = portal(alice).get(url("revoke_release", john.pk, released.pk), follow=True)
    assert "back" not in page.context


def test_mistake_is_said_only_where_it_was_recorded(
    portal, john, answer, released, harbor, alice, charlie
):
    page = url("revoke_release", john.pk, released.pk)
    form = opened(portal(charlie).get(page))
    assert [value for value, _ in form.fields["reason"].choices] == ["client"]
    sentence = actions.NOT_RECORDED_HERE.format(harbor)
    assert form.fields["reason"].help_text == sentence
    refused = answer(kind=Release.Kind.REFUSED, witness=None)
    (row,) = actions.record_release(clients=[john], answer=refused, by=alice)
    with pytest.raises(ValidationError) as error:
        actions.revoke(releases=[row], reason=Reason.MISTAKE, by=charlie)
    assert error.value.message_dict == {"reason": [sentence]}
    there = url("release", john.pk, row.pk)
    assert portal(charlie).get(url("revoke_release", john.pk, row.pk))["Location"] == there
    shown = portal(charlie).get(there).text
    assert f"{harbor} recorded this refusal." in shown
    assert "Revoke" not in shown
    assert "Revoke" in portal(alice).get(there).text


def test_second_one_to_revoke_is_refused(released, revoked, bob):
    with pytest.raises(ValidationError, match="has changed since"):
        actions.revoke(releases=[released], reason=Reason.CLIENT, by=bob)


def test_second_click_leads_to_the_release(portal, alice, john, revoked):
    answer = portal(alice).get(url("revoke_release", john.pk, revoked.pk))
    assert answer["Location"] == url("release", john.pk, revoked.pk)


def test_whoever_sees_the_client_may_record_the_revocation(released, charlie):
    actions.revoke(releases=[released], reason=Reason.CLIENT, by=charlie)
    released.refresh_from_db()
    assert released.revoked_by == charlie


def test_who_does_not_see_the_client_may_not(policy, john, answer, alice, charlie, cass):
    policy("required")
    covers = charlie.organizations[0]
    (row,) = actions.record_release(clients=[john], answer=answer(covers=covers), by=alice)
    with pytest.raises(PermissionDenied):
        actions.revoke(releases=[row], reason=Reason.CLIENT, by=cass)


def test_release_of_another_client_is_not_found_beneath_this_one(portal, alice, jane, released):
    for name in ("release", "revoke_release"):
        assert portal(alice).get(url(name, jane.pk, released.pk)).status_code == 404


def test_undo_brings_back_what_was_revoked_together(portal, alice, john, together):
    actions.revoke(releases=together[:2], reason=Reason.CLIENT, by=alice)
    answer = portal(alice).post(url("undo_revocation", together[0].pk), follow=True)
    assert messages(answer) == ["Undone: it counts again."]
    assert Release.objects.filter(revoked_at=None).count() == len(together)


def test_undo_works_for_who_lost_sight_by_the_revocation(portal, policy, john, released, charlie):
    policy("required")
    browser = portal(charlie)
    page = url("revoke_release", john.pk, released.pk)
    answer = send(browser, page, follow=True, reason="client")
    assert answer.redirect_chain[-1][0] == reverse("clients:find")
    assert "does not see this client any more" in messages(answer)[0]
    assert not Client.objects.visible_to(charlie).filter(pk=john.pk).exists()
    browser.post(url("undo_revocation", released.pk))
    assert Client.objects.visible_to(charlie).filter(pk=john.pk).exists()
    logged = ClientAccess.objects.filter(user=charlie, client=john, page="consent:undo_revocation")
    assert logged.exists()


def test_undo_is_refused_once_the_access_that_showed_the_client_has_ended(
    portal, policy, john, answer, alice, charlie
):
    policy("required")
    bridge = charlie.memberships.get()
    said = answer(covers=bridge.organization)
    (row,) = actions.record_release(clients=[john], answer=said, by=alice)
    browser = portal(charlie)
    send(browser, url("revoke_release", john.pk, row.pk), reason="client")
    charlie.memberships.create(organization=OrganizationFactory())
    bridge.delete()
    assert browser.post(url("undo_revocation", row.pk)).status_code == 403
    row.refresh_from_db()
    assert row.state == Release.State.REVOKED


def test_undo_is_for_who_revoked_it(portal, bob, revoked):
    assert portal(bob).post(url("undo_revocation", revoked.pk)).status_code == 404
    revoked.refresh_from_db()
    assert revoked.state == Release.State.REVOKED


def test_undo_is_refused_after_an_hour(portal, alice, revoked, time_machine):
    browser = portal(alice)
    time_machine.move_to(timezone.now() + timedelta(minutes=61), tick=False)
    assert browser.post(url("undo_revocation", revoked.pk)).status_code == 404


def test_undo_is_refused_once_the_client_has_answered_again(
    portal, alice, john, answer, revoked, time_machine
):
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    actions.record_release(clients=[john], answer=answer(), by=alice)
    page = portal(alice).post(url("undo_revocation", revoked.pk), follow=True)
    assert messages(page) == [f"It was not undone. {actions.LATER_ANSWER}"]
    revoked.refresh_from_db()
    assert revoked.state == Release.State.REVOKED


def test_undo_is_refused_once_the_client_was_merged(
    portal, alice, dana, john, revoked, time_machine
):
    time_machine.move_to(timezone.now() + timedelta(minutes=1), tick=False)
    other = ClientFactory(organization=john.organization, created_by=alice)
    choices = Choices(previewed(john, other, dana).digest, {}, {})
    merge(survivor=john.pk, gone=other.pk, choices=choices, by=dana)
    page = portal(alice).post(url("undo_revocation", revoked.pk), follow=True)
    assert messages(page) == [f"It was not undone. {actions.MERGED_SINCE}"]
    revoked.refresh_from_db()
    assert revoked.state == Release.State.REVOKED


def test_emergency_access_revokes_nothing_and_records_nothing(
    portal, settings, john, released, bridge, charlie
):
    settings.BREAK_GLASS = True
    Client.objects.filter(pk=john.pk).update(visibility="own")
    begin_emergency_access(
        client_id=john.pk, by=charlie, organization=bridge, reason="danger", explanation="At risk"
    )
    browser = portal(charlie)
    for name in ("add_release", "add_verbal", "add_refusal", "add_paper"):
        assert browser.get(url(name, john.pk)).status_code == 403, name
    assert browser.get(url("revoke_release", john.pk, released.pk)).status_code == 403
