"""The form of a page as a browser without script would send it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

SILENT = {"submit", "button", "image", "reset", "file"}


@dataclass
class HtmlForm:
    """A form: where it goes, what it would send, and the names of all that can be answered."""

    action: str
    sent: dict[str, list[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def filled(self, **typed: str | list[str]) -> dict[str, list[str]]:
        return self.sent | {
            name: value if isinstance(value, list) else [value] for name, value in typed.items()
        }


class _Reader(HTMLParser):
    def __init__(self, page: str):
        super().__init__()
        self.forms: list[HtmlForm] = []
        self.disabled: list[bool] = []
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.textarea: str | None = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "form":
            self.forms.append(HtmlForm(given.get("action") or ""))
        elif tag == "fieldset":
            self.disabled.append("disabled" in given)
        elif self.forms and tag in {"input", "select", "textarea"} and given.get("name"):
            self._control(tag, given)
        elif tag == "option" and self.select:
            self.options.append((given.get("value") or "", "selected" in given))

    def _control(self, tag, given):
        name = given["name"]
        if any(self.disabled) or "disabled" in given:
            return
        self.forms[-1].names.add(name)
        kind = given.get("type", "text")
        if tag == "select":
            self.select, self.options = name, []
        elif tag == "textarea":
            self.textarea = name
            self._send(name, "")
        elif kind in {"checkbox", "radio"}:
            if "checked" in given:
                self._send(name, given.get("value") or "on")
        elif kind not in SILENT:
            self._send(name, given.get("value") or "")

    def handle_data(self, data):
        if self.textarea:
            self.forms[-1].sent[self.textarea][-1] += data

    def handle_endtag(self, tag):
        if tag == "fieldset" and self.disabled:
            self.disabled.pop()
        elif tag == "textarea":
            self.textarea = None
        elif tag == "select" and self.select:
            chosen = [value for value, is_chosen in self.options if is_chosen]
            self._send(self.select, (chosen or [value for value, _ in self.options] or [""])[0])
            self.select = None

    def _send(self, name, value):
        self.forms[-1].sent.setdefault(name, []).append(value)


def forms_of(page: str) -> list[HtmlForm]:
    return _Reader(page).forms


def form_with(page: str, name: str) -> HtmlForm | None:
    """The form that has a control of that name."""
    return next((one for one in forms_of(page) if name in one.names), None)
