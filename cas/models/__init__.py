from cas.models.delivery import DeliveryItem
from cas.models.event import Event, Happening
from cas.models.notification import Kind, Notification, State
from cas.models.preference import MailRhythm, Preference

__all__ = [
    "DeliveryItem",
    "Event",
    "Happening",
    "Kind",
    "MailRhythm",
    "Notification",
    "Preference",
    "State",
]
