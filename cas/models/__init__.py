from cas.choices import EventKind, Kind, MailRhythm, State
from cas.models.event import Event
from cas.models.mail import DeliveryItem, Preference
from cas.models.notification import Notification

__all__ = [
    "DeliveryItem",
    "Event",
    "EventKind",
    "Kind",
    "MailRhythm",
    "Notification",
    "Preference",
    "State",
]
