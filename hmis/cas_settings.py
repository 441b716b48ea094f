"""Coordinated Access: whom it notifies, and when its mail goes (docs/mail.md)."""

from typing import Any

from environs import Env, validate


def chosen(env: Env) -> dict[str, Any]:
    """Of what happened before CAS_RECENT_DAYS nobody is notified; a client of whom nothing was
    recorded for CAS_INACTIVE_DAYS is inactive (0: nobody is notified)."""
    return {
        "CAS_DIGEST_HOUR": env.int("CAS_DIGEST_HOUR", 7, validate=validate.Range(0, 23)),
        "CAS_REMINDER_DAYS": env.int("CAS_REMINDER_DAYS", 3),
        "CAS_REMINDERS": env.int("CAS_REMINDERS", 2),
        "CAS_ESCALATION_DAYS": env.int("CAS_ESCALATION_DAYS", 7),
        "CAS_RECENT_DAYS": env.int("CAS_RECENT_DAYS", 14),
        "CAS_INACTIVE_DAYS": env.int("CAS_INACTIVE_DAYS", 60),
    }
