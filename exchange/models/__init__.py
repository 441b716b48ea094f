# ruff: noqa: F401 - the models of the package

from exchange.models.sources import SourceKey, SourceSystem
from exchange.models.transfer import FileCount, KeptFile, Transfer
