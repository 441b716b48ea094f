"""Why another server could not be used, in words for the log."""

import ssl


def reason(error: BaseException) -> str:
    """The kind of the error behind it, with the system's words, or what ails a certificate.

    Nothing else of a message, which may quote an address with a password or a file's name.
    """
    first = error
    while behind := first.__cause__ or (None if first.__suppress_context__ else first.__context__):
        first = behind
    if isinstance(first, ssl.SSLCertVerificationError):
        return f"its certificate does not verify: {first.verify_message}"
    words = getattr(first, "strerror", None)
    return f"{type(first).__name__} ({words})" if words else type(first).__name__
