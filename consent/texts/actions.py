"""Drafts of release texts, and their publication."""

import hashlib
import json
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils import timezone

from agencies.models import User
from consent.models import ReleaseTemplate, TemplateText, TemplateVersion
from consent.texts.samples import samples
from records.constraints import constraint_messages

CHANGED = "Somebody changed the draft since. Look through it again, and publish it then."
IS_PUBLISHED = "This draft was published or deleted since."
NO_TEXT = "Enter a text in at least one language first."
NOT_IN_FORCE = "This version is not in force any more."
NO_FONT = "The sealed copy cannot show these characters: {}. Write the text without them."
SAMPLE_MONTHS = 12
Texts = Mapping[str, Mapping[str, str]]  # title and text, by the tag of the language


@constraint_messages()
def start_draft(*, template: ReleaseTemplate, by: User) -> TemplateVersion:
    """Begin the next version: with the texts of the one before, or else with the samples.

    Raises:
        ValidationError: where there is a draft already.
    """
    _lock(template)
    latest = template.versions.filter(published_at__isnull=False).order_by("-number").first()
    draft = TemplateVersion(template=template, is_sample=True, months=SAMPLE_MONTHS)
    if latest:
        draft.is_sample, draft.months = latest.is_sample, latest.months
    draft.stamp(by=by)
    draft.save(force_insert=True)
    texts = latest and {one.language: one for one in latest.texts.all()}
    TemplateText.objects.bulk_create(
        TemplateText(version=draft, language=language, title=one.title, text=one.text)
        for language, one in (texts or {}).items()
    )
    if not latest:
        TemplateText.objects.bulk_create(
            TemplateText(version=draft, language=language, **sample)
            for language, sample in samples().items()
        )
    return draft


def seen(version: TemplateVersion) -> str:
    """Differs after every change of a draft: who publishes it says what was looked through."""
    texts = [[one.language, one.title, one.text] for one in version.in_order]
    content = json.dumps([version.pk, version.months, version.is_sample, texts])
    return hashlib.sha256(content.encode()).hexdigest()


@constraint_messages()
def publish(*, version: TemplateVersion, seen_as: str, by: User) -> TemplateVersion:
    """Give a draft its number and put it into force in place of the version before.

    Whoever reads the one before at this moment may still sign it.

    Args:
        seen_as: what `seen` said of the draft when it was looked through.

    Raises:
        ValidationError: where somebody else changed or published it meanwhile, it has no text, or
            the copy that is sealed could not be read, as no font has its characters.
    """
    from casenotes.pdf import drawable  # noqa: PLC0415 -- 0.2 s at the start of every command

    template = _lock(version.template)
    draft = template.versions.select_for_update().filter(pk=version.pk, published_at=None).first()
    if draft is None:
        raise ValidationError(IS_PUBLISHED, code="stale")
    if seen(draft) != seen_as:
        raise ValidationError(CHANGED, code="stale")
    if not draft.in_order:
        raise ValidationError(NO_TEXT, code="no_text")
    used = {char for one in draft.in_order for char in one.title + one.text}
    if lacking := sorted(char for char in used if drawable(char) != char):
        raise ValidationError(NO_FONT.format(", ".join(lacking)), code="no_font")
    now = timezone.now()
    before = template.versions.filter(published_at__isnull=False)
    before.filter(retired_at=None).update(retired_at=now, retired_by=by)
    numbers = before.order_by("-number").values_list("number", flat=True)
    draft.number = (numbers.first() or 0) + 1
    draft.published_at, draft.published_by = now, by
    draft.save(update_fields=["number", "published_at", "published_by"])
    return draft


@constraint_messages()
def retire(*, version: TemplateVersion, by: User) -> None:
    """Ask nobody to sign a version any more. What was signed with it stays in force.

    Raises:
        ValidationError: where somebody else did it meanwhile, or published the next one.
    """
    _lock(version.template)
    rows = TemplateVersion.objects.in_force().filter(pk=version.pk)
    if not rows.update(retired_at=timezone.now(), retired_by=by):
        raise ValidationError(NOT_IN_FORCE, code="stale")


@constraint_messages()
def discard_draft(*, version: TemplateVersion) -> None:
    """Delete a draft; its history is kept.

    Raises:
        ValidationError: where it was published meanwhile.
    """
    _lock(version.template)
    draft = TemplateVersion.objects.filter(pk=version.pk, published_at=None).first()
    if draft is None:
        raise ValidationError(IS_PUBLISHED, code="stale")
    draft.delete()


def _lock(template: ReleaseTemplate) -> ReleaseTemplate:
    """One at a time writes the versions of a template."""
    return ReleaseTemplate.objects.select_for_update().get(pk=template.pk)
