from outbox.models.delivery import Delivery
from outbox.models.mail_run import Beat, MailRun, Outcome, heartbeat
