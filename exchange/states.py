"""How far an export or import is, and which files belong to it (docs/adr/0040)."""

from django.db import models


class TransferKind(models.TextChoices):
    EXPORT = "export", "Export"
    IMPORT = "import", "Import"


class TransferState(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    WAITING = "waiting", "Checked: waits for you"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELED = "canceled", "Canceled"
    EXPIRED = "expired", "Expired"

    @classmethod
    def at_work(cls) -> list["TransferState"]:
        return [cls.QUEUED, cls.RUNNING]

    @classmethod
    def over(cls) -> list["TransferState"]:
        return [cls.DONE, cls.FAILED, cls.CANCELED, cls.EXPIRED]

    @property
    def tone(self) -> str:
        """Of its badge."""
        return {
            self.DONE: "good",
            self.WAITING: "warning",
            self.FAILED: "danger",
            self.CANCELED: "",
            self.EXPIRED: "",
        }.get(self, "info")


class KeptPart(models.TextChoices):
    UPLOAD = "upload", "Uploaded file"
    RESULT = "result", "Exported file"
