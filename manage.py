#!/usr/bin/env python
"""Django's command line; a demonstration without DATABASE_URL brings its own database."""

import atexit
import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvError

from hmis import embedded, environment
from hmis.pool import disconnect


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
    try:
        environment.load()
        if environment.needs_embedded_database():
            os.environ["DATABASE_URL"] = embedded.start(environment.data_dir() / "postgres")
            atexit.register(disconnect)  # the last comes first: before the server stops
        execute_from_command_line(sys.argv)
    except (EnvError, environment.ConfigurationError, embedded.EmbeddedDatabaseError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
