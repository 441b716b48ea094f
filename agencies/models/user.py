from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractUser
from django.contrib.auth.models import UserManager as DjangoUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Lower, Now, Replace
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from agencies.models.organization import Membership, Organization
from records import clock
from records.history import tracked
from records.model_fields import KeyField
from records.querysets import UNDO_FOR

if TYPE_CHECKING:
    from records.models import Record


def _is_member(**conditions: Any) -> Exists:
    rows = Membership.objects.filter(user=OuterRef("pk"), **conditions)
    return Exists(rows.order_by())


class UserQuerySet(models.QuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_access_to(self, organization: Organization | int) -> Self:
        """Active users who are members of the organization."""
        return self.active().filter(memberships__organization=organization)

    def with_access(self, **to: Any) -> Self:
        """Active users who are members of some organization: every one may be a case manager."""
        return self.active().filter(_is_member(**to))

    def officers_of(self, organizations: list[int]) -> Self:
        """The active Data Quality Officers of these organizations."""
        return self.active().filter(_is_member(organization__in=organizations, role="dqo"))

    def known_to(self, officer: "User") -> Self:
        """Users with access to an organization of the officer's; never an administrator."""
        is_member = _is_member(organization__in=officer.dqo_organizations)
        return self.filter(is_member, is_superuser=False)

    def managed_by(self, officer: "User") -> Self:
        """Those of them whose home organization is one of the officer's (docs/adr/0032).

        It is the one that they joined first: joining another one later takes nothing from it.
        """
        joined = Membership.objects.filter(user=OuterRef("pk")).order_by("date_created", "pk")
        home = Subquery(joined.values("organization")[:1])
        rows = self.known_to(officer).annotate(home_organization=home)
        return rows.filter(home_organization__in=officer.dqo_organizations)

    def named(self, name: str) -> Self:
        """Match each word of `name` by prefix with the first or last name, or the e-mail."""
        rows = self
        for word in name.split():
            rows = rows.filter(
                Q(first_name__unaccent__istartswith=word)
                | Q(last_name__unaccent__istartswith=word)
                | Q(last_name__unaccent__icontains=f" {word}")
                | Q(email__istartswith=word)
            )
        return rows


class UserManager(DjangoUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username):
        return self.get(email=str(username).lower())


SESSION_SALT = "agencies.User.sessions"
SECOND_FACTOR_RESET = "second factor reset"
INVITED = "invited"


@tracked(
    SECOND_FACTOR_RESET,
    INVITED,
    exclude=["user_id", "password", "last_login", "pinned", "sessions_round", "date_updated"],
    by_time=True,
)
class User(AbstractUser):
    """Somebody who works in the HMIS and logs in with the work e-mail (HUD 5.07).

    date_deleted: when the system that an import came from deleted the user, who is inactive here.
    """

    username = None  # type: ignore[assignment]
    email = models.EmailField("e-mail", unique=True)
    user_id = KeyField(db_default=Replace(Cast(RandomUUID(), CharField()), Value("-"), Value("")))
    user_phone = models.CharField(
        "phone",
        max_length=10,
        blank=True,
        db_default="",
        validators=[RegexValidator("^[0-9]{10}$", "Enter ten digits, without spaces or dashes.")],
        help_text="Ten digits, for HUD's export.",
    )
    user_extension = models.CharField(
        "extension",
        max_length=5,
        blank=True,
        db_default="",
        validators=[RegexValidator("^[0-9]{1,5}$", "Enter up to five digits.")],
    )
    date_updated = models.DateTimeField(auto_now=True, db_default=Now())
    date_deleted = models.DateTimeField(null=True, blank=True, editable=False)
    pinned = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, editable=False, size=30
    )

    sessions_round = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()  # type: ignore[misc]

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

    def _get_session_auth_hash(self, secret=None) -> str:
        """A session is good for the password and the round of sessions that it began with."""
        current = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]
        if not self.sessions_round:
            return current
        value = f"{current}:{self.sessions_round}"
        return salted_hmac(SESSION_SALT, value, secret=secret, algorithm="sha256").hexdigest()

    def end_sessions(self) -> None:
        """Log this user out everywhere at once, wherever sessions are kept."""
        self.sessions_round = F("sessions_round") + 1
        self.save(update_fields=["sessions_round"])
        self.refresh_from_db(fields=["sessions_round"])

    @property
    def is_invited(self) -> bool:
        """Whether this user has not chosen a password yet."""
        return not self.has_usable_password()

    @property
    def state(self) -> str:
        if not self.is_active:
            return "Deactivated"
        return "Invited, no password yet" if self.is_invited else "Active"

    @cached_property
    def access(self) -> dict[int, Membership]:
        """This user's memberships by organization id, read once per request.

        An administrator (superuser) has access to every organization as its DQO.
        """
        rows: Iterable[Membership] = self.memberships.select_related("organization")
        if self.is_superuser:
            rows = [
                Membership(user=self, organization=organization, role="dqo")
                for organization in Organization.objects.all()
            ]
        return {row.organization_id: row for row in rows}

    # What statements may read of a user (records.statements): the access, and nothing else.

    def statement_shape(self) -> tuple:
        roles = ((row.role, row.organization.is_cas) for row in self.access.values())
        return User, self.is_superuser, *roles

    def statement_values(self) -> list[int]:
        return [self.pk, *self.access]

    def statement_stand_in(self, values: list[int]) -> "User":
        """Another user with the same roles; what else is read of it raises DoesNotExist."""
        pk, *organizations = values
        user = User.from_db(None, ["id", "is_superuser"], [pk, self.is_superuser])
        user.access = {}
        for row, organization_id in zip(self.access.values(), organizations, strict=True):
            organization = Organization.from_db(
                None, ["id", "is_cas"], [organization_id, row.organization.is_cas]
            )
            user.access[organization_id] = Membership.from_db(
                None,
                ["id", "organization_id", "role"],
                [organization_id, organization_id, row.role],
            )
            user.access[organization_id].organization = organization
        return user

    @property
    def organizations(self) -> list[Organization]:
        return [membership.organization for membership in self.access.values()]

    def organization_among(self, *preferred: Organization | None) -> Organization:
        """Return the first of these that this user has access to, else one of the user's own."""
        return next((one for one in preferred if one in self.organizations), self.organizations[0])

    @property
    def dqo_organizations(self) -> list[int]:
        """The ids of the organizations whose data quality this user manages."""
        return [pk for pk, membership in self.access.items() if membership.is_dqo]

    @property
    def has_cas_access(self) -> bool:
        """Whether this user works for a Coordinated Access organization."""
        return any(one.is_cas for one in self.organizations)

    def may_manage(self, user: "User") -> bool:
        """Whether this user, as a Data Quality Officer, may deactivate and the like another one.

        Only an officer of the organization that the user joined first: what is done to the account
        is felt in every organization. Nobody does it to the own account.
        """
        if user.pk == self.pk:
            return False
        return self.is_superuser or User.objects.managed_by(self).filter(pk=user.pk).exists()

    def may_manage_access(self, membership: Membership) -> bool:
        """Whether this user may change or end another one's access to an organization."""
        if self.is_superuser:
            return True
        is_officer_here = membership.organization_id in self.dqo_organizations
        is_beyond = membership.user_id == self.pk or membership.user.is_superuser
        return is_officer_here and not is_beyond

    def may_change(self, record: "Record") -> bool:
        """Records are changed by users of the organization that they were filed under."""
        return record.organization_id in self.access

    def may_manage_record(self, record: "Record") -> bool:
        """Whoever filed it, while still with that organization, and its Data Quality Officers."""
        is_author = record.created_by_id == self.pk and self.may_change(record)
        return is_author or record.organization_id in self.dqo_organizations

    def may_restore(self, record: "Record") -> bool:
        """Whoever deleted it, for an hour, and the Data Quality Officers of its organization."""
        if record.organization_id in self.dqo_organizations:
            return True
        is_recent = record.date_deleted and record.date_deleted >= clock.now() - UNDO_FOR
        return bool(is_recent) and record.deleted_by_id == self.pk and self.may_change(record)
