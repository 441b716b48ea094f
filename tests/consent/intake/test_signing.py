"""Signing in an intake: whose draft, which text, kept until Finish, sealed with it (R13.4)."""

import json
from datetime import timedelta

import pytest
import time_machine as clock
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.actions import end_sessions
from clients.models import Client, Release
from consent.intake import step
from consent.intake.answers import NO_MEMBER, UNUSED, UNUSED_PLACE
from consent.models import Signature, TemplateVersion
from consent.sealing.keys import NoSealError
from consent.signing.actions import ANSWERED_SINCE
from consent.signing.asked import SALT
from consent.texts.actions import retire
from enrollments.intake.draft.sections import Step
from enrollments.intake.finish import Refused
from enrollments.models import Enrollment
from files import store
from files.models import ClientFile
from records.models import Visibility
from tests.consent.factories import ReleaseFactory, published, revoked
from tests.consent.intake.conftest import STEP
from tests.consent.intake.test_step import SHOWN
from tests.enrollments.intake.conftest import Walk
from tests.factories import ClientFactory
from tests.pages import opened

pytestmark = pytest.mark.django_db
STROKES = json.dumps([[100, 500, 900, 300, 1800, 700], [400, 200, 400, 800]])


@pytest.fixture(scope="module")
def asked_once(lees_once) -> Walk:
    """An intake that has come as far as the release, and the text of it."""
    published(by=lees_once.alice)
    family = lees_once.ann, lees_once.ben, lees_once.cal
    return lees_once.enrolling(*family, relationships=SHOWN)


@pytest.fixture
def text(asked_once):
    return TemplateVersion.objects.get()


@pytest.fixture
def draft(asked_once):
    return asked_once.fresh()


@pytest.fixture
def family(walk, ann, ben, cal):
    return ann, ben, cal


def keys_in_store():
    return {key for folder in store.folders() for key in store.keys_in(folder)}


def test_button_keeps_the_step_and_leads_to_the_page_of_the_client(walk, family, signers):
    ann, ben, _ = family
    answers = {"sign": str(ann.pk), f"c{ben.pk}-kind": "refused", f"c{ann.pk}-kind": ""}
    assert walk.save(STEP, answers, button="sign")["Location"] == signers.url(ann)
    assert walk.fresh().answers.typed(STEP)[f"c{ben.pk}-kind"] == "refused"


@pytest.mark.parametrize("pressed", ["x", "-", "99999999999999999999", ""])
def test_button_of_nobody_leads_nowhere(walk, family, pressed):
    answer = walk.save(STEP, {"sign": pressed})
    assert answer.status_code in (200, 302)
    assert "/release/9" not in answer.get("Location", "")


def test_page_of_the_client_shows_the_text_and_nothing_of_the_portal(walk, family, signers):
    ann, *_ = family
    page = walk.browser.get(signers.url(ann)).content.decode()
    assert "Ann Lee and Cal Lee" in page
    for word in ("Ben Lee", "Favorites Menu", 'name="search"'):
        assert word not in page


@pytest.mark.parametrize(
    ("typed", "kind"),
    [({}, "typed"), ({"strokes": STROKES, "typed_name": "", "agrees": ""}, "signed")],
    ids=["typed", "drawn"],
)
def test_what_was_signed_is_kept_and_recorded_by_finish_with_a_sealed_copy(
    walk, family, signers, alice, typed, kind
):
    ann, ben, cal = family
    assert signers.sign(ann, **typed)["Location"] == signers.url(ann, "signed/")
    thanks = walk.browser.get(signers.url(ann, "signed/")).content.decode()
    assert walk.url(STEP) in thanks
    assert not Release.objects.exists()
    assert signers.summary()["Cal Lee"].startswith("Signed ")
    assert signers.summary()["Ben Lee"] == "Not asked yet"
    signers.finish(alice)
    releases = Release.objects.order_by("client")
    assert {row.client_id for row in releases} == {ann.pk, cal.pk}
    assert {row.kind for row in releases} == {kind}
    assert {row.text_hash for row in releases} == {Signature.objects.first().text_hash}
    assert Release.objects.get(client=cal).guardian_name == "Ann Lee"
    assert ClientFile.objects.filter(release__in=releases).count() == 2
    assert Enrollment.objects.filter(client=ben).exists()


def test_signature_has_the_moment_at_which_it_was_given(walk, family, signers, alice):
    with clock.travel(timezone.now(), tick=False):
        signed_at = timezone.now()
        signers.sign(family[0])
    with clock.travel(signed_at + timedelta(days=3), tick=False):
        signers.finish(alice)
    assert {row.signed_at for row in Signature.objects.all()} == {signed_at}
    days = set(Release.objects.values_list("answered_on", flat=True))
    assert days == {timezone.localdate(signed_at)}


@pytest.mark.parametrize(
    "typed",
    [
        {"typed_name": ""},
        {"agrees": ""},
        {"strokes": "[[1,1]]"},
        {"strokes": "[[1,"},
        {"strokes": "x" * 50_000},
        {"strokes": '[["a", 1]]'},
    ],
)
def test_half_a_signature_is_refused_on_the_page_of_the_client(walk, family, signers, typed):
    page = signers.sign(family[0], **typed)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not walk.fresh().answers.signatures


def test_child_whose_guardian_is_no_member_is_signed_for_by_name(walk, family, signers, alice):
    *_, cal = family
    walk.save(STEP, {f"c{cal.pk}-guardian": "0"}, button="copy")
    assert signers.sign(cal, guardian_name="").status_code == 200
    signers.sign(cal, guardian_name="Gloria Guardian", typed_name="Gloria Guardian")
    signers.finish(alice)
    row = Release.objects.get()
    assert (row.client, row.guardian_name) == (cal, "Gloria Guardian")


def test_new_guardian_has_to_sign_again(walk, family, signers):
    ann, ben, cal = family
    signers.sign(ann)
    walk.save(STEP, {f"c{cal.pk}-guardian": str(ben.pk)}, button="copy")
    (error,) = walk.see(Step.REVIEW).context["errors"]
    assert error.address == f"{walk.url(STEP)}#sign-{ann.pk}"
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    walk.save(STEP, {"sign": f"-{ann.pk}", f"c{cal.pk}-guardian": str(ben.pk)}, button="sign")
    assert walk.fresh().answers.signatures == {}
    assert not walk.see(Step.REVIEW).context["errors"]


def test_text_that_followed_changes_nothing_of_what_was_signed(walk, family, signers, alice):
    signers.sign(family[0])
    published(by=alice)
    assert signers.summary()["Ann Lee"].startswith("Signed ")
    signers.finish(alice)
    assert {row.version.number for row in Signature.objects.all()} == {1}


def test_signature_waits_with_the_draft_for_longer_than_a_page_may(walk, family, signers, alice):
    signers.sign(family[0])
    with clock.travel(timezone.now() + timedelta(days=2), tick=False):
        signers.finish(alice)
    assert Release.objects.count() == 2


def test_page_that_was_open_for_too_long_is_read_again(walk, family, signers):
    sealed = walk.browser.get(signers.url(family[0])).context["form"]["asked_for"].value()
    content = signing.loads(sealed, salt=SALT)
    with clock.travel(timezone.now() - timedelta(hours=13), tick=False):
        old = signing.dumps(content, salt=SALT)
    answer = signers.sign(family[0], asked_for=old)
    assert "open for too long" in answer.content.decode()
    assert not walk.fresh().answers.signatures


def test_page_of_somebody_else_signs_nothing(walk, family, signers, portal, bob):
    ann, *_ = family
    sealed = walk.browser.get(signers.url(ann)).context["form"]["asked_for"].value()
    content = signing.loads(sealed, salt=SALT) | {"by": bob.pk}
    forged = signing.dumps(content, salt=SALT)
    signers.sign(ann, asked_for=forged)
    assert not walk.fresh().answers.signatures


def test_draft_of_a_colleague_is_not_there(walk, family, signers, portal, bob, charlie):
    for user in (bob, charlie):
        browser = portal(user)
        for tail in ("", "signed/"):
            assert browser.get(signers.url(family[0], tail)).status_code == 404
        assert browser.post(signers.url(family[0])).status_code == 404


def test_who_does_not_sign_has_no_page(walk, family, signers, alice):
    *_, cal = family
    assert walk.browser.get(signers.url(cal)).status_code == 404  # Ann signs for Cal
    signers.finish(alice)
    assert walk.browser.get(signers.url(family[0])).status_code == 404


def test_page_without_a_text_leads_back(walk, family, signers, text, alice):
    retire(version=text, by=alice)
    assert walk.browser.get(signers.url(family[0]))["Location"] == walk.url(STEP)


def test_thanks_come_after_a_signature_alone(walk, family, signers):
    answer = walk.browser.get(signers.url(family[0], "signed/"))
    assert answer["Location"] == walk.url(STEP)


def test_language_that_is_signed_is_chosen_on_the_page(walk, family, signers):
    page = walk.browser.get(signers.url(family[0]) + "?language=es")
    assert page.context["shown"].language == "es"
    assert [one["chosen"] for one in page.context["languages"]] == [False, True]
    odd = walk.browser.get(signers.url(family[0]) + "?language=xx")
    assert odd.context["shown"].language == "en"


def test_nothing_is_finished_where_nothing_can_be_sealed(walk, family, signers, settings):
    signers.sign(family[0])
    settings.RELEASE_SEAL_KEY = settings.RELEASE_SEAL_CERTIFICATE = ""
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    assert not Enrollment.objects.exists()
    assert walk.see(STEP).context["no_seal"]


def test_copies_are_taken_back_where_finish_is_refused(walk, family, signers, alice, monkeypatch):
    signers.sign(family[0])

    made, before = [], keys_in_store()

    def refuse(**_):
        made.append(keys_in_store())
        raise NoSealError("No.")

    monkeypatch.setattr(step, "sign", refuse)
    with pytest.raises(NoSealError):
        signers.finish(alice)
    assert made[0] > before
    assert keys_in_store() == before
    assert not Enrollment.objects.exists()


@pytest.mark.parametrize("since", ["released", "restricted"])
def test_signature_of_who_is_not_asked_any_more_is_not_dropped_in_silence(
    walk, family, signers, alice, since
):
    ann, _, cal = family
    signers.sign(ann)
    if since == "released":
        for client in (ann, cal):
            ReleaseFactory(client=client)
    else:
        Client.objects.filter(pk=ann.pk).update(visibility=Visibility.OWN_ORGANIZATION)
    recorded = Release.objects.count()
    (error,) = walk.see(Step.REVIEW).context["errors"]
    assert (error.text, error.who) == (UNUSED, "Ann Lee")
    assert error.address == f"{walk.url(STEP)}#{UNUSED_PLACE}"
    assert walk.finish()["Location"] == walk.url(Step.REVIEW)
    assert not Enrollment.objects.exists()
    assert f'id="{UNUSED_PLACE}"' in walk.see(STEP).content.decode()
    walk.save(STEP, {"sign": f"-{ann.pk}"}, button="sign")
    signers.finish(alice)
    assert Release.objects.count() == recorded
    assert Enrollment.objects.count() == 3


def test_signature_that_would_be_lost_is_not_written_past_review(walk, family, signers, alice):
    ann, *_ = family
    signers.sign(ann)
    draft = walk.fresh()
    found = step.ReleaseStep(draft, [])
    with pytest.raises(ValidationError, match=UNUSED[:30]):
        found.write({}, by=alice)
    assert found.found.unused == [(ann.pk, NO_MEMBER)]


@pytest.mark.parametrize("what", ["refused", "revoked"])
def test_what_the_client_answered_or_revoked_since_is_not_undone_by_an_earlier_signature(
    walk, family, signers, alice, what
):
    ann, *_ = family
    earlier = ReleaseFactory(client=ann, ends_on=timezone.localdate() + timedelta(days=9))
    signers.sign(ann)
    with clock.travel(timezone.now() + timedelta(hours=1), tick=False):
        if what == "refused":
            ReleaseFactory(client=ann, refused=True)
        else:
            revoked(earlier)
        with pytest.raises(Refused) as refusal:
            signers.finish(alice)
    assert ANSWERED_SINCE in refusal.value.texts
    assert not Release.objects.filter(kind="typed").exists()


def test_merged_client_is_asked_again(walk, family, signers, harbor, alice, merged):
    _, ben, _ = family
    signers.sign(ben, typed_name="Ben Lee")
    survivor = ClientFactory(
        organization=harbor, created_by=alice, first_name="Benjamin", last_name="Lee", dob=ben.dob
    )
    merged(survivor, ben)
    assert signers.summary()["Benjamin Lee"] == "Not asked yet"
    (error,) = walk.see(Step.REVIEW).context["errors"]
    assert (error.text, error.who) == (UNUSED, NO_MEMBER)


def test_finished_draft_keeps_no_signature(walk, family, signers, alice):
    signers.sign(family[0])
    assert signers.finish(alice).answers_json == ""


def test_signature_after_the_end_of_the_session_is_asked_again(walk, family, signers, alice):
    ann, *_ = family
    browser = walk.browser
    asked_for = opened(browser.get(signers.url(ann)))["asked_for"].value()
    end_sessions(user=alice)
    signed = {"asked_for": asked_for, "typed_name": "Ann Lee", "agrees": "on"}
    to_log_in = browser.post(signers.url(ann), signed)
    assert to_log_in["Location"].endswith(f"next={signers.url(ann)}")
    browser.force_login(alice)
    assert "The signature was not saved" in browser.get(signers.url(ann)).text
    assert signers.sign(ann)["Location"] == signers.url(ann, "signed/")
