from agencies.models.factor_reset import FactorReset
from agencies.models.invitation import Invitation
from agencies.models.limits import AttemptCount, LimitedUse, UseCount
from agencies.models.membership import Membership, Role
from agencies.models.organization import Organization
from agencies.models.project import Project
from agencies.models.security_alert import SecurityAlert
from agencies.models.security_event import SecurityEvent
from agencies.models.user import User
from agencies.models.user_session import EndReason, KnownBrowser, UserSession

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
    "Role",
    "SecurityAlert",
    "SecurityEvent",
    "UseCount",
    "User",
    "UserSession",
]
