"""What a request can say about where the portal stands: nothing."""

from gunicorn.config import Config
from gunicorn.http import RequestParser
from gunicorn.http.wsgi import create

from hmis.server import config

REQUEST = b"GET /x/clients/ HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: /x\r\nPATH_INFO: /\r\n\r\n"


def environ_of(request: bytes) -> dict:
    """What an application is given by a peer whom gunicorn trusts."""
    cfg = Config()
    for name, value in config.OPTIONS.items():
        cfg.set(name, value)
    parsed = next(RequestParser(cfg, iter([request]), ("127.0.0.1", 1)))
    return create(parsed, None, ("127.0.0.1", 1), ("127.0.0.1", 80), cfg)[1]


def test_no_header_moves_the_addresses_of_pages():
    given = environ_of(REQUEST)
    assert given["HTTP_HOST"] == "localhost"
    assert (given["SCRIPT_NAME"], given["PATH_INFO"]) == ("", "/x/clients/")
