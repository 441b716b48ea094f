"""How far a mail is, and of which kind (docs/adr/0018)."""

from django.db import models


class DeliveryState(models.TextChoices):
    PENDING = "pending", "Waiting"
    CLAIMED = "claimed", "About to be sent"
    HANDING_OVER = "handing", "Being handed over"
    SENT = "sent", "Sent"
    UNCERTAIN = "uncertain", "Uncertain"
    FAILED = "failed", "Not delivered"

    @classmethod
    def in_hand(cls) -> list["DeliveryState"]:
        """A run works on it, or died while it did."""
        return [cls.CLAIMED, cls.HANDING_OVER]

    @classmethod
    def in_nobodys_hand(cls) -> list["DeliveryState"]:
        return [cls.PENDING, cls.SENT, cls.FAILED]

    @classmethod
    def unsent(cls) -> list["DeliveryState"]:
        return [cls.PENDING, *cls.in_hand()]

    @classmethod
    def in_doubt(cls) -> list["DeliveryState"]:
        """What an administrator may have sent again."""
        return [cls.UNCERTAIN, cls.FAILED]

    @classmethod
    def resolved(cls) -> list["DeliveryState"]:
        return [cls.SENT, *cls.in_doubt()]

    @property
    def tone(self) -> str:
        """Of its badge."""
        return {self.SENT: "good", self.UNCERTAIN: "warning", self.FAILED: "danger"}.get(
            self, "info"
        )


class MailKind(models.TextChoices):
    """What a mail is; `settings.MAIL_KINDS` names the code that writes each (outbox.kinds)."""

    CAS = "cas", "Coordinated Access"
    DUPLICATE_REPORT = "duplicate_report", "Duplicate report"
    INVITATION = "invitation", "Invitation"
    FACTOR_RESET = "factor_reset", "Two-step log-in reset"
    PASSWORD_RESET = "password_reset", "Password reset"
    SECURITY_ALERT = "security_alert", "Security alert"
    NEW_BROWSER = "new_browser", "New browser"
    TRANSFER = "transfer", "Export or import"
    ACCOUNT_CHANGED = "account_changed", "Log-in changed"

    @classmethod
    def kept(cls) -> list["MailKind"]:
        """What was sent of these is looked up later on; of the others it is forgotten."""
        return [cls.CAS]
