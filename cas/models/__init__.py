from cas.choices import EventKind, Kind, MailRhythm, State
from cas.models.assessment import Assessment, AssessmentQuestion, AssessmentResult
from cas.models.event import Event
from cas.models.mail import DeliveryItem, Preference
from cas.models.notification import Notification
from cas.models.scheduled import ScheduledRun
