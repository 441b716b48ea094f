from privacy.models.client_request import ClientRequest, LegalHold
from privacy.models.erasure import Erasure, RetentionList
