from casenotes.models.draft import NoteDraft, NoteSearch
from casenotes.models.note import CaseNote, NoteAction
from casenotes.models.service import Service
from casenotes.models.service_type import ServiceType
