from agencies.models import User
from records.admin import BoxFilter


class UserFilter(BoxFilter):
    """By the e-mail of a user whom the officer knows; nobody else's finds anything."""

    title = "user's e-mail"
    parameter_name = "user"

    def found(self, request, queryset, typed: str):
        users = User.objects.filter(email=typed.lower())
        if not request.user.is_superuser:
            users = users.known_to(request.user)
        keys = list(users.values_list("pk", flat=True))
        return queryset.filter(user=keys[0]) if keys else queryset.none()
