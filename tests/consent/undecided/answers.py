"""What two clients had agreed to, after they were merged."""

from agencies.models import User
from clients.models import Client, Release
from consent.undecided import decide, digest, undecided_of


def sees(user: User, client: Client) -> bool:
    return Client.objects.visible_to(user).filter(pk=client.pk).exists()


def waiting(client: Client) -> set[Release]:
    return {one.release for one in undecided_of(client)}


def decided(client: Client, by: User, *kept: Release) -> list[Release]:
    seen = digest(undecided_of(client))
    return decide(client_id=client.pk, kept={one.pk for one in kept}, seen=seen, by=by)
