from collections.abc import Callable
from typing import IO, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from agencies.models import SecurityEvent
from agencies.security_events import record_event
from files import clamav
from files.inspection import SENTENCES, Findings, RefusedFileError, inspect
from files.kinds import CHOOSABLE
from files.models import Status
from files.uploads import StreamedUpload

NO_ROOM = (
    "The server has no room for this file at the moment. Nothing was saved. "
    "Try again later, and tell the help desk."
)
VIRUS = (
    "The virus scan found something in this file, and it was not saved. "
    "Do not open it; tell the help desk."
)


class UploadField(forms.FileField):
    """A file whose content was looked at; it carries `findings` and `status` from then on.

    Args:
        look: what identifies the content and draws pictures of it.
    """

    widget = forms.FileInput

    def __init__(
        self,
        *,
        look: Callable[[IO[bytes], str], Findings] = inspect,
        accept: str = CHOOSABLE,
        is_scanned: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.look = look
        self.is_scanned = is_scanned
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
            "data-too-large": too_large(),
        }
        return super().get_bound_field(form, field_name)

    def to_python(self, data: Any) -> StreamedUpload | None:
        problem = getattr(data, "problem", "")
        if problem:
            is_too_large = problem == StreamedUpload.TOO_LARGE
            _record(problem)
            raise ValidationError(too_large(data.size) if is_too_large else NO_ROOM, code=problem)
        return super().to_python(data)

    def clean(self, data: Any, initial: Any = None) -> StreamedUpload | None:
        upload = super().clean(data, initial)
        if not upload:
            return None
        try:
            upload.status = self._scan(upload.file)
            upload.findings = self.look(upload.file, upload.name)
        except RefusedFileError as refusal:
            _record(refusal.reason)
            raise ValidationError(refusal.sentence, code=refusal.reason) from None
        return upload

    def _scan(self, stream: IO[bytes]) -> Status:
        if not (self.is_scanned and clamav.is_used()):
            return Status.READY
        try:
            verdict = clamav.scan(stream)
        except clamav.NoAnswerError:
            return Status.PENDING
        if not verdict.is_clean:
            _record("virus")
            raise ValidationError(VIRUS, code="virus")
        return Status.READY


def _record(reason: str) -> None:
    record_event(SecurityEvent.Kind.FILE_REFUSED, detail={"reason": reason})


def too_large(size: int | None = None) -> str:
    most = filesizeformat(settings.MAX_UPLOAD_BYTES)
    what = f"This file has {filesizeformat(size)}; the most" if size else "The most"
    return (
        f"{what} that is kept is {most}. Scan it in black and white or at a lower resolution, "
        "or split it."
    )
