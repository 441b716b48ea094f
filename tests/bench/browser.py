"""A user's browser without a window: one connection that stays open, cookies, compression."""

import gzip
import http.client
import re
import time
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.bench.sides import HOST
from tests.html_forms import HtmlForm, form_with, forms_of

# What a page says is wrong
ERROR = re.compile(r'class="[^"]*(?:error|invalid|danger)[^"]*"[^>]*>(.{1,400}?)</', re.S)
IDLE = 30  # seconds after which a connection may have been closed by the server


class UnexpectedAnswerError(Exception):
    """Neither the page nor the redirection that was expected."""


@dataclass
class Answer:
    status: int
    sent: int  # bytes, as they came over the wire, without the headers
    seconds: float
    location: str
    body: bytes
    is_compressed: bool

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if self.is_compressed else self.body).decode()


class Browser:
    """Logged in by the cookies of `tests.bench.desk`."""

    def __init__(self, port: int, cookies: str) -> None:
        self.port = port
        self.cookies = dict(pair.split("=", 1) for pair in cookies.split("; "))
        self.link: http.client.HTTPConnection | None = None
        self.used_at = 0.0

    def request(self, method: str, address: str, form: dict | None = None) -> Answer:
        """Send one request and read the answer. Raises OSError, HTTPException."""
        headers = {
            "Host": HOST,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Encoding": "gzip",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "192.0.2.7",
        }
        body = None
        if form is not None:
            body = urlencode(form, doseq=True)
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"https://{HOST}",
            }
        begin = time.perf_counter()
        if begin - self.used_at > IDLE:
            self.close()
        self.used_at = begin
        if self.link is None:
            self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            self.link.request(method, address, body, headers)
            answer = self.link.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        seconds = time.perf_counter() - begin
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        return Answer(
            answer.status,
            len(content),
            seconds,
            answer.getheader("Location", ""),
            content,
            answer.getheader("Content-Encoding", "") == "gzip",
        )

    def get(self, address: str) -> Answer:
        """A page. Raises UnexpectedAnswerError."""
        return expected(self.request("GET", address), 200, address)

    def post(self, address: str, form: dict) -> Answer:
        """Send a form that leads to another page. Raises UnexpectedAnswerError."""
        answer = self.request("POST", address, form)
        return expected(answer, 302, address)

    def form(self, address: str, name: str) -> HtmlForm:
        """The form of a page that has a control of that name, with its whole address."""
        form = form_with(self.get(address).text, name)
        if form is None:
            raise UnexpectedAnswerError(f"{address} has no form with {name}")
        form.action = form.action or urlsplit(address).path
        return form

    @staticmethod
    def forms(page: str) -> list[HtmlForm]:
        return forms_of(page)

    def close(self) -> None:
        if self.link:
            self.link.close()
            self.link = None


def expected(answer: Answer, status: int, address: str) -> Answer:
    """The answer, where it has that status. Raises UnexpectedAnswerError with the page's errors."""
    if answer.status != status:
        said = "; ".join(" ".join(text.split()) for text in ERROR.findall(answer.text))
        raise UnexpectedAnswerError(f"{address}: {answer.status} {answer.location} {said}")
    return answer
