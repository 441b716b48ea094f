"""The product's addresses, and two floors: a page of nothing, and one with all that is around."""

from functools import cache

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from hmis.urls import *  # noqa: F403
from hmis.urls import urlpatterns as of_the_product

EMPTY = '{% extends "base.html" %}{% block title %}Empty{% endblock %}'


@cache
def _template():
    """Parsed once, as the templates of all other pages are."""
    return engines["django"].from_string(EMPTY)


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nothing")


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_template().render({}, request))


urlpatterns = [
    path("bench/nothing/", nothing, name="bench_nothing"),
    path("bench/empty/", empty, name="bench_empty"),
    *of_the_product,
]
