"""The beginning of a search process: nothing here needs Django before it is set up."""

import multiprocessing
import os
import threading

import django


def begin(database: str) -> None:
    """Set Django up for this database, and end with the process that started this one."""
    django.setup()
    from django.db import connection  # noqa: PLC0415 - needs the settings

    connection.settings_dict["NAME"] = database
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
