from django.core.exceptions import ValidationError
from django.http import HttpRequest

from clients.models import ClientSearch


def posted(request: HttpRequest, *left_out: str) -> list[tuple[str, str]]:
    """What was typed, to be sent once more with a decision, but for the buttons `left_out`."""
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in {"csrfmiddlewaretoken", *left_out}
    ]


def own_search(request: HttpRequest, search_id: str | None) -> ClientSearch | None:
    """The user's own search of that id; None where there is none."""
    try:
        return ClientSearch.objects.filter(pk=search_id or None, user=request.user).first()
    except ValidationError:
        return None
