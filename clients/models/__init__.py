from clients.models.access import ClientAccess
from clients.models.alert import Alert
from clients.models.alias import ClientAlias
from clients.models.client import Client
from clients.models.contact import ContactDetails
from clients.models.duplicate import DuplicateReport
from clients.models.emergency_access import EmergencyAccess
from clients.models.form_draft import FormDraft
from clients.models.identity_change import IdentityChange
from clients.models.interested_other import InterestedOther
from clients.models.merge import ClientMerge
from clients.models.name_form import NameForm
from clients.models.possible_duplicate import DuplicateSearch, PossibleDuplicate
from clients.models.record import ClientRecord, deleted_index
from clients.models.search import ClientSearch, SavedSearch
from clients.models.spelling import NameSpelling
from clients.models.ssn_reveal import SSNReveal

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
