"""Run by the bench in the tree that is measured, with the settings of its server.

    python -m tests.bench.desk fill 1000
    python -m tests.bench.desk open 64

`fill` makes the state in an empty database; `open` logs ALICE, DANA and so many case managers in,
and prints as JSON their cookies and the addresses of the pages.
"""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()

from allauth.mfa.models import Authenticator  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command, get_commands  # noqa: E402
from django.test import Client as Browser  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from agencies.models import Membership, User  # noqa: E402
from casenotes.models import CaseNote  # noqa: E402
from clients.models import Client  # noqa: E402
from enrollments.models import CaseAssignment, Enrollment  # noqa: E402
from tests.bench.fill import fill  # noqa: E402
from tests.bench.state import ALICE, CASELOAD, DANA  # noqa: E402


@dataclass
class Page:
    """A page of the table: `whose` opens one of its addresses after the other."""

    name: str
    whose: str
    addresses: list[str]


def opened(users: int) -> dict[str, Any]:
    count_quality()
    workers = User.objects.filter(email__startswith="worker").order_by("pk")[:users]
    named = {"alice": User.objects.get(email=ALICE), "dana": User.objects.get(email=DANA)}
    named |= {f"worker{number}": user for number, user in enumerate(workers)}
    return {
        "cookies": {name: log_in(user) for name, user in named.items()},
        "users": {name: user.pk for name, user in named.items()},
        "caseloads": {name: caseload(user) for name, user in named.items()},
        "pages": [asdict(page) for page in pages(named["alice"])],
    }


def count_quality() -> None:
    """What cron has counted by then for an officer who opens the rules; not in older commits."""
    if "count_quality" in get_commands():
        page = logged_in(User.objects.get(email=DANA)).get(reverse("admin:quality"))
        assert page.status_code == 200, f"the rules answer {page.status_code}"
        call_command("count_quality")


def logged_in(user: User) -> Browser:
    """A browser in which the user is logged in, second factor and all."""
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
    browser = Browser(headers={"X-Forwarded-Proto": "https", "Host": settings.ALLOWED_HOSTS[0]})
    browser.force_login(user)
    return browser


def log_in(user: User) -> str:
    """Its cookies."""
    return "; ".join(f"{name}={one.value}" for name, one in logged_in(user).cookies.items())


def caseload(user: User) -> list[int]:
    """The clients whom the user works with, or may see."""
    active = CaseAssignment.objects.active_on(timezone.localdate()).filter(case_manager=user)
    clients = Client.objects.visible_to(user).order_by("pk").values_list("pk", flat=True)
    mine = clients.filter(pk__in=active.values("client_id"))[:CASELOAD]
    return list(mine) or list(clients[:CASELOAD])


def pages(alice: User) -> Iterator[Page]:
    """The pages that show the same number of rows at every size."""
    clients = list(Client.objects.filter(pk__lte=CASELOAD).order_by("pk"))

    def of_client(name: str, **options: str) -> list[str]:
        return [reverse(name, args=[client.pk], **options) for client in clients]

    def of(name: str, rows: Any) -> list[str]:
        return [reverse(name, args=[row.client_id, row.pk]) for row in rows]

    ours = {"client__in": clients}
    enrollments = Enrollment.objects.filter(**ours, exit_date=None).order_by("pk")
    assignments = CaseAssignment.objects.filter(**ours, ends_on=None).order_by("pk")
    notes = CaseNote.objects.filter(**ours, read_only=False).order_by("client", "-pk")
    yield Page("nothing, logged in", "alice", ["/bench/nothing/"])
    yield Page("empty page with menus", "alice", ["/bench/empty/"])
    yield Page("home, caseload of 39", "alice", [reverse("home")])
    yield Page("find client", "alice", [reverse("clients:find")])
    yield Page("dashboard", "alice", of_client("clients:dashboard"))
    yield Page("edit client", "alice", of_client("clients:edit"))
    yield Page("alerts", "alice", of_client("clients:alerts"))
    yield Page("case notes", "alice", of_client("casenotes:notes"))
    yield Page("add case note", "alice", of_client("casenotes:add"))
    yield Page("one case note", "alice", of("casenotes:note", notes[:CASELOAD]))
    yield Page("services", "alice", of_client("casenotes:services"))
    yield Page("client files", "alice", of_client("files:client_files"))
    yield Page("enrollments", "alice", of_client("enrollments:enrollments"))
    yield Page("one enrollment", "alice", of("enrollments:enrollment", enrollments))
    yield Page("case managers", "alice", of_client("enrollments:case_managers"))
    yield Page("hand over, form", "alice", of("enrollments:hand_over", assignments))
    yield Page("CAS events", "alice", of_client("cas:events"))
    yield Page("who has seen this record", "dana", of_client("accounting"))
    yield Page("caseload", "alice", [reverse("enrollments:caseload")])
    yield Page("notifications", "alice", [reverse("cas:notifications")])
    yield Page("user look-up", "alice", [f"{reverse('agencies:user_lookup')}?q=jam"])
    yield Page("DQO: home", "dana", [reverse("home")])
    yield Page("DQO: data quality", "dana", [reverse("admin:quality")])
    yield Page("DQO: duplicates", "dana", [reverse("admin:clients_possibleduplicate_changelist")])
    for name in ("clients_clientaccess", "enrollments_enrollment", "casenotes_casenote"):
        label = name.partition("_")[2]
        yield Page(f"DQO: list of {label}", "dana", [reverse(f"admin:{name}_changelist")])
    yield Page("DQO: users", "dana", [reverse("admin:agencies_user_changelist")])
    from data_quality.rules.catalog import RULES

    rules = [reverse("admin:quality_list", args=[rule.key]) for rule in RULES]
    yield Page("DQO: lists of rules", "dana", rules)


def main() -> None:
    what, number = sys.argv[1], int(sys.argv[2])
    if what == "fill":
        fill(number, timezone.localdate())
    else:
        assert Membership.objects.exists(), "fill the database first"
        json.dump(opened(number), sys.stdout)


if __name__ == "__main__":
    main()
