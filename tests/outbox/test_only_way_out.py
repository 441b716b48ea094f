"""Every mail leaves by the outbox."""

from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_nothing_but_the_transport_imports_djangos_mail():
    from tests.test_floors import MODULES

    mailers = [
        str(path.relative_to(ROOT))
        for path in MODULES
        if "django.core.mail" in path.read_text() or "smtplib" in path.read_text()
    ]
    assert sorted(mailers) == [
        "outbox/demonstration.py",
        "outbox/message.py",
        "outbox/transport.py",
    ]
