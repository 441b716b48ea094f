from django.utils import timezone

from clients.models import ClientAccess, DuplicateReport
from hmis.demo.context import Context
from hmis.demo.signed import create

# The last one is the latest.
VIEWED = ("tiny", "okafor.grace", "bob", "okafor", "robert", "jose", "william", "john")


def add_recent_accesses(context: Context) -> None:
    """What Casey looked at, so that Home has recently viewed clients."""
    ClientAccess.objects.bulk_create(
        ClientAccess(
            client=context.personas[key],
            user=context.agencies.users["casey"],
            organization=context.agencies.harbor,
            page="clients:dashboard",
        )
        for key in VIEWED
    )


def add_duplicate_report(context: Context) -> None:
    """One that waits for the Data Quality Officer: Robert Miller is Bob Miller."""
    casey = context.agencies.users["casey"]
    report = DuplicateReport(
        client_1=context.personas["robert"],
        client_2=context.personas["bob"],
        comment="Same person: he says that Bridge House wrote Bob when he stayed there.",
        organization=context.agencies.harbor,
        created_by=casey,
        updated_by=casey,
        mailed_at=timezone.now(),
    )
    create([report])
