"""Time stamps of an authority (RFC 3161): that a seal was there at a moment, by another's clock."""

import ssl
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from asn1crypto import tsp
from django.conf import settings
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError, set_tsp_headers

from records.network_errors import reason
from records.timed_calls import Calls, OutOfTimeError

MOST = 64 * 1024  # bytes of an answer

# Apart from those of the file store, which goes on while the authority hangs.
calls = Calls()


class Authority(TimeStamper):
    """Asks RELEASE_TIMESTAMP_URL; pyHanko's own client opens connections by aiohttp's rules."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        try:
            answer = calls.run(lambda: _answer(req), seconds=settings.RELEASE_TIMESTAMP_SECONDS)
        except OutOfTimeError:
            raise TimestampRequestError("no answer in time") from None
        _refuse_stale(answer, req)
        return answer


def _refuse_stale(answer: tsp.TimeStampResp, req: tsp.TimeStampReq) -> None:
    # pyHanko compares the nonces too, and fails on the way to say so.
    if answer["status"]["status"].native != "granted":
        return
    stamp = answer["time_stamp_token"]["content"]["encap_content_info"]["content"].parsed
    if stamp["nonce"].native != req["nonce"].native:
        raise TimestampRequestError("the answer belongs to another request")


def _answer(req: tsp.TimeStampReq) -> tsp.TimeStampResp:
    url = settings.RELEASE_TIMESTAMP_URL  # http or https: hmis/seal_settings.py
    request = Request(url, data=req.dump(), headers=set_tsp_headers({}))  # noqa: S310
    seconds = settings.RELEASE_TIMESTAMP_SECONDS
    tls = ssl.create_default_context(cafile=settings.TLS_CA_FILE or None)
    try:
        with urlopen(request, timeout=seconds, context=tls) as answer:  # noqa: S310
            return tsp.TimeStampResp.load(answer.read(MOST))
    except HTTPError as error:
        raise TimestampRequestError(f"HTTP status {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise TimestampRequestError(reason(error)) from error


def authority() -> Authority | None:
    """The authority that stamps seals, if the settings name one."""
    return Authority() if settings.RELEASE_TIMESTAMP_URL else None
