from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from agencies.models import SecurityEvent, User
from agencies.security_events import record_event


class Command(createsuperuser.Command):
    """Django's own, which leaves a security event too: the way in who has no administrator left."""

    def handle(self, *args: Any, **options: Any) -> None:
        before = list(User.objects.filter(is_superuser=True).values_list("pk", flat=True))
        super().handle(*args, **options)
        for user in User.objects.filter(is_superuser=True).exclude(pk__in=before):
            kind = SecurityEvent.Kind.ADMINISTRATOR_CHANGED
            record_event(kind, subject=user, detail={"is_administrator": True})
