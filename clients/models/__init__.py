from clients.models.access import ClientAccess, EmergencyAccess, SSNReveal
from clients.models.client import Client
from clients.models.duplicate_search import DuplicateKey, DuplicateSearch
from clients.models.duplicates import DuplicateReport, PossibleDuplicate
from clients.models.form_draft import FormDraft
from clients.models.identity_change import IdentityChange
from clients.models.merge import ClientMerge
from clients.models.names import ClientAlias, NameForm, NameSpelling
from clients.models.record import Alert, ClientRecord, InterestedOther, deleted_index, newest_index
from clients.models.release import Release
from clients.models.search import ClientSearch, SavedSearch
