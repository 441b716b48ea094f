"""Whether the time of the password reset's answer says who has an account.

    .venv/bin/python -m tests.bench.password_reset

30 requests for addresses with an account and 30 for others, one of each in turn and all of one kind
in a row, while the mail server works, is down, and takes the connection and says nothing.
"""

import os
import statistics
import time
from collections.abc import Callable
from itertools import count

from tests.bench.databases import prepare

REQUESTS = 30
PATH = "/accounts/password/reset/"


def main() -> None:
    prepare("password_reset", durable=True, fresh=True)
    from django.conf import settings
    from django.test import Client
    from django.test.utils import override_settings

    from tests.cas.mail.smtp_server import SMTPServer
    from tests.factories import UserFactory

    office = SMTPServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
    browser, number = Client(), count(time.time_ns())

    def ask(email: str) -> float:
        begin = time.perf_counter()
        answer = browser.post(PATH, {"email": email})
        spent = time.perf_counter() - begin
        assert answer.status_code == 302, answer.status_code
        return spent * 1000

    def known() -> float:
        return ask(UserFactory().email)

    def unknown() -> float:
        UserFactory()  # as much of other work before the request
        return ask(f"nobody{next(number)}@x.example")

    def measure(label: str) -> None:
        for _ in range(5):
            known(), unknown()
        pairs = [(known(), unknown()) for _ in range(REQUESTS)]
        report(f"{label}, in turn", [one for one, _ in pairs], [two for _, two in pairs])
        rows = [batch(one) for one in (known, unknown)]
        report(f"{label}, in a row", *rows)

    def batch(one: Callable[[], float]) -> list[float]:
        time.sleep(2)
        return [one() for _ in range(REQUESTS)]

    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # of the users that are made
    with override_settings(
        ACCOUNT_RATE_LIMITS=False, ALLOWED_HOSTS=["testserver"], PASSWORD_HASHERS=quick
    ):
        office.open()
        measure("mail works")
        office.hang = "CONNECT"
        measure("mail hangs")
        office.close()
        measure("mail is down")
    os._exit(0)  # a thread may still wait for the server


def report(label: str, known: list[float], unknown: list[float]) -> None:
    def said(values: list[float]) -> str:
        quarters = statistics.quantiles(values)
        return f"{quarters[1]:.1f} ms ({quarters[0]:.1f} to {quarters[2]:.1f})"

    print(f"{label:<24} with an account {said(known)}, without {said(unknown)}", flush=True)


if __name__ == "__main__":
    main()
