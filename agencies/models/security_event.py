"""What happened to accounts and rights, and what was refused; alerts to what is unusual."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import localize

from records.history import append_only

if TYPE_CHECKING:
    from agencies.models.user import User


class Kind(models.TextChoices):
    LOG_IN = "log_in", "Logged in"
    LOG_IN_FAILED = "log_in_failed", "Log-in failed"
    SECOND_FACTOR_FAILED = "second_factor_failed", "Wrong two-step code"
    REAUTHENTICATED = "reauthenticated", "Confirmed the log-in"
    NEW_BROWSER = "new_browser", "Logged in with a new browser"
    LOG_OUT = "log_out", "Logged out"
    IDLE_LOG_OUT = "idle_log_out", "Logged out for inactivity"
    SESSIONS_ENDED = "sessions_ended", "Sessions ended"
    PASSWORD_RESET_ASKED = "password_reset_asked", "Password reset requested"
    PASSWORD_RESET = "password_reset", "Password reset"
    PASSWORD_CHANGED = "password_changed", "Password changed"
    FACTOR_ACTIVATED = "factor_activated", "Two-step log-in set up"
    FACTOR_DEACTIVATED = "factor_deactivated", "Two-step log-in turned off"
    RECOVERY_CODES_MADE = "recovery_codes_made", "Recovery codes made"
    RECOVERY_CODE_USED = "recovery_code_used", "Recovery code used"
    FACTOR_RESET = "factor_reset", "Two-step log-in reset by an officer"
    INVITED = "invited", "Invitation sent"
    INVITATION_ACCEPTED = "invitation_accepted", "Invitation accepted"
    INVITATION_DECLINED = "invitation_declined", "Invitation declined"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "Invitation taken back"
    ACCESS_ADDED = "access_added", "Access to an organization given"
    ROLE_CHANGED = "role_changed", "Role changed"
    ACCESS_ENDED = "access_ended", "Access to an organization ended"
    USER_DEACTIVATED = "user_deactivated", "User deactivated"
    USER_REACTIVATED = "user_reactivated", "User reactivated"
    EMAIL_CHANGED = "email_changed", "E-mail address of the log-in changed"
    ADMINISTRATOR_CHANGED = "administrator_changed", "Administrator's rights changed"
    RATE_LIMITED = "rate_limited", "Too many attempts"
    FORM_REFUSED = "form_refused", "Form without a valid token refused"
    REFUSED = "refused", "Permission refused"
    NOT_FOUND = "not_found", "Asked for a page that is not there or not theirs"
    FILE_REFUSED = "file_refused", "File refused"
    EXPORTED = "exported", "List exported"
    IMPORTED = "imported", "HMIS CSV imported"
    RECORD_COPIED = "record_copied", "Copy of a client's record made"
    RECORD_ERASED = "record_erased", "Client's record erased"
    LEGAL_HOLD = "legal_hold", "Legal hold set or lifted"
    SSN_REVEALED = "ssn_revealed", "SSN revealed"
    MANY_SEARCHES = "many_searches", "Limit of searches reached"
    MANY_RECORDS = "many_records", "Limit of opened records reached"
    MANY_REVEALS = "many_reveals", "Limit of revealed SSNs reached"
    LIMIT_LIFTED = "limit_lifted", "Limit of use lifted"
    LIMIT_REACHED = "limit_reached", "Another limit of use reached"
    BREAK_GLASS = "break_glass", "Restricted record opened in an emergency"
    BREAK_GLASS_ENDED = "break_glass_ended", "Emergency access ended"

    @property
    def survives_rollback(self) -> bool:
        """Whether it happened although what the request did was undone."""
        return self in _SURVIVE


_SURVIVE = {
    Kind.LOG_IN_FAILED,
    Kind.SECOND_FACTOR_FAILED,
    Kind.RATE_LIMITED,
    Kind.FORM_REFUSED,
    Kind.REFUSED,
    Kind.NOT_FOUND,
    Kind.FILE_REFUSED,
    Kind.MANY_SEARCHES,
    Kind.MANY_RECORDS,
    Kind.MANY_REVEALS,
    Kind.LIMIT_REACHED,
}


class SecurityEventQuerySet(models.QuerySet):
    def for_officer(self, officer: "User") -> Self:
        """What a Data Quality Officer may read: events of the officer's organizations and users.

        What one of these users did for another organization stays that organization's.
        """
        if officer.is_superuser:
            return self
        own = officer.dqo_organizations
        users = officer._meta.model._default_manager.known_to(officer).order_by()
        is_theirs = Exists(users.filter(pk=OuterRef("user")))
        is_about_them = Exists(users.filter(pk=OuterRef("subject")))
        of_no_organization = Q(organization=None) & (is_theirs | is_about_them)
        return self.filter(Q(organization__in=own) | of_no_organization)


class SecurityEvent(models.Model):
    """One event. It holds numbers and codes, never a name or anything that somebody typed.

    user: who did it, where that is known. subject: whose account or rights it was done to, where
    that is somebody else. organization: the one that the user worked for.
    """

    Kind = Kind

    at = models.DateTimeField("when", default=timezone.now)
    kind = models.CharField("event", max_length=30, choices=Kind.choices)
    user = models.ForeignKey(
        "agencies.User", models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject = models.ForeignKey("agencies.User", models.PROTECT, null=True, related_name="+")
    organization = models.ForeignKey(
        "agencies.Organization", models.PROTECT, null=True, related_name="+", db_index=False
    )
    account_digest = models.CharField("account", max_length=64, blank=True)
    address = models.GenericIPAddressField("IP address", null=True)
    request_id = models.CharField("request", max_length=32, blank=True)
    client = models.BigIntegerField("Client ID", null=True)
    detail = models.JSONField(default=dict)

    objects = SecurityEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="security_newest"),
            models.Index(fields=["organization", "-at", "-id"], name="security_of_organization"),
            models.Index(fields=["user", "-at", "-id"], name="security_by_user"),
            models.Index(fields=["kind", "-at", "-id"], name="security_by_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="security_event_kind_is_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="Choose a kind of security event.",
            )
        ]
        triggers = append_only()

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {localize(timezone.localtime(self.at))}"


class SecurityAlertQuerySet(models.QuerySet):
    def for_officer(self, officer: "User") -> Self:
        """Alerts to the officer's organizations, and of users who work for one of them."""
        if officer.is_superuser:
            return self
        users = officer._meta.model._default_manager.known_to(officer).order_by()
        is_theirs = Exists(users.filter(pk=OuterRef("user")))
        own = Q(organization__in=officer.dqo_organizations)
        return self.filter(own | (Q(organization=None) & is_theirs))

    def unseen(self) -> Self:
        return self.filter(seen_at=None)

    def mark_seen(self, *, by: "User") -> int:
        """Note who has looked at these; return how many nobody had looked at before."""
        return self.unseen().update(seen_at=timezone.now(), seen_by=by)


class SecurityAlert(models.Model):
    """One user, one kind of event, one day; the events have what happened when.

    user: whose events they are; of a reset, whose second factor it was.
    organization: whose officers are notified; None for all that the user works for.
    """

    kind = models.CharField("alert", max_length=30, choices=Kind.choices)
    user = models.ForeignKey("agencies.User", models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        "agencies.Organization", models.PROTECT, null=True, related_name="+"
    )
    day = models.DateField()
    at = models.DateTimeField("when", default=timezone.now)
    seen_at = models.DateTimeField("seen", null=True)
    seen_by = models.ForeignKey(
        "agencies.User", models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = SecurityAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["-at", "-id"], name="alert_unseen", condition=Q(seen_at=None))
        ]
        constraints = [
            models.UniqueConstraint(
                name="security_alert_once_a_day",
                fields=["user", "kind", "day"],
                condition=Q(organization=None),
                violation_error_message="There is an alert of this kind for the user today.",
            ),
            models.UniqueConstraint(
                name="security_alert_once_a_day_and_organization",
                fields=["user", "kind", "organization", "day"],
                condition=Q(organization__isnull=False),
                violation_error_message="There is an alert of this kind for the user today.",
            ),
            models.CheckConstraint(
                name="security_alert_kind_is_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="Choose a kind of security event.",
            ),
            models.CheckConstraint(
                name="security_alert_seen_by_somebody",
                condition=Q(seen_at=None, seen_by=None)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                violation_error_message="Say who has seen the alert, and when.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user}"
