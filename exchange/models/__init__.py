from exchange.models.details import FileCount, Finding, KeptFile
from exchange.models.sources import SourceKey, SourceSystem
from exchange.models.transfer import Transfer
