"""Who is logged in, read together with what that user has access to."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from agencies.models import Membership, User
from records.statements import compiled


@compiled
def memberships(user_id: int) -> QuerySet[Membership]:
    rows = Membership.objects.filter(user=user_id, user__is_superuser=False)
    return rows.select_related("user", "organization")


class MemberBackend(AuthenticationBackend):
    """Allauth's log-in by e-mail; a page's user and memberships take one query instead of two."""

    def get_user(self, user_id: int) -> User | None:
        rows = memberships(user_id)
        if not rows:  # an administrator, or nobody's member
            return super().get_user(user_id)
        user = rows[0].user
        user.access = {row.organization_id: row for row in rows}
        return user if self.user_can_authenticate(user) else None
