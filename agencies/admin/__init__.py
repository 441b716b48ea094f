from agencies.admin.filters import UserFilter

__all__ = ["UserFilter"]

from agencies.admin import (  # noqa: F401 - they register
    access,
    invitations,
    limits,
    places,
    security,
    users,
)
