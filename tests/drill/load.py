"""Users who save and look without pause, and remember every answer."""

import http.client
import re
import ssl
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.hmis.portal_client import PortalClient

HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


class BrowserClient(PortalClient):
    """Through the proxy, by TLS."""

    def connect(self) -> http.client.HTTPConnection:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return http.client.HTTPSConnection(*self.address, timeout=30, context=trusting)

    def hidden_fields(self) -> dict[str, str]:
        """Of the page's own form, which is its last: organization, token against double posts."""
        main = self.text[self.text.find("<main") :]
        tags = [dict(ATTRIBUTE.findall(tag)) for tag in HIDDEN.findall(main)]
        return {tag["name"]: tag.get("value", "") for tag in tags if "name" in tag}


@dataclass
class Report:
    """What all users together met."""

    acknowledged: set[str] = field(default_factory=set)
    answers: list[tuple[float, str, int]] = field(default_factory=list)  # when begun, what, status
    broken: str = ""  # why the load itself does not work
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, begun: float, what: str, status: int) -> None:
        with self.lock:
            self.answers.append((begun, what, status))

    def failures(self, since: float, until: float) -> list[tuple[float, str, int]]:
        """Answers that a user would call an error, begun between two times; 0 is no answer."""
        return [
            answer
            for answer in self.answers
            if since <= answer[0] <= until and (answer[2] == 0 or answer[2] >= 500)
        ]


class User(threading.Thread):
    """Logs in and works until `stop` is set."""

    def __init__(self, browser: BrowserClient, email: str, password: str, report: Report) -> None:
        super().__init__(daemon=True)
        self.browser, self.report = browser, report
        self.credentials = email, password
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            begun = time.time()
            try:
                what, status = self.work()
            except (OSError, http.client.HTTPException):
                what, status = "no answer", 0
            except AssertionError as error:
                self.report.broken = str(error)
                return
            self.report.note(begun, what, status)
            if status == 0 or status >= 500:
                self.stop.wait(0.2)

    def log_in(self) -> tuple[str, int]:
        status = self.browser.log_in(*self.credentials)
        assert status == 302 or status >= 500, f"nobody can log in: {status}"
        return "log in", status

    def work(self) -> tuple[str, int]:
        raise NotImplementedError


class Writer(User):
    """Adds interested others to a client; what was acknowledged has to be there at the end."""

    def __init__(self, *args, client_id: int) -> None:
        super().__init__(*args)
        self.path = f"/clients/{client_id}/interested-others/add/"

    def work(self) -> tuple[str, int]:
        page = self.browser.get(self.path)
        if page == 302:
            return self.log_in()
        if page != 200:
            return "form", page
        mark = uuid.uuid4().hex
        fields = self.browser.hidden_fields() | {"type_description": mark}
        status = self.browser.request("POST", self.path, urlencode(fields))
        if status == 302 and "/accounts/" not in self.browser.location:
            with self.report.lock:
                self.report.acknowledged.add(mark)
        elif status == 200:
            raise AssertionError("the form was refused: " + self.browser.text[:2000])
        return "save", status


class Officer(User):
    """Looks at an officer's list, which is read on the replica."""

    def work(self) -> tuple[str, int]:
        status = self.browser.get("/admin/clients/duplicatereport/")
        if status == 302:
            return self.log_in()
        self.stop.wait(0.3)
        return "officer's list", status
