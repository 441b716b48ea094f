# ruff: noqa: F401 - the models of the package

from outbox.models.delivery import Delivery
from outbox.models.mail_run import Beat, MailRun, Outcome, heartbeat
