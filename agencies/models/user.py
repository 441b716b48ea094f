from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from agencies.history import tracked
from agencies.models.membership import Membership
from agencies.models.organization import Organization
from agencies.querysets import UserQuerySet

if TYPE_CHECKING:
    from agencies.models.record import Record


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email, password=None, **fields):  # type: ignore[override]
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):  # type: ignore[override]
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        return self.get(email=str(username).lower())


@tracked(exclude=["password", "last_login", "pinned"])
class User(AbstractUser):
    """Somebody who works in the HMIS and logs in with the work e-mail."""

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail", unique=True)
    pinned = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, editable=False, size=30
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()  # type: ignore[misc,assignment]

    class Meta:
        ordering = ["last_name", "first_name", "email"]
        constraints = [
            models.CheckConstraint(
                name="user_email_is_lower_case",
                condition=Q(email=Lower(F("email"))),
                violation_error_message="Write the e-mail address in small letters.",
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def save(self, **kwargs):
        self.email = self.email.lower()
        super().save(**kwargs)

    def clean(self):
        self.email = self.email.lower()

    @cached_property
    def access(self) -> dict[int, Membership]:
        """This user's memberships by organization id, read once per request.

        An administrator (superuser) has access to every organization as its DQO.
        """
        if not self.is_superuser:
            rows = self.memberships.select_related("organization")
        else:
            rows = [
                Membership(user=self, organization=organization, role="dqo")
                for organization in Organization.objects.all()
            ]
        return {row.organization_id: row for row in rows}

    @property
    def organizations(self) -> list[Organization]:
        return [membership.organization for membership in self.access.values()]

    @property
    def dqo_organizations(self) -> list[int]:
        """The ids of the organizations whose data quality this user looks after."""
        return [pk for pk, membership in self.access.items() if membership.is_dqo]

    @property
    def has_cas_access(self) -> bool:
        """Whether this user works for a Coordinated Access organization."""
        return any(one.is_cas for one in self.organizations)

    def may_change(self, record: "Record") -> bool:
        """Records are changed by users of the organization that they were filed under."""
        return record.organization_id in self.access
