"""What a page of a draft sends of itself, beside the answers on it."""

import re
import uuid

from django.http import QueryDict

# Names that belong to the page and not to its answers.
OF_THE_PAGE = re.compile(
    "csrfmiddlewaretoken|seen|tab|turn|confirm|asked|next|back|close|enter|find|finish|copy|rest|rest_and_next|same|sign"
    "|opened_with|find-.*"
)


def seen_by(posted: QueryDict) -> int:
    """How often the step had been saved when the page was opened."""
    return _number(posted, "seen")


def turn_of(posted: QueryDict) -> int:
    """The number of the request on its page; a page without script counts none."""
    return _number(posted, "turn")


def tab_of(posted: QueryDict) -> str:
    """Tells one open page from another."""
    return posted.get("tab", "")[:32] or uuid.uuid4().hex


def _number(posted: QueryDict, name: str) -> int:
    sent = posted.get(name, "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0
