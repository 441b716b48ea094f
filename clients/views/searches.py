from django.core.exceptions import ValidationError
from django.http import HttpRequest

from clients.models import ClientSearch


def own_search(request: HttpRequest, search_id: str | None) -> ClientSearch | None:
    """The user's own search of that id; None where there is none."""
    try:
        return ClientSearch.objects.filter(pk=search_id or None, user=request.user).first()
    except ValidationError:
        return None
