"""A release serves hashed files; what the first visit has loaded no later one asks for again."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client

from hmis.static_files import STYLESHEET, STYLESHEETS
from hmis.templatetags.shell import stylesheets
from records import fragments
from records.icons import icon
from tests.factories import ClientFactory
from tests.hmis.test_deployment import ROOT, django

YEAR = 365 * 24 * 60 * 60  # seconds
LOG_IN = "/accounts/login/"
PAGES = [LOG_IN, "/", "{client}", "{client}case-notes/add/"]
NAMED = re.compile(r"""(?:href|src)="(/static/[^"]+)\"""")
MODULE = re.compile(r"""<script type="module" src="([^"]+)\"""")
IN_STYLES = re.compile(r"""url\(["']?(?!data:|#)([^"')]+)["']?\)""")
IN_MODULES = re.compile(r"""^import (?:[^"';]*from )?["'](\./[^"']+)["']""", re.M)
MAX_AGE = re.compile(r"max-age=(\d+)")
COMPRESSED = {"css", "js", "svg"}


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    """The folder of `collectstatic`, as a production server makes it."""
    root = tmp_path_factory.mktemp("release") / "static"
    done = django(
        *("manage.py", "collectstatic", "--no-input", "-v0"),
        tmp_path=root.parent,
        STATIC_ROOT=str(root),
    )
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def names(release) -> dict[str, str]:
    return json.loads((release / "staticfiles.json").read_text())["paths"]


@pytest.fixture
def served(release, settings, monkeypatch) -> Iterator[None]:
    """The portal, with the files of the release instead of those that lie in the folders."""
    monkeypatch.setattr(fragments, "_kept", {})
    icon.cache_clear()
    settings.STATIC_ROOT = str(release)
    settings.WHITENOISE_USE_FINDERS = False
    hashed = {"BACKEND": "hmis.static_files.HashedStaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": hashed}
    yield
    icon.cache_clear()


def test_static_files_are_collected_under_names_that_change_with_them(release, names):
    for name in (
        "hmis/css/base.css",
        "hmis/js/forms.js",
        "hmis/icons.svg",
        "bootstrap/css/bootstrap.min.css",
    ):
        assert names[name] != name
        assert (release / names[name]).exists()
    # The rules of all files are one, in their order, with what they point to under its new name.
    sheet = (release / names[STYLESHEET]).read_text()
    places = [
        sheet.index((release / names[name]).read_text().splitlines()[-1])
        for name in STYLESHEETS[1:]
    ]
    assert places == sorted(places)
    assert Path(names["hmis/fonts/inter-latin.woff2"]).name in sheet
    assert "sourceMappingURL" not in sheet
    # The page for our own errors rests on no list of names.
    bare = (ROOT / "templates/shell/bare.html").read_text()
    plain = re.findall(r'="/static/(hmis/.+?)"', bare)
    assert "hmis/css/base.css" in plain
    assert all((release / name).exists() for name in plain)


@pytest.fixture(params=PAGES)
def first_visit(request, served, alice, harbor) -> HttpResponse:
    """A page as it is served with the files of the release."""
    if request.param == LOG_IN:
        return Client().get(LOG_IN)
    browser = Client()
    browser.force_login(alice)
    client = ClientFactory(organization=harbor, created_by=alice)
    return browser.get(request.param.format(client=client.get_absolute_url()))


def test_second_visit_loads_the_page_alone(first_visit, names):
    assert first_visit.status_code == 200
    assert "no-store" in first_visit["Cache-Control"]
    waiting = files_of(first_visit.text)
    assert [one for one in waiting if one.endswith(".css")] == [f"/static/{names[STYLESHEET]}"]
    seen: set[str] = set()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        answer = Client().get(address, headers={"accept-encoding": "gzip, deflate, br"})
        assert answer.status_code == 200, address
        cached, kind = answer["Cache-Control"], address.rpartition(".")[2]
        assert {"public", "immutable"} <= set(cached.split(", ")), address
        assert int(MAX_AGE.findall(cached)[0]) >= YEAR
        assert (answer.get("Content-Encoding") == "gzip") == (kind in COMPRESSED), address
        waiting += linked(address, text_of(answer) if kind in COMPRESSED else "")
    assert {one.rpartition(".")[2] for one in seen} == {*COMPRESSED, "woff2"}


def test_page_names_each_module_before_another_imports_it(first_visit, release):
    """So the browser asks for all of them at once, and `modulepreload` has nothing to add."""
    modules = MODULE.findall(first_visit.text)
    assert modules
    for number, address in enumerate(modules):
        text = (release / address.removeprefix("/static/")).read_text()
        assert {*linked(address, text)} <= {*modules[:number]}, address


def files_of(page: str) -> list[str]:
    return [urldefrag(one).url for one in NAMED.findall(page)]


def text_of(answer: HttpResponse) -> str:
    return gzip.decompress(b"".join(answer.streaming_content)).decode()


def linked(address: str, text: str) -> list[str]:
    """What a stylesheet or a module loads."""
    found = IN_MODULES if address.endswith(".js") else IN_STYLES
    return [urljoin(address, one) for one in found.findall(text)]


def test_demonstration_serves_the_stylesheets_where_they_lie(settings):
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    links = re.findall('href="/static/(.+?)"', stylesheets())
    assert links == list(STYLESHEETS)
    assert all(finders.find(name) for name in links)


def test_templates_name_only_static_files_that_exist():
    named = {
        part.partition("'")[0]
        for path in (ROOT / "templates").rglob("*.html")
        for part in path.read_text().split("{% static '")[1:]
    }
    assert named
    assert not [name for name in named if not finders.find(name)]
