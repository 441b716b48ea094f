"""What clients are asked to sign: the texts of an organization, in numbered versions."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from consent.languages import Language
from records.checks import SelfChecked
from records.history import tracked
from records.model_fields import protected

if TYPE_CHECKING:
    from agencies.models import Organization, User
    from consent.models.texts import TemplateText

MOST_MONTHS = 120  # as long as a release lasts (LONGEST_TERM)
STAYS = """
    old_row := OLD;
    new_row := NEW;
    new_row.retired_at := old_row.retired_at;
    new_row.retired_by_id := old_row.retired_by_id;
    IF OLD.retired_at IS NULL AND new_row IS NOT DISTINCT FROM old_row THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'A published version never changes. Start a draft.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_never_changes';
"""
IS_NEVER_DELETED = """
    RAISE EXCEPTION 'A published version is never deleted. Retire it.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_is_never_deleted';
"""


def _by(**options) -> models.ForeignKey:
    """Who did it."""
    return protected("agencies.User", editable=False, db_index=False, **options)


@tracked(read_by=())
class ReleaseTemplate(SelfChecked):
    """The texts of one organization, or those of the CoC for all that have none of their own."""

    organization = models.ForeignKey(
        "agencies.Organization",
        on_delete=models.PROTECT,
        related_name="release_templates",
        null=True,
        blank=True,
        db_index=False,
        help_text="Left empty, it is the text of the CoC, for every organization without its own.",
    )
    date_created = models.DateTimeField(default=timezone.now, editable=False)
    created_by = _by()

    class Meta:
        verbose_name = "release text"
        constraints = [
            models.UniqueConstraint(
                Coalesce("organization", 0),
                name="release_template_once",
                violation_error_message="This organization has its text already. Open that one.",
            ),
        ]

    def __str__(self) -> str:
        return f"Release of Information, {self.organization or 'all of the CoC'}"

    @property
    def in_force(self) -> "TemplateVersion | None":
        return next((one for one in self.versions.all() if one.is_in_force), None)

    @property
    def draft(self) -> "TemplateVersion | None":
        return next((one for one in self.versions.all() if one.is_draft), None)


class TemplateVersionQuerySet(models.QuerySet):
    def in_force(self) -> Self:
        """Those that clients are asked to sign now."""
        return self.filter(published_at__isnull=False, retired_at=None)

    def shown_at(self, moment: datetime) -> Self:
        """Those that clients were asked to sign at a moment, whatever followed since."""
        lasted = Q(retired_at=None) | Q(retired_at__gte=moment)
        return self.filter(lasted, published_at__lte=moment)

    def with_texts(self) -> Self:
        return self.select_related("template__organization").prefetch_related("texts")

    def for_organization(self, organization: "Organization") -> Self:
        """The organization's own before that of the CoC."""
        is_its = Q(template__organization=organization) | Q(template__organization=None)
        own_first = models.F("template__organization").asc(nulls_last=True)
        return self.filter(is_its).order_by(own_first, "-number")


@tracked(read_by=("template",))
class TemplateVersion(SelfChecked):
    """One version of a template, in all its languages: a draft, then published, then retired.

    What is published never changes, so that what a client signed stays what it was.

    Attributes:
        number: within its template; a draft has none.
        months: how long a release lasts that is signed with it.
        is_sample: nobody has approved the text yet; whoever reads it sees that.
        retired_at: from when nobody is asked to sign it any more, as of a version that follows.
    """

    template = models.ForeignKey(
        ReleaseTemplate,
        on_delete=models.PROTECT,
        related_name="versions",
        editable=False,
        db_index=False,  # a constraint begins with it
    )
    number = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    months = models.PositiveSmallIntegerField(
        "Lasts (months)",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_MONTHS)],
        help_text="From the day on which it is signed. Left empty, until it is revoked.",
    )
    is_sample = models.BooleanField(
        "Sample text",
        default=False,
        help_text="Clients see that it is a sample. Untick it when your CoC has approved the text.",
    )
    date_created = models.DateTimeField(default=timezone.now, editable=False)
    created_by = _by()
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = _by(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_by = _by(null=True, blank=True)

    objects = TemplateVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "version of a release text"
        verbose_name_plural = "versions of a release text"
        ordering = [models.F("number").desc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                name="template_version_number_once",
                fields=["template", "number"],
                violation_error_message="Somebody else published that number. Publish again.",
            ),
            models.UniqueConstraint(
                name="template_version_one_draft",
                fields=["template"],
                condition=Q(published_at=None),
                violation_error_message="There is a draft already. Go on with that one.",
            ),
            models.UniqueConstraint(
                name="template_version_one_in_force",
                fields=["template"],
                condition=Q(published_at__isnull=False, retired_at=None),
                violation_error_message="Another version is in force. Retire that one first.",
            ),
            models.CheckConstraint(
                name="template_version_published_by_somebody",
                condition=Q(number=None, published_at=None, published_by=None)
                | Q(
                    number__isnull=False,
                    published_at__isnull=False,
                    published_by__isnull=False,
                ),
                violation_error_message="What is published has a number, a user and a moment.",
            ),
            models.CheckConstraint(
                name="template_version_retired_by_somebody",
                condition=Q(retired_at=None, retired_by=None)
                | Q(
                    retired_at__isnull=False,
                    retired_by__isnull=False,
                    published_at__isnull=False,
                ),
                violation_error_message="A version is retired after it was published, by a user.",
            ),
            models.CheckConstraint(
                name="template_version_lasts",
                condition=Q(months=None) | Q(months__gte=1, months__lte=MOST_MONTHS),
                violation_error_message=f"Enter 1 to {MOST_MONTHS} months, or nothing.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="published_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False),
                declare=[
                    ("old_row", "consent_templateversion"),
                    ("new_row", "consent_templateversion"),
                ],
                func=STAYS,
            ),
            pgtrigger.Trigger(
                name="published_is_never_deleted",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
                func=IS_NEVER_DELETED,
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}" if self.number else "Draft"

    @property
    def is_draft(self) -> bool:
        return self.published_at is None

    @property
    def is_in_force(self) -> bool:
        return self.published_at is not None and self.retired_at is None

    @property
    def state(self) -> str:
        if self.is_draft:
            return "Draft"
        return "In force" if self.is_in_force else "Retired"

    @property
    def in_order(self) -> list["TemplateText"]:
        """Its texts, English first."""
        return sorted(self.texts.all(), key=lambda one: Language(one.language).place)

    @property
    def languages(self) -> str:
        return ", ".join(one.get_language_display() for one in self.in_order)

    def stamp(self, *, by: "User") -> None:
        """Note who begins this row."""
        if self._state.adding:
            self.created_by = by
