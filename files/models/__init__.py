from files.models.client_file import Category, ClientFile
from files.models.client_photo import ClientPhoto
from files.models.document_check import Checklist, DocumentCheck
from files.models.stored_file import FileStore, Status, StoredFile
