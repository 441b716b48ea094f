from django.utils import timezone

from clients.models import ClientAccess, DuplicateReport
from hmis.demo.scene import Scene
from hmis.demo.signed import create

# The last one is the latest.
VIEWED = ("tiny", "okafor.grace", "bob", "okafor", "robert", "jose", "william", "john")


def add_recent_accesses(scene: Scene) -> None:
    """What Casey looked at, so that Home has recently viewed clients."""
    ClientAccess.objects.bulk_create(
        ClientAccess(
            client=scene.personas[key],
            user=scene.agencies.users["casey"],
            organization=scene.agencies.harbor,
            page="clients:dashboard",
        )
        for key in VIEWED
    )


def add_duplicate_report(scene: Scene) -> None:
    """One that waits for the Data Quality Officer: Robert Miller is Bob Miller."""
    casey = scene.agencies.users["casey"]
    report = DuplicateReport(
        client_1=scene.personas["robert"],
        client_2=scene.personas["bob"],
        comment="Same person: he says that Bridge House wrote Bob when he stayed there.",
        organization=scene.agencies.harbor,
        created_by=casey,
        updated_by=casey,
        mailed_at=timezone.now(),
    )
    create([report])
