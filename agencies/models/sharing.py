"""How much agencies share of their clients without a release of information (13.2)."""

from operator import attrgetter
from typing import Self

import pgtrigger
from django.db import models
from django.db.models import Q

from records.history import tracked
from records.model_fields import protected


class Sharing(models.TextChoices):
    """From what shares most to what shares least."""

    OPEN = "open", "Open"
    PARTS = "parts", "Consent for parts"
    REQUIRED = "required", "Consent required"

    @property
    def strictness(self) -> int:
        return list(Sharing).index(self)

    @property
    def meaning(self) -> str:
        return MEANINGS[self]

    @classmethod
    def strictest(cls, *policies: str) -> "Sharing":
        """Of several; an empty one is no choice."""
        return max(map(cls, filter(None, policies)), key=attrgetter("strictness"), default=cls.OPEN)

    @classmethod
    def stricter_than(cls, other: str) -> "list[Sharing]":
        """What an agency may choose where the CoC has chosen another."""
        return [one for one in cls if one.strictness > cls(other).strictness]


MEANINGS = {
    Sharing.OPEN: "Every organization sees what an agency does not restrict.",
    Sharing.PARTS: (
        "Every organization sees who a client is. The address, the full SSN, enrollments, files "
        "and other records are seen by those that a release of information covers."
    ),
    Sharing.REQUIRED: (
        "Only organizations that a release of information covers, or that serve the client, see "
        "who a client is; other records are seen by those that a release covers."
    ),
}
# In force is the stricter one of the CoC's policy and the own choice, whoever writes either.
IN_FORCE = """
    SELECT policy INTO common FROM agencies_sharingpolicy FOR SHARE;
    NEW.sharing_in_force = CASE
        WHEN 'required' IN (NEW.sharing, COALESCE(common, '')) THEN 'required'
        WHEN 'parts' IN (NEW.sharing, COALESCE(common, '')) THEN 'parts'
        ELSE 'open'
    END;
    RETURN NEW;
"""
OF_ORGANIZATIONS = """
    UPDATE agencies_organization SET sharing = sharing;
    RETURN NULL;
"""


def keeps_sharing_in_force() -> pgtrigger.Trigger:
    """For the table of organizations: a new one and one that chooses have what is in force."""
    return pgtrigger.Trigger(
        name="keeps_sharing_in_force",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("sharing", "sharing_in_force"),
        declare=[("common", "text")],
        func=IN_FORCE,
    )


def sharing_constraints() -> list[models.CheckConstraint]:
    """For the table of organizations: what is chosen is known, and no less strict in force."""
    return [
        models.CheckConstraint(
            name="organization_sharing_is_known",
            condition=Q(sharing__in=["", "open", "parts", "required"]),
            violation_error_message="Choose open, consent for parts, or consent required.",
        ),
        models.CheckConstraint(
            name="organization_sharing_in_force",
            condition=Q(sharing_in_force__in=["open", "parts", "required"])
            & (~Q(sharing="parts") | Q(sharing_in_force__in=["parts", "required"]))
            & (~Q(sharing="required") | Q(sharing_in_force="required")),
            violation_error_message="An agency shares no more than it has chosen.",
        ),
    ]


class SharingPolicyQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The one row; a migration wrote it."""
        return self.filter(pk=SharingPolicy.ONLY)


@tracked()
class SharingPolicy(models.Model):
    """The CoC's policy, one row: administrators change it (`agencies.sharing`)."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    policy = models.CharField(
        max_length=8, choices=Sharing.choices, default=Sharing.OPEN, db_default="open"
    )
    date_updated = models.DateTimeField(auto_now=True)
    updated_by = protected("agencies.User", null=True, editable=False, db_index=False)

    objects = SharingPolicyQuerySet.as_manager()

    class Meta:
        verbose_name = "sharing policy"
        verbose_name_plural = "sharing policy"
        constraints = [
            models.CheckConstraint(
                name="sharing_policy_once",
                condition=Q(id=1),
                violation_error_message="The CoC has one sharing policy.",
            ),
            models.CheckConstraint(
                name="sharing_policy_is_known",
                condition=Q(policy__in=["open", "parts", "required"]),
                violation_error_message="Choose open, consent for parts, or consent required.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="organizations_follow",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("policy"),
                func=OF_ORGANIZATIONS,
            ),
        ]

    def __str__(self) -> str:
        return Sharing(self.policy).label
