from django.http import Http404, HttpRequest, HttpResponse


def no_such_page(request: HttpRequest) -> HttpResponse:
    """The work e-mail is the log-in and is changed by administrators, not by its owner."""
    raise Http404
