"""The name of `send_mail` in the cron lines of earlier releases."""

from outbox.management.commands.send_mail import Command

__all__ = ["Command"]
