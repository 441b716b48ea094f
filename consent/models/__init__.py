from consent.models.signature import Signature
from consent.models.templates import ReleaseTemplate, TemplateVersion
from consent.models.texts import TemplateText
