from django.core.exceptions import ValidationError
from django.http import HttpRequest

from agencies import limits_of_use as limits
from agencies.models import LimitedUse
from agencies.requests import UserRequest
from clients.forms.find import FindClientForm
from clients.models import ClientSearch


def save_search(
    request: HttpRequest | UserRequest, form: FindClientForm, *, return_to: str = ""
) -> ClientSearch:
    """Count a search and store it; beyond the limit its results are held, and it is not lost.

    Args:
        return_to: the page that the results lead back to, with the client who was chosen.
    """
    refusal = limits.count(request.user, LimitedUse.SEARCHES)
    return form.save_search(user=request.user, return_to=return_to, is_held=refusal is not None)


def release(request: HttpRequest, search: ClientSearch) -> None:
    """Let the results of a held search be seen, once its user may go on.

    Raises:
        LimitReached: while the user may not.
    """
    limits.require_room(request.user, LimitedUse.SEARCHES)
    search.is_held = False
    search.save(update_fields=["is_held"])


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
