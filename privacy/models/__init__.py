from privacy.models.client_request import ClientRequest
from privacy.models.erasure import Erasure, RetentionList
from privacy.models.legal_hold import LegalHold

__all__ = ["ClientRequest", "Erasure", "LegalHold", "RetentionList"]
