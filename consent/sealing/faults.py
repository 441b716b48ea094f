"""What can be wrong with a release, its file and its text, as check_releases says it."""

from django.db import models


class Fault(models.TextChoices):
    """Why a sealed copy is not what was signed, or cannot be checked."""

    NO_FILE = "no_file", "it has no file"
    NO_SIGNATURE = "no_signature", "how it was signed is not on record"
    MISSING = "missing", "the file is not in the file store"
    UNREAD = "unread", "the file store did not answer"
    BYTES = "bytes", "the file is not the one that was stored"
    SEAL = "seal", "the seal is broken or missing"
    UNTRUSTED = "untrusted", "the seal is by a certificate that is not trusted"
    CERTIFICATE = "certificate", "it was sealed while the certificate was not valid"
    TIMESTAMP = "timestamp", "the time stamp does not count"
    FACTS = "facts", "the sealed file says something else than the release"
    TEXT = "text", "the text is not the one that was signed"
