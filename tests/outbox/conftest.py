import pytest

from outbox import demonstration


@pytest.fixture
def demonstration_mail(settings, tmp_path):
    """The mail settings that `make run` has; returns a function that lists what was mailed."""
    settings.DEMO, settings.EMAIL_BACKEND = True, demonstration.BACKEND
    settings.DEMONSTRATION_MAIL_DIR = tmp_path / "mail"
    settings.SITE_URL = "http://127.0.0.1:8000/"
    return demonstration.kept_mails
