"""What enrollments say of a client on every page, read with the client (settings.CLIENT_MARKS)."""

from django.db.models import OuterRef, Subquery

from agencies.models import User
from clients.querysets import ClientQuerySet
from enrollments.models import Enrollment


def with_death(clients: ClientQuerySet, user: User) -> ClientQuerySet:
    """Bring along `died_on`: the date of an exit to Deceased (HUD 3.12) that the user may see.

    It is read from the exit each time: an exit that is undone, corrected or deleted says nothing.
    """
    exits = Enrollment.objects.visible_to(user).deceased().filter(client=OuterRef("pk"))
    first = exits.order_by("exit_date").values("exit_date")[:1]
    return clients.annotate(died_on=Subquery(first))
