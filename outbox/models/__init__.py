from outbox.models.delivery import Delivery
from outbox.models.mail_run import MailRun, Outcome

__all__ = ["Delivery", "MailRun", "Outcome"]
