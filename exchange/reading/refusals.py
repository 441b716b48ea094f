"""Why a set of files is not read."""


class RefusedError(Exception):
    """The set is refused as a whole; its text is a sentence for people."""
