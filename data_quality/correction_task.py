"""What an officer came to a client's pages for: the record to fix, and the list it stands in."""

from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from data_quality.rules.catalog import BY_KEY
from data_quality.rules.rule import Rule

IN_SESSION = "data_quality_correction_task"


@dataclass(frozen=True)
class CorrectionTask:
    """The row of the rule's subject to fix, and the filters of the list that it stands in."""

    rule_key: str
    record: int
    client: int
    query: str

    @property
    def rule(self) -> Rule:
        return BY_KEY[self.rule_key]

    @property
    def list_url(self) -> str:
        return self._address("quality_list", self.rule_key)

    @property
    def next_url(self) -> str:
        return self._address("quality_next", self.rule_key, self.record)

    def _address(self, name: str, *place: Any) -> str:
        url = reverse(f"admin:{name}", args=place)
        return f"{url}?{self.query}" if self.query else url


def begin(request: HttpRequest, correction_task: CorrectionTask) -> None:
    request.session[IN_SESSION] = asdict(correction_task)


def end(request: HttpRequest) -> bool:
    """Forget the correction task; whether there was one."""
    return request.session.pop(IN_SESSION, None) is not None


def correction_task_on(request: HttpRequest) -> CorrectionTask | None:
    """The correction task that the page belongs to: that of the client whom it is about."""
    client = getattr(request, "client", None)
    kept = request.session.get(IN_SESSION)
    if client is None or not kept or kept["client"] != client.pk:
        return None
    if kept["rule_key"] not in BY_KEY:  # of an older release
        return None
    return CorrectionTask(**kept)
