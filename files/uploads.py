"""How an upload comes in: streamed to a nameless file, inspected by its field, stored once."""

import io
import logging
import math
import re
import tempfile
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import IO, Any, TypeVar

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat

from agencies import limits
from agencies.models import LimitedUse, SecurityEvent
from agencies.security_events import record_event
from files import clamav
from files.actions import StoredUpload, stored
from files.inspection import SENTENCES, Findings, RefusedFileError, inspect
from files.kinds import CHOOSABLE
from files.models import Status
from files.store import StoreError
from records.submissions import earlier_result, submit_once

MEGABYTE = 1024 * 1024
LONGEST_NAME = 150
HOPELESS = 4  # times the limit: such a body is not even read to its end
OTHER_FIELDS = MEGABYTE
HIDDEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}
Stored = TypeVar("Stored")
log = logging.getLogger(__name__)
NO_ROOM = (
    "The server has no room for this file at the moment. Nothing was saved. "
    "Try again later, and tell the help desk."
)
SCAN_SMALLER = "Scan it in black and white or at a lower resolution, or split it."
VIRUS = (
    "The virus scan found something in this file, and it was not saved. "
    "Do not open it; tell the help desk."
)


class StreamedUpload(UploadedFile):
    """An upload on disk, without a name there: nothing is left of it when the process ends.

    `error_code` says why it is not whole: it is larger than the limit, or the disk is full. A form
    field that has looked at it puts its `findings` here, and the `status` to store it with.
    """

    file: IO[bytes]
    findings: Findings
    status: Status

    TOO_LARGE, NO_ROOM = "too_large", "no_room"

    def __init__(self, file: IO[bytes], name: str, content_type: str | None, size: int) -> None:
        super().__init__(file, name, content_type, size)
        self.error_code = ""


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
        self.error_code = ""
        try:
            self.file = _nameless()
        except OSError as error:
            self._found_no_room(error)
            self.file = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.room -= len(raw_data)
        if self.room < 0:
            self._give_up(StreamedUpload.TOO_LARGE)
        if self.error_code or not self.is_for_a_user:
            return
        try:
            self.file.write(raw_data)
            self.file.flush()
        except OSError as error:
            self._found_no_room(error)

    def _found_no_room(self, error: OSError) -> None:
        log.error("An upload found no room: %s", type(error).__name__)
        self._give_up(StreamedUpload.NO_ROOM)

    def _give_up(self, error_code: str) -> None:
        if not self.error_code:
            self.error_code = error_code
            if hasattr(self, "file"):
                self.file.close()
            self.file = io.BytesIO()

    def file_complete(self, file_size: int) -> StreamedUpload:
        self.file.seek(0)
        upload = StreamedUpload(self.file, self.file_name, self.content_type, file_size)
        upload.error_code = self.error_code
        return upload

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()


def _nameless() -> IO[bytes]:
    return tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)


class UploadField(forms.FileField):
    """A file whose content was looked at; it carries `findings` and `status` from then on.

    Args:
        look: what identifies the content and draws pictures of it; None where the form does.
        advice: what somebody can do with a file that is too large.
    """

    widget = forms.FileInput

    def __init__(
        self,
        *,
        look: Callable[[IO[bytes], str], Findings] | None = inspect,
        accept: str = CHOOSABLE,
        is_scanned: bool = True,
        advice: str = SCAN_SMALLER,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.look = look
        self.is_scanned = is_scanned
        self.advice = advice
        self.error_messages |= {
            "required": "Choose a file.",
            "missing": "Choose a file.",
            "invalid": "Choose a file.",
            "empty": SENTENCES["empty"],
        }
        self.widget.attrs["accept"] = accept

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.widget.attrs |= {
            "data-max-bytes": str(settings.MAX_UPLOAD_BYTES),
            "data-too-large": too_large(advice=self.advice),
        }
        return super().get_bound_field(form, field_name)

    def to_python(self, data: Any) -> StreamedUpload | None:
        error_code = getattr(data, "error_code", "")
        if error_code:
            is_too_large = error_code == StreamedUpload.TOO_LARGE
            _record(error_code)
            said = too_large(data.size, advice=self.advice) if is_too_large else NO_ROOM
            raise ValidationError(said, code=error_code)
        return super().to_python(data)

    def clean(self, data: Any, initial: Any = None) -> StreamedUpload | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            upload.status = self._scan(upload.file)
            if self.look:
                upload.findings = self.look(upload.file, upload.name)
        except RefusedFileError as refusal:
            _record(refusal.reason)
            raise ValidationError(refusal.sentence, code=refusal.reason) from None
        return upload

    def _scan(self, stream: IO[bytes]) -> Status:
        if not (self.is_scanned and clamav.is_used()):
            return Status.READY
        try:
            if clamav.is_clean(stream):
                return Status.READY
        except clamav.NoAnswerError as error:
            log.warning("An upload waits for the virus scanner: %s", error)
            return Status.PENDING
        _record("virus")
        raise ValidationError(VIRUS, code="virus")


def _record(reason: str) -> None:
    record_event(SecurityEvent.Kind.FILE_REFUSED, detail={"reason": reason})


def too_large(size: int | None = None, *, advice: str = SCAN_SMALLER) -> str:
    most = filesizeformat(settings.MAX_UPLOAD_BYTES)
    what = f"This file has {filesizeformat(size)}; the most" if size else "The most"
    return f"{what} that is kept is {most}. {advice}"


def stored_upload(upload: StreamedUpload) -> AbstractContextManager[StoredUpload]:
    """`stored` of an upload that its form field has looked at."""
    findings = upload.findings
    return stored(
        content=upload.file,
        kind=findings.kind,
        pages=findings.pages,
        thumbnail=next(iter(findings.pictures), None),
        status=upload.status,
    )


def upload_once(
    request: HttpRequest,
    form: forms.BaseForm,
    stored: AbstractContextManager[Stored],
    write: Callable[[Stored], HttpResponse],
    times: int = 1,
) -> HttpResponse | None:
    """Store the form's upload, and then write its rows, once, in a transaction.

    A form that is sent twice at once stores its file twice, and takes one back.

    Args:
        stored: brings the upload into the store.
        write: writes the rows and gives the answer.
        times: how often it is stored; each counts among the user's uploads.

    Returns:
        None where the store fails: nothing is saved, and the form has a sentence on its file.
    """
    if answer := earlier_result(request):
        return answer
    sizes = [one.size or 0 for one in request.FILES.values()]
    limits.spend(request.user, LimitedUse.UPLOADS, times * math.ceil(sum(sizes) / MEGABYTE))
    try:
        with stored as upload:
            return submit_once(lambda request: write(upload))(request)
    except StoreError as error:
        field = next(name for name, one in form.fields.items() if isinstance(one, UploadField))
        form.add_error(field, error.sentence)
        return None


def clean_name(name: str) -> str:
    """A file's name as people may read it: no path, nothing hidden, not endless."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"\s+", " ", name)
    name = "".join(char for char in name if unicodedata.category(char) not in HIDDEN)
    name = re.sub(r" +", " ", name).strip(" .")
    if len(name) > LONGEST_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = f".{ending}" if dot and len(ending) <= 5 else ""
        name = (stem if ending else name)[: LONGEST_NAME - len(ending)].rstrip() + ending
    return name or "Document"
