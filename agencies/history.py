"""History of every change: who, when, what, written by triggers and never edited."""

import pghistory


def tracked(*, exclude: list[str] | None = None):
    """Return a class decorator that keeps each version of a model's rows in an event table.

    Args:
        exclude: derived columns (search keys, hashes) that say nothing new.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        exclude=exclude or [],
    )
