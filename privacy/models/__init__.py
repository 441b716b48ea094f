# ruff: noqa: F401 - the models of the package

from privacy.models.client_request import ClientRequest, LegalHold
from privacy.models.erasure import Erasure, RetentionList
