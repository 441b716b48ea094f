"""The headers that bound what a browser does with a page (ASVS V3.4)."""

import pytest

PAGES = ["/", "/clients/", "/settings/sessions/", "/accounts/login/", "/session/", "/no-such-page/"]


@pytest.fixture(params=PAGES)
def answer(request, portal, alice):
    return portal(alice).get(request.param, headers={"origin": "https://evil.example"})


def test_no_other_origin_may_read_an_answer(answer):
    assert "Access-Control-Allow-Origin" not in answer


def test_policies_of_content_frames_and_referrers_are_on_every_answer(answer):
    policy = answer["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'"):
        assert part in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"


def test_browser_is_bound_to_https_for_a_year_with_all_subdomains(settings, client, db):
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    answer = client.get("/accounts/login/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
