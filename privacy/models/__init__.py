# ruff: noqa: F401 - the models of the package

from privacy.models.client_request import ClientRequest
from privacy.models.erasure import Erasure, RetentionList
from privacy.models.legal_hold import LegalHold
