"""How an upload comes in: counted while it streams, onto a nameless temporary file."""

import io
import logging
import re
import tempfile
import unicodedata
from typing import IO, TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

if TYPE_CHECKING:
    from files.inspection import Findings
    from files.models import Status

LONGEST_NAME = 150
HOPELESS = 4  # times the limit: such a body is not even read to its end
OTHER_FIELDS = 1024 * 1024  # bytes
HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
log = logging.getLogger(__name__)


class StreamedUpload(UploadedFile):
    """An upload on disk, without a name there: nothing is left of it when the process ends.

    `problem` says why it is not whole: it is larger than the limit, or the disk is full. A form
    field that has looked at it puts its `findings` here, and the `status` to store it with.
    """

    file: IO[bytes]
    findings: "Findings"
    status: "Status"

    TOO_LARGE, NO_ROOM = "too_large", "no_room"

    def __init__(self, file: IO[bytes], name: str, content_type: str | None, size: int) -> None:
        super().__init__(file, name, content_type, size)
        self.problem = ""


class LimitedUploadHandler(FileUploadHandler):
    """Writes at most MAX_UPLOAD_MB of a request's files to disk, and nothing for strangers.

    The rest of the body is read and dropped, so that the browser gets a page that says why.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803
        self.room = settings.MAX_UPLOAD_BYTES
        user = getattr(self.request, "user", None)
        self.is_for_a_user = user is not None and user.is_authenticated
        if content_length > HOPELESS * settings.MAX_UPLOAD_BYTES + OTHER_FIELDS:
            raise RequestDataTooBig

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.problem = ""
        try:
            self.file = _nameless()
        except OSError as error:
            self._found_no_room(error)
            self.file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.room -= len(raw_data)
        if self.room < 0:
            self._give_up(StreamedUpload.TOO_LARGE)
        if self.problem or not self.is_for_a_user:
            return
        try:
            self.file.write(raw_data)
            self.file.flush()
        except OSError as error:
            self._found_no_room(error)

    def _found_no_room(self, error: OSError) -> None:
        log.error("An upload found no room: %s", type(error).__name__)
        self._give_up(StreamedUpload.NO_ROOM)

    def _give_up(self, problem: str) -> None:
        if not self.problem:
            self.problem = problem
            if hasattr(self, "file"):
                self.file.close()
            self.file = io.BytesIO()

    def file_complete(self, file_size: int) -> StreamedUpload:
        self.file.seek(0)
        upload = StreamedUpload(self.file, self.file_name, self.content_type, file_size)
        upload.problem = self.problem
        return upload

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


def _nameless() -> IO[bytes]:
    return tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


def clean_name(name: str) -> str:
    """A file's name as people may read it: no path, nothing hidden, not endless."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if char.isspace() else char for char in name if not _is_hidden(char))
    name = re.sub(r"\s+", " ", visible).strip(" .")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = f".{ending}" if dot and len(ending) <= 5 else ""
        name = (stem if ending else name)[: LONGEST_NAME - len(ending)].rstrip() + ending
    return name or "Document"


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in HIDDEN and not char.isspace()
