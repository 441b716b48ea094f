from casenotes.models.draft import NoteDraft
from casenotes.models.note import CaseNote, NoteAction
from casenotes.models.search import NoteSearch
from casenotes.models.service import Service
from casenotes.models.service_type import ServiceType

__all__ = ["CaseNote", "NoteAction", "NoteDraft", "NoteSearch", "Service", "ServiceType"]
