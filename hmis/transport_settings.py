"""How browsers reach the portal: HTTPS, cookies, proxies."""

from typing import Any

from environs import Env, validate


def chosen(env: Env, *, demo: bool) -> dict[str, Any]:
    """Django's settings of HTTPS and of cookies; PROXY_COUNT: proxies of ours before the portal."""
    https = env.bool("HTTPS", not demo)
    # The prefix binds a cookie to this host and to HTTPS; over plain HTTP no browser would take it.
    prefix = "__Host-" if https else ""
    found = {
        "HTTPS": https,
        "ALLOW_PLAIN_HTTP": env.bool("ALLOW_PLAIN_HTTP", False),
        "SESSION_COOKIE_SECURE": https,
        "CSRF_COOKIE_SECURE": https,
        "SECURE_SSL_REDIRECT": https,
        "SESSION_COOKIE_NAME": f"{prefix}sessionid",
        "CSRF_COOKIE_NAME": f"{prefix}csrftoken",
        "DEVICE_COOKIE_NAME": f"{prefix}hmis_device",
        "SENT_COOKIE_NAME": f"{prefix}hmis_sent",
        "SECURE_REDIRECT_EXEMPT": [r"^health/(mail/)?$"],
        "SECURE_HSTS_SECONDS": env.int("HSTS_SECONDS", 31_536_000 if https else 0),
        "SECURE_HSTS_INCLUDE_SUBDOMAINS": https,
        "SECURE_HSTS_PRELOAD": https,
        "PROXY_COUNT": 0,
    }
    if env.bool("BEHIND_PROXY", False):
        found["SECURE_PROXY_SSL_HEADER"] = ("HTTP_X_FORWARDED_PROTO", "https")
        found["PROXY_COUNT"] = env.int("PROXY_COUNT", 1, validate=validate.Range(1, 9))
    return found
