from agencies.models.attempt_count import AttemptCount
from agencies.models.factor_reset import FactorReset
from agencies.models.invitation import Invitation
from agencies.models.known_browser import KnownBrowser
from agencies.models.membership import Membership, Role
from agencies.models.organization import Organization
from agencies.models.project import Project
from agencies.models.record import Record
from agencies.models.security_alert import SecurityAlert
from agencies.models.security_event import SecurityEvent
from agencies.models.submission import Submission
from agencies.models.use_count import LimitedUse, UseCount
from agencies.models.user import User
from agencies.models.user_session import EndReason, UserSession
from agencies.visibility import Visibility

__all__ = [
    "AttemptCount",
    "EndReason",
    "FactorReset",
    "Invitation",
    "KnownBrowser",
    "LimitedUse",
    "Membership",
    "Organization",
    "Project",
    "Record",
    "Role",
    "SecurityAlert",
    "SecurityEvent",
    "Submission",
    "UseCount",
    "User",
    "UserSession",
    "Visibility",
]
