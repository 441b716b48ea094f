"""Whose address a request comes from, when it has passed proxies of ours (docs/deploying.md)."""

import ipaddress
import logging

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)
_warned: set[str] = set()


def client_address(request: HttpRequest) -> str:
    """The IP address that the outermost of our proxies was connected to from; empty without one.

    Every proxy adds to the end of X-Forwarded-For whom it was connected to from; what stands before
    the last PROXY_COUNT entries was written by the client, and nothing of it is believed.
    """
    remote = request.META.get("REMOTE_ADDR", "")
    forwarded = [
        one for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()
    ]
    _warn(len(forwarded))
    chain = [*forwarded, remote]
    wanted = max(len(chain) - 1 - settings.PROXY_COUNT, 0) if settings.PROXY_COUNT else -1
    return _ip(chain[wanted]) or _ip(remote)


def _ip(text: str) -> str:
    """An address without a port, in one spelling; empty where it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        ip = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(ip, "ipv4_mapped", None) or ip)


def _warn(forwarded: int) -> None:
    """Say once that users may share one address, and with it the limits of log-ins."""
    if forwarded and not settings.PROXY_COUNT:
        words = (
            "A request came with X-Forwarded-For, and BEHIND_PROXY is not set: behind a proxy all "
            "users would share the limits of its address. Set BEHIND_PROXY=true if there is one."
        )
    elif forwarded < settings.PROXY_COUNT:
        words = (
            f"A request came with {forwarded} addresses in X-Forwarded-For, and PROXY_COUNT is "
            f"{settings.PROXY_COUNT}: users may share the limits of one address. Have every proxy "
            "add to X-Forwarded-For, or correct PROXY_COUNT."
        )
    else:
        return
    if words not in _warned:
        _warned.add(words)
        logger.warning(words)
