"""Versions of a text: drafted, published once and for all, retired; two officers at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import Error, IntegrityError, transaction

from consent.models import ReleaseTemplate, TemplateText, TemplateVersion
from consent.signing.asked import version_for
from consent.texts import actions
from consent.texts.samples import samples
from records.constraints import constraint_name
from tests.consent.factories import ReleaseTemplateFactory
from tests.waits import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(dana):
    """The text of the CoC, without a version."""
    return ReleaseTemplateFactory(organization=None, created_by=dana)


def drafted(template, by):
    return actions.start_draft(template=template, by=by)


def published(template, by, draft=None):
    draft = draft or drafted(template, by)
    return actions.publish(version=draft, seen_as=actions.seen(draft), by=by)


def refused_by(write) -> str:
    with pytest.raises(Error) as refused, transaction.atomic():
        write()
    return constraint_name(refused.value)


def test_first_draft_is_the_sample_and_marked_as_one(template, dana):
    draft = drafted(template, dana)
    assert (draft.is_draft, draft.is_sample, draft.number) == (True, True, None)
    assert {one.language: one.text for one in draft.texts.all()} == {
        language: one["text"] for language, one in samples().items()
    }


def test_next_draft_has_the_texts_of_the_version_before(template, dana):
    first = published(template, dana)
    draft = drafted(template, dana)
    assert [(one.language, one.text) for one in draft.texts.all()] == [
        (one.language, one.text) for one in first.texts.all()
    ]


def test_one_draft_at_a_time(template, dana):
    drafted(template, dana)
    with pytest.raises(ValidationError) as refused:
        drafted(template, dana)
    assert refused.value.messages == ["There is a draft already. Go on with that one."]


def test_publishing_numbers_the_draft_and_retires_the_version_before(template, dana):
    first, second = published(template, dana), published(template, dana)
    first.refresh_from_db()
    assert (first.number, second.number) == (1, 2)
    assert (first.state, second.state) == ("Retired", "In force")
    assert (first.retired_by, second.published_by) == (dana, dana)


def test_text_that_the_sealed_copy_cannot_show_is_not_published(template, dana):
    draft = drafted(template, dana)
    draft.texts.filter(language="en").update(text="Yes \U00012000")
    with pytest.raises(ValidationError, match="\U00012000"):
        published(template, dana, draft)


def test_what_was_changed_since_it_was_looked_through_is_not_published(template, dana):
    draft = drafted(template, dana)
    seen = actions.seen(draft)
    draft.texts.filter(language="en").update(text="Another text")
    with pytest.raises(ValidationError) as refused:
        actions.publish(version=draft, seen_as=seen, by=dana)
    assert refused.value.messages == [actions.CHANGED]
    draft.refresh_from_db()
    assert draft.is_draft


def test_draft_without_a_text_is_not_published(template, dana):
    draft = drafted(template, dana)
    draft.texts.all().delete()
    with pytest.raises(ValidationError) as refused:
        published(template, dana, TemplateVersion.objects.get(pk=draft.pk))
    assert refused.value.messages == [actions.NO_TEXT]


def test_published_version_never_changes(template, dana):
    version = published(template, dana)
    rows = TemplateVersion.objects.filter(pk=version.pk)
    for change in ({"months": 3}, {"is_sample": False}, {"number": 9}, {"published_at": None}):
        assert refused_by(lambda change=change: rows.update(**change)) == (
            "published_version_never_changes"
        )
    assert refused_by(rows.delete) in {
        "published_version_is_never_deleted",
        "published_text_never_changes",
    }


def test_text_of_a_published_version_never_changes(template, dana):
    version = published(template, dana)
    texts = TemplateText.objects.filter(version=version)
    more = TemplateText(version=version, language="vi", title="x", text="x")
    for write in (lambda: texts.update(text="x"), texts.delete, more.save):
        assert refused_by(write) == "published_text_never_changes"


def test_text_does_not_move_into_a_published_version(template, dana):
    version, draft = published(template, dana), drafted(template, dana)
    text = TemplateText.objects.create(version=draft, language="vi", title="x", text="x")
    moved = TemplateText.objects.filter(pk=text.pk)
    assert refused_by(lambda: moved.update(version=version)) == "published_text_never_changes"


def test_retired_version_is_not_asked_for_and_stays(template, dana, harbor):
    version = published(template, dana)
    actions.retire(version=version, by=dana)
    assert version_for(harbor) is None
    version.refresh_from_db()
    assert (version.state, version.retired_by) == ("Retired", dana)
    with pytest.raises(ValidationError) as refused:
        actions.retire(version=version, by=dana)
    assert refused.value.messages == [actions.NOT_IN_FORCE]
    rows = TemplateVersion.objects.filter(pk=version.pk)
    assert refused_by(lambda: rows.update(retired_at=None, retired_by=None))


def test_number_of_a_retired_version_is_not_given_again(template, dana):
    actions.retire(version=published(template, dana), by=dana)
    assert published(template, dana).number == 2


def test_discarded_draft_leaves_room_for_another(template, dana):
    draft = drafted(template, dana)
    actions.discard_draft(version=draft)
    assert not TemplateText.objects.exists()
    assert drafted(template, dana).pk != draft.pk


def test_published_version_is_not_discarded(template, dana):
    with pytest.raises(ValidationError) as refused:
        actions.discard_draft(version=published(template, dana))
    assert refused.value.messages == [actions.IS_PUBLISHED]


def test_own_text_of_an_organization_goes_before_that_of_the_coc(template, dana, harbor, bridge):
    of_all = published(template, dana)
    own = published(ReleaseTemplateFactory(organization=harbor, created_by=dana), dana)
    assert version_for(harbor) == own
    assert version_for(bridge) == of_all
    actions.retire(version=own, by=dana)
    assert version_for(harbor) == of_all


@pytest.mark.parametrize("organization", ["coc", "harbor"])
def test_one_text_for_an_organization_and_one_for_the_coc(harbor, dana, organization):
    owner = harbor if organization == "harbor" else None
    ReleaseTemplate.objects.create(organization=owner, created_by=dana)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ReleaseTemplate.objects.create(organization=owner, created_by=dana)
    assert constraint_name(refused.value) == "release_template_once"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_one_draft_the_second_is_told(dana, alice):
    template = ReleaseTemplateFactory(organization=None, created_by=dana)
    draft = drafted(template, dana)
    seen = actions.seen(draft)

    def publish(by):
        return lambda: actions.publish(version=draft, seen_as=seen, by=by)

    outcomes = at_once(publish(dana), publish(alice), refusal=ValidationError)
    refused = [one for one in outcomes if isinstance(one, ValidationError)]
    assert [one.messages for one in refused] == [[actions.IS_PUBLISHED]]
    assert TemplateVersion.objects.in_force().get().number == 1
