from clients.models.access import ClientAccess, EmergencyAccess, SSNReveal
from clients.models.alert import Alert
from clients.models.client import Client
from clients.models.contact import ContactDetails
from clients.models.duplicates import DuplicateReport, DuplicateSearch, PossibleDuplicate
from clients.models.form_draft import FormDraft
from clients.models.identity_change import IdentityChange
from clients.models.interested_other import InterestedOther
from clients.models.merge import ClientMerge
from clients.models.names import ClientAlias, NameForm, NameSpelling
from clients.models.record import ClientRecord, deleted_index
from clients.models.search import ClientSearch, SavedSearch

__all__ = [
    "Alert",
    "Client",
    "ClientAccess",
    "ClientAlias",
    "ClientMerge",
    "ClientRecord",
    "ClientSearch",
    "ContactDetails",
    "DuplicateReport",
    "DuplicateSearch",
    "EmergencyAccess",
    "FormDraft",
    "IdentityChange",
    "InterestedOther",
    "NameForm",
    "NameSpelling",
    "PossibleDuplicate",
    "SSNReveal",
    "SavedSearch",
    "deleted_index",
]
