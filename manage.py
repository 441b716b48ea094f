#!/usr/bin/env python
"""Django's command line; without DATABASE_URL it brings its own database, for demonstration."""

import atexit
import os
import sys
from pathlib import Path

from django.core.management import execute_from_command_line
from environs import Env

from hmis import embedded
from hmis.pool import disconnect

BASE_DIR = Path(__file__).resolve().parent


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
    Env().read_env(str(BASE_DIR / ".env"))
    if not os.environ.get("DATABASE_URL"):
        data_dir = Path(os.environ.get("HMIS_DATA_DIR") or BASE_DIR / ".hmis")
        try:
            os.environ["DATABASE_URL"] = embedded.start(data_dir / "postgres")
            os.environ.setdefault("HMIS_DEMO", "1")
            atexit.register(disconnect)  # the last comes first: before the server stops
        except embedded.EmbeddedDatabaseError as error:
            sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
