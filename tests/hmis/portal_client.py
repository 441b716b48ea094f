"""A browser without a window, as it stands behind the proxy: HTTPS to it, HTTP to the server."""

import base64
import hashlib
import hmac
import html
import http.client
import re
import struct
import time
from http.cookies import SimpleCookie
from urllib.parse import urlencode


class PortalClient:
    """Keeps cookies, sends Secure ones too, and fills in forms.

    Args:
        address: host and port that are connected to.
        host: what the user typed, as the proxy passes it on.
    """

    def __init__(self, address: tuple[str, int], host: str) -> None:
        self.address, self.host = address, host
        self.cookies: dict[str, str] = {}
        self.headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
        self.status = 0
        self.location = ""
        self.text = ""

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self.address, timeout=60)

    def request(self, method: str, path: str, body: str | None = None) -> int:
        connection = self.connect()
        headers = {"Host": self.host, **self.headers}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"https://{self.host}",
            }
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        self.status, self.location = answer.status, answer.getheader("Location", "")
        self.text = answer.read().decode(errors="replace")
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(line).items()}
        connection.close()
        return self.status

    def get(self, path: str) -> int:
        return self.request("GET", path)

    def submit(self, path: str, **values: str) -> int:
        """Open a page and send its form with these values."""
        self.get(path)
        return self.send_form(path, **values)

    def send_form(self, path: str, **values: str) -> int:
        """Send the form of the page that is open."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text)
        assert found, f"{path} has no form: {self.status} {self.location}"
        token = {"csrfmiddlewaretoken": html.unescape(found[1])}
        return self.request("POST", path, urlencode(token | values))

    def log_in(self, email: str, password: str) -> int:
        return self.submit("/accounts/login/", login=email, password=password)

    def set_up_second_factor(self) -> str:
        """Type the code of an authenticator app and return its secret."""
        path = "/accounts/2fa/totp/activate/"
        self.get(path)  # each time with another secret
        secret = max(re.findall(r"\b[A-Z2-7]{16,}\b", self.text), key=len)
        assert self.send_code(path, secret) == 302, self.text
        return secret

    def send_code(self, path: str, secret: str) -> int:
        """Type what the app shows; once more where half a minute ended on its way."""
        for _ in range(2):
            if self.send_form(path, code=one_time_code(secret)) == 302:
                break
        return self.status


def one_time_code(secret: str) -> str:
    """The six digits of RFC 6238."""
    counter = int(time.time()) // 30
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", counter), hashlib.sha1).digest()
    number = struct.unpack_from(">I", digest, digest[-1] & 15)[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
