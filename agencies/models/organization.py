"""Organizations, and who has access to them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from agencies.models.setup import SetUp
from agencies.models.sharing import Sharing, keeps_sharing_in_force, sharing_constraints
from records.breaks import marked
from records.history import tracked
from records.model_fields import KeyField


@tracked(by_time=True)
class Organization(SetUp):
    """HUD 2.01: an agency that runs projects and on whose behalf users work."""

    NAMES = ("organization_name", "organization_common_name")  # what a select is searched by
    organization_id = KeyField()
    organization_name = models.CharField(max_length=200)
    organization_common_name = models.CharField(max_length=200, blank=True)
    victim_service_provider = models.BooleanField(
        default=False,
        help_text="New clients of a victim service provider are seen by its own users only.",
    )
    allows_emergency_access = models.BooleanField(
        default=True,
        db_default=True,
        help_text=(
            "In an emergency others may read your restricted clients for some hours; you are "
            "notified. Never those of a victim service provider."
        ),
    )
    is_cas = models.BooleanField(
        "coordinated access",
        default=False,
        help_text="Runs the Coordinated Access System: its users see document checks.",
    )
    document_contact = models.CharField(
        "contact for Document Check",
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=(
            "Name, phone or e-mail of who takes papers for Document Check: users without access to "
            "it read it where they add a file. Left empty, the contact of Coordinated Access."
        ),
    )
    sharing = models.CharField(
        "sharing of its clients",
        max_length=8,
        choices=Sharing.choices,
        blank=True,
        default="",
        db_default="",
        help_text="Left empty, as the CoC shares. An agency may only share less.",
    )
    sharing_in_force = models.CharField(
        max_length=8, choices=Sharing.choices, default="open", db_default="open", editable=False
    )

    class Meta(SetUp.Meta):
        ordering = ["organization_name"]
        triggers = [*SetUp.Meta.triggers, keeps_sharing_in_force()]
        constraints = [
            *sharing_constraints(),
            models.CheckConstraint(
                name="organization_has_a_name",
                condition=Q(organization_name__length__gt=0),
                violation_error_message="Enter the organization's name.",
            ),
            models.UniqueConstraint(
                name="organization_name_once",
                fields=["organization_name"],
                condition=Q(~marked("organization_name_once"), date_deleted=None),
                violation_error_message="There is an organization of that name already.",
            ),
        ]

    def __str__(self) -> str:
        return self.organization_common_name or self.organization_name

    @property
    def takes_papers(self) -> str:
        """Who takes papers for Document Check from its users (R7.5); empty where nobody is named.

        Its own contact, or that of Coordinated Access, or at least what that one is called.
        """
        if self.document_contact:
            return self.document_contact
        cas = list(Organization.objects.filter(is_cas=True).order_by("pk"))
        contacts = filter(None, (one.document_contact for one in cas))
        return next(contacts, str(cas[0]) if cas else "")


models.CharField.register_lookup(Length)


class Role(models.TextChoices):
    CASE_MANAGER = "case_manager", "Case manager"
    DQO = "dqo", "Data Quality Officer"


@tracked(read_by=("user",), by_time=True)
class Membership(models.Model):
    """A user's access to one organization."""

    user = models.ForeignKey(
        "agencies.User", models.CASCADE, related_name="memberships", db_index=False
    )
    organization = models.ForeignKey(
        "agencies.Organization", models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CASE_MANAGER)
    may_reveal_ssn = models.BooleanField(
        "may reveal SSNs",
        default=True,
        db_default=True,
        help_text="Without it, this user sees the last four digits only.",
    )
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["organization__organization_name"]
        constraints = [
            models.UniqueConstraint(
                name="membership_once",
                fields=["user", "organization"],
                violation_error_message="This user already has access to that organization.",
            ),
            models.CheckConstraint(
                name="membership_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message="Choose case manager or Data Quality Officer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} at {self.organization}"

    @property
    def is_dqo(self) -> bool:
        return self.role == Role.DQO
