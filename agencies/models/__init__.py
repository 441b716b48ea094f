from agencies.models.funding import Affiliation, Funder
from agencies.models.inventory import Inventory
from agencies.models.invitation import FactorReset, Invitation
from agencies.models.limits import AttemptCount, LimitedUse, UseCount
from agencies.models.organization import Membership, Organization, Role
from agencies.models.participation import CEParticipation, HMISParticipation
from agencies.models.project import Project
from agencies.models.project_coc import ProjectCoC
from agencies.models.security_event import SecurityAlert, SecurityEvent
from agencies.models.sharing import Sharing, SharingPolicy
from agencies.models.user import User
from agencies.models.user_session import EndReason, KnownBrowser, UserSession
