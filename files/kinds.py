"""The kinds of files that are kept, told apart by their bytes and never by their names."""

from django.db import models


class Kind(models.TextChoices):
    PDF = "pdf", "PDF"
    JPEG = "jpeg", "JPEG picture"
    PNG = "png", "PNG picture"
    GIF = "gif", "GIF picture"
    WEBP = "webp", "WebP picture"
    HEIC = "heic", "HEIC picture"
    TIFF = "tiff", "TIFF picture"
    TEXT = "text", "Plain text"
    DOCX = "docx", "Word document"
    XLSX = "xlsx", "Excel workbook"
    PPTX = "pptx", "PowerPoint presentation"
    ODT = "odt", "OpenDocument text"
    ODS = "ods", "OpenDocument spreadsheet"
    ODP = "odp", "OpenDocument presentation"
    DOC = "doc", "Word 97 document"
    XLS = "xls", "Excel 97 workbook"

    @property
    def mime(self) -> str:
        return MIME[self]

    @property
    def extensions(self) -> tuple[str, ...]:
        """The ways a name of this kind may end, the usual one first."""
        return EXTENSIONS.get(self, (f".{self.value}",))

    @property
    def is_picture(self) -> bool:
        return self in PICTURES

    @property
    def has_pages(self) -> bool:
        """Whether the server can draw it."""
        return self is Kind.PDF or self.is_picture

    def named(self, name: str) -> str:
        """The name of a download: its ending tells the real kind."""
        return name if name.lower().endswith(self.extensions) else f"{name}{self.extensions[0]}"


PICTURES = frozenset({Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP, Kind.HEIC, Kind.TIFF})
EXTENSIONS = {
    Kind.JPEG: (".jpg", ".jpeg"),
    Kind.TIFF: (".tif", ".tiff"),
    Kind.HEIC: (".heic", ".heif"),
    Kind.TEXT: (".txt", ".csv"),
}
OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
MIME = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.GIF: "image/gif",
    Kind.WEBP: "image/webp",
    Kind.HEIC: "image/heic",
    Kind.TIFF: "image/tiff",
    Kind.TEXT: "text/plain; charset=utf-8",
    Kind.DOCX: f"{OOXML}.wordprocessingml.document",
    Kind.XLSX: f"{OOXML}.spreadsheetml.sheet",
    Kind.PPTX: f"{OOXML}.presentationml.presentation",
    Kind.ODT: f"{ODF}.text",
    Kind.ODS: f"{ODF}.spreadsheet",
    Kind.ODP: f"{ODF}.presentation",
    Kind.DOC: "application/msword",
    Kind.XLS: "application/vnd.ms-excel",
}
CHOOSABLE = ",".join(
    sorted({ending for kind in Kind for ending in kind.extensions} | {".jpe", ".hif"})
)
CHOOSABLE_PICTURES = ",".join(sorted(ending for kind in PICTURES for ending in kind.extensions))
