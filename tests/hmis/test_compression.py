"""Pages are compressed, and their length says nothing of what is in them."""

import gzip

from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from hmis.middleware.compression import PageCompressionMiddleware

ASKS = {"accept-encoding": "gzip, deflate, br"}
PAGE = b"<p>One client after another.</p>" * 100


def answered(response):
    return PageCompressionMiddleware(lambda request: response)(
        RequestFactory(headers=ASKS).get("/")
    )


def test_page_of_a_user_is_compressed_where_the_browser_asks(portal, alice):
    plain, small = (portal(alice).get("/", headers=headers) for headers in ({}, ASKS))
    assert "Content-Encoding" not in plain
    assert small["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small["Vary"]
    assert len(small.content) == int(small["Content-Length"]) < len(plain.content) / 3
    assert b"Favorites Menu" in gzip.decompress(small.content)
    assert "no-store" in small["Cache-Control"]


def test_same_page_is_never_of_one_length():
    lengths = {len(answered(HttpResponse(PAGE)).content) for _ in range(60)}
    assert len(lengths) > 15
    assert max(lengths) - min(lengths) > 40


def test_token_of_a_form_differs_from_page_to_page(portal, alice):
    browser = portal(alice)
    tokens = {str(browser.get("/").context["csrf_token"]) for _ in range(3)}
    assert len(tokens) == 3


def test_streams_downloads_and_short_answers_go_out_as_they_are():
    for response in (
        StreamingHttpResponse([PAGE]),
        HttpResponse(PAGE, content_type="text/csv"),
        HttpResponse(PAGE, content_type="application/json"),
        HttpResponse(b"short"),
    ):
        assert "Content-Encoding" not in answered(response)
