from files.models.client_file import Category, ClientFile
from files.models.client_photo import ClientPhoto
from files.models.document_check import Checklist, DocumentCheck
from files.models.file_store import FileStore
from files.models.stored_file import Status, StoredFile

__all__ = [
    "Category",
    "Checklist",
    "ClientFile",
    "ClientPhoto",
    "DocumentCheck",
    "FileStore",
    "Status",
    "StoredFile",
]
