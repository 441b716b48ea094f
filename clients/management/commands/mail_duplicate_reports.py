from django.core.management.base import BaseCommand, CommandError

from clients.actions import mail_duplicate_report
from clients.models import DuplicateReport


class Command(BaseCommand):
    help = "Mails the help desk the duplicate reports that could not be mailed at once."

    def add_arguments(self, parser):
        parser.add_argument("link", help="the portal's address, https://hmis.example.org/")

    def handle(self, *args, link, **options):
        waiting = DuplicateReport.objects.filter(mailed_at=None).order_by("pk")
        results = [mail_duplicate_report(report, link) for report in waiting]
        results = [result for result in results if result is not None]
        self.stdout.write(f"{sum(results)} of {len(results)} mailed")
        if not all(results):
            raise CommandError("The mail server does not take all of them; run this again later.")
