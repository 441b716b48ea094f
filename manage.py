#!/usr/bin/env python
"""Django's command line; a demonstration without DATABASE_URL brings its own database."""

import atexit
import os
import sys

from environs import EnvError

from hmis import embedded, environment, roles
from hmis.pool import disconnect


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
    try:
        environment.load()
        if environment.needs_embedded_database():
            folder = environment.data_dir() / "postgres"
            os.environ[roles.OWNER_URL] = embedded.start(folder)
            os.environ["DATABASE_URL"] = embedded.server_url(folder)
            atexit.register(disconnect)  # the last comes first: before the server stops
        roles.CommandLine(sys.argv).execute()
    except (EnvError, environment.ConfigurationError, embedded.EmbeddedDatabaseError) as error:
        sys.exit(str(error))
    except Exception as error:
        from hmis.faults import why_it_ended  # noqa: PLC0415 -- loads forms, which cron does without

        if line := why_it_ended(error):
            sys.exit(line)
        raise


if __name__ == "__main__":
    main()
