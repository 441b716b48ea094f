from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from agencies.models import AttemptCount, UseCount
from casenotes.models import NoteDraft, NoteSearch
from clients.models import ClientSearch, FormDraft
from enrollments.models import IntakeDraft
from records.models import Submission
from records.querysets import UNDO_FOR

KEPT_FOR = {
    Submission: timedelta(days=settings.NOTE_DRAFT_DAYS + 1),  # they say which draft was saved
    ClientSearch: timedelta(days=1),
    NoteSearch: timedelta(days=1),
    NoteDraft: timedelta(days=settings.NOTE_DRAFT_DAYS),
    FormDraft: timedelta(days=settings.NOTE_DRAFT_DAYS),
}
# Which limits were reached, and why, is read by officers; nobody needs the counts after that.
USE_COUNTED_FOR = timedelta(days=90)


class Command(BaseCommand):
    help = (
        "Deletes old searches, drafts, one-time form tokens and ended sessions. "
        "Run it daily from cron."
    )

    def handle(self, *args, **options):
        FormDraft.objects.saved().delete()
        AttemptCount.objects.ended().delete()
        for model, age in KEPT_FOR.items():
            count, _ = model.objects.filter(at__lt=timezone.now() - age).delete()
            self.stdout.write(f"{count} {model._meta.verbose_name_plural} deleted")
        old = UseCount.objects.filter(hour__lt=timezone.now() - USE_COUNTED_FOR)
        self.stdout.write(f"{old.delete()[0]} counts of use deleted")
        discarded = NoteDraft.objects.discarded_before(timezone.now() - UNDO_FOR)
        self.stdout.write(f"{discarded.delete()[0]} discarded note drafts deleted")
        wiped = IntakeDraft.objects.forget_discarded(before=timezone.now() - UNDO_FOR)
        self.stdout.write(f"{wiped} discarded intakes wiped")
        call_command("clearsessions")
