"""Where clients' files are kept: this machine's file system, or an S3 store by settings."""

from pathlib import Path
from typing import Any

from environs import Env, validate

from hmis.environment import absolute

MEBI = 1024 * 1024


def chosen(env: Env, *, ca_file: str = "") -> dict[str, Any]:
    """The storage that the environment names, as an entry of STORAGES."""
    bucket = env.str("S3_BUCKET", "")
    if not bucket:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    return s3(
        bucket,
        endpoint_url=env.str("S3_ENDPOINT_URL", None),
        region_name=env.str("S3_REGION", None),
        access_key=env.str("S3_ACCESS_KEY_ID", None),
        secret_key=env.str("S3_SECRET_ACCESS_KEY", None),
        addressing_style=env.str("S3_ADDRESSING_STYLE", None),
        ca_file=ca_file,
        connect_seconds=env.float("S3_CONNECT_SECONDS", 3),
        read_seconds=env.float("S3_READ_SECONDS", 5),
    )


def s3(
    bucket: str,
    *,
    ca_file: str = "",
    connect_seconds: float = 3,
    read_seconds: float = 5,
    **options: Any,
) -> dict[str, Any]:
    """An S3 store that answers or fails within seconds, and copies no whole file into memory.

    Each call is tried twice. FILE_STORE_SECONDS limits all of it (files/store.py).
    `ca_file` has the certificates that are trusted instead of the system's; `read_seconds` is for
    the next byte of an answer.
    """
    from boto3.s3.transfer import TransferConfig  # noqa: PLC0415 -- slow to import, not always used
    from botocore.config import Config  # noqa: PLC0415

    style = options.pop("addressing_style") or "auto"
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": options
        | {
            "bucket_name": bucket,
            "verify": ca_file or None,  # None: by the system's certificates
            "default_acl": None,  # as the bucket says, which has to be private
            "querystring_auth": True,
            "querystring_expire": 60,  # seconds that a signed address is good for
            "file_overwrite": True,  # keys are random: there is nothing to overwrite
            "max_memory_size": MEBI,  # more of a download goes to a temporary file
            "transfer_config": TransferConfig(
                multipart_threshold=8 * MEBI, multipart_chunksize=8 * MEBI, use_threads=False
            ),
            "client_config": Config(
                signature_version="s3v4",
                connect_timeout=connect_seconds,
                read_timeout=read_seconds,
                retries={"mode": "standard", "total_max_attempts": 2},
                s3={"addressing_style": style},
            ),
        },
    }


def upload_settings(env: Env, *, data_dir: Path) -> dict[str, Any]:
    """Django's settings of uploads and of their folder, and ours of the store (docs/files.md)."""
    temporary = env.str("UPLOAD_TEMP_DIR", "")
    return {
        "S3_ENDPOINT_URL": env.str("S3_ENDPOINT_URL", ""),
        "MEDIA_ROOT": str(absolute(env.str("MEDIA_ROOT", "") or str(data_dir / "media"))),
        "FILE_UPLOAD_HANDLERS": ["files.uploads.LimitedUploadHandler"],
        "UPLOAD_TEMP_DIR": temporary,
        "FILE_UPLOAD_TEMP_DIR": str(absolute(temporary)) if temporary else None,
        "FILE_UPLOAD_PERMISSIONS": 0o600,
        "FILE_UPLOAD_DIRECTORY_PERMISSIONS": 0o700,
        "DATA_UPLOAD_MAX_NUMBER_FILES": 5,
        # Income and Sources sends some fifty fields a member; large households have over twenty.
        "DATA_UPLOAD_MAX_NUMBER_FIELDS": 3000,
        "MAX_UPLOAD_BYTES": env.int("MAX_UPLOAD_MB", 25) * MEBI,
        "SIGNED_DOWNLOADS": env.bool("SIGNED_DOWNLOADS", False) and bool(env.str("S3_BUCKET", "")),
        "CLAMAV_ADDRESS": env.str("CLAMAV_ADDRESS", ""),
        # Whatever the store does, an upload or a download has given up after so many seconds.
        "FILE_STORE_SECONDS": env.float("FILE_STORE_SECONDS", 10),
        # What no record names waits so many days in the store's quarantine; clean_files moves
        # nothing where more than so much of the store would go.
        "FILES_QUARANTINE_DAYS": env.int("FILES_QUARANTINE_DAYS", 30, validate=validate.Range(1)),
        "FILES_QUARANTINE_PERCENT": env.int(
            "FILES_QUARANTINE_PERCENT", 5, validate=validate.Range(0, 100)
        ),
        # Exports and imports of HMIS CSV: their files are deleted after so many days, and one that
        # works longer has failed (docs/exchange.md).
        "TRANSFER_DAYS": env.int("TRANSFER_DAYS", 7, validate=validate.Range(1)),
        "TRANSFER_HOURS": env.float("TRANSFER_HOURS", 4),
    }
