"""Who merges two clients, and takes a merge apart again (docs/adr/0014)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agencies.models import User
    from clients.models import Client


def may_merge(user: "User", *clients: "Client") -> bool:
    """The officer of the organizations that filed both, or an administrator."""
    return all(client.organization_id in user.dqo_organizations for client in clients)


def may_compare(user: "User", *clients: "Client") -> bool:
    """An officer of either organization sees in the workspace what a merge would do."""
    return any(client.organization_id in user.dqo_organizations for client in clients)


def who_merges(*clients: "Client") -> str:
    """The sentence that says who merges these two."""
    organizations = list(dict.fromkeys(str(client.organization) for client in clients))
    if len(organizations) == 1:
        return f"A Data Quality Officer of {organizations[0]} or an administrator merges them."
    return (
        f"They were filed by {' and '.join(organizations)}: an administrator merges them, or an "
        "officer of both."
    )
