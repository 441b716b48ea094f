import pytest

LOG_IN = "/accounts/login/"
PASSWORD = "pass-phrase-for-tests"


@pytest.fixture(params=["agencies.sessions.database", "agencies.sessions.cache"])
def engine(request, settings, db):
    """Both stores of sessions, one after the other; the cache stands for Redis."""
    settings.SESSION_ENGINE = request.param
    return request.param


@pytest.fixture
def one_session(settings):
    settings.ONE_SESSION_PER_USER = True


@pytest.fixture
def log_in(client, db):
    """Return a function that logs a user in as a person does, at a browser of its own."""

    def at_a_browser(user, browser=None, **headers):
        browser = browser or type(client)(headers=headers)
        answer = browser.post(LOG_IN, {"login": user.email, "password": PASSWORD})
        assert answer.status_code == 302, answer.content.decode()
        return browser

    return at_a_browser
