"""History of every change: who, when, what, written by triggers and never edited."""

import pghistory


def tracked(*deeds: str, exclude: list[str] | None = None):
    """Return a class decorator that keeps each version of a model's rows in an event table.

    Args:
        deeds: labels of what is done to a row without changing it, noted by `note`.
        exclude: derived columns (search keys, hashes) that say nothing new.
    """
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        *(pghistory.ManualEvent(deed) for deed in deeds),
        exclude=exclude or [],
    )


def note(row, deed: str) -> None:
    """Put a deed that changes no column of the row into its history."""
    pghistory.create_event(row, label=deed)
