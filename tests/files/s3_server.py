"""A real S3 server for the tests: rclone's, on a port of this machine."""

import secrets
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3

from tests.server_process import free_port

KEY, SECRET = "hmis-tests-access-key", "hmis-tests-secret-of-the-key"


def rclone() -> str:
    beside = Path(sys.executable).with_name("rclone")
    return str(beside) if beside.exists() else shutil.which("rclone") or "rclone"


class S3Server:
    """Serves a folder; `stop` and `start` again as the same server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [
                *(rclone(), "serve", "s3", str(self.folder)),
                *("--addr", f"127.0.0.1:{self.port}"),
                *("--auth-key", f"{KEY},{SECRET}"),
                *("--vfs-cache-mode", "off", "--config", "/dev/null"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()

    def _wait(self) -> None:
        for _ in range(1200):
            try:
                urlopen(self.url, timeout=30)
            except HTTPError:
                return
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise TimeoutError

    def new_bucket(self) -> str:
        """Make an empty bucket through the server, which remembers what it has listed."""
        client = boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
        )
        name = f"client-files-{secrets.token_hex(4)}"
        client.create_bucket(Bucket=name)
        return name

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None
