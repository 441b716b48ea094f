from cas.models.delivery import Delivery, DeliveryItem
from cas.models.event import Event, Happening
from cas.models.mail_run import MailRun, Outcome
from cas.models.notification import Kind, Notification, State
from cas.models.preference import MailRhythm, Preference

__all__ = [
    "Delivery",
    "DeliveryItem",
    "Event",
    "Happening",
    "Kind",
    "MailRhythm",
    "MailRun",
    "Notification",
    "Outcome",
    "Preference",
    "State",
]
