"""Who is logged in, read together with what that user has access to."""

from allauth.account.auth_backends import AuthenticationBackend

from agencies.models import Membership, User


class MemberBackend(AuthenticationBackend):
    """Allauth's log-in by e-mail; a page's user and memberships take one query instead of two."""

    def get_user(self, user_id: int) -> User | None:
        rows = list(
            Membership.objects.filter(user=user_id, user__is_superuser=False).select_related(
                "user", "organization"
            )
        )
        if not rows:  # an administrator, or nobody's member
            return super().get_user(user_id)
        user = rows[0].user
        user.access = {row.organization_id: row for row in rows}
        return user if self.user_can_authenticate(user) else None
