"""What sharing on a release costs: search and dashboard of another agency's user, beside *open*.

The same pages of the same clients in turns, in one run, under both policies of one database:
`make bench SCALE=1000000 PARTS=sharing`. The clients whose dashboards are opened have released
everything, so that both policies show the same; a search finds fewer where a release is required.
"""

import sys
from collections.abc import Callable, Iterator

from tests.bench import saves
from tests.bench.browser import Browser
from tests.bench.pages import BLOCKS, MISSPELT, NAMES, WARM, Row, Table
from tests.bench.sides import Side
from tests.bench.state import CASELOAD

POLICIES = ("open", "required")
MOST = 1.3  # so many times the processor time of *open*
STRANGER = "worker1"  # of another agency than ALICE's, whose clients are opened
REPEATS = 24
FOR_ONE = 5  # the last digits of Client IDs below it: released to every agency
CHOOSE = """
INSERT INTO agencies_sharingpolicy (id, policy, date_updated) VALUES (1, %s, now())
ON CONFLICT (id) DO UPDATE SET policy = excluded.policy
"""


class SharedPages(Table):
    """The pages of one policy, as the other agency's user opens them."""

    @property
    def pages(self) -> dict[str, list[str]]:
        """The addresses of each page, a search's own results among them."""
        clients = [pk for pk in range(1, CASELOAD + 1) if pk % 10 < FOR_ONE]
        found = {
            name: [f"/clients/{pk}/{path}" for pk in clients]
            for name, path in (
                ("dashboard", ""),
                ("enrollments", "enrollments/"),
                ("client files", "files/"),
            )
        }
        found["find client, with the recent ones"] = ["/clients/"]
        for name, people, typed in (
            ("results: 3+3 letters", NAMES, {}),
            ("results: first letters", [(a[:1], b[:1]) for a, b in NAMES], {}),
            ("results: misspelt names", MISSPELT, {}),
            ("results: misspelt, date of birth", MISSPELT, {"dob": "05/17/1980"}),
        ):
            found[name] = list(self._searches(people, typed))
        found["results: date of birth"] = list(self._searches([("", "")], {"dob": "05/17/1980"}))
        return found

    @property
    def browser(self) -> Browser:
        return self.browsers[STRANGER]

    def _searches(self, people, typed: dict[str, str]) -> Iterator[str]:
        for first, last in people:
            sent = saves.search(self.browser, first_name=first, last_name=last, **typed)
            yield self.browser.post(*sent).location

    def block(self, name: str, addresses: list[str]) -> None:
        for address in addresses[:WARM]:
            self.browser.get(address)
        several = (addresses * REPEATS)[:REPEATS]
        self._measured(name, self.browser, [("GET", one) for one in several], 200)


def compared(side: Side) -> dict[str, dict[str, Row]]:
    """The rows of each policy, measured in turns."""
    side.python("-m", "tests.bench.releases", role="postgres")
    side.start(workers=1)
    desk = side.open(2)
    tables = {policy: SharedPages(side, desk) for policy in POLICIES}
    pages = tables[POLICIES[0]].pages
    with side.cluster.connect(side.database) as link:

        def choose(policy: str) -> None:
            link.execute(CHOOSE, [policy])

        _in_turns(pages, tables, choose)
        choose(POLICIES[0])
    side.stop()
    return {policy: table.rows for policy, table in tables.items()}


def _in_turns(
    pages: dict[str, list[str]], tables: dict[str, SharedPages], choose: Callable[[str], None]
) -> None:
    for name, addresses in pages.items():
        for _ in range(BLOCKS):
            for policy, table in tables.items():
                choose(policy)
                table.block(name, addresses)
        print(".", end="", file=sys.stderr, flush=True)


def measure(side: Side) -> None:
    """Print each page under both policies. Ends with an error where one costs too much."""
    before, now = compared(side).values()
    print(
        "\n| page | open ms | required ms | ratio | SQL ms | ratio | p50 ms |\n" + "|---" * 7 + "|"
    )
    dear = []
    for name, row in before.items():
        other = now[name]
        one, two = row.figures(), other.figures()
        print(
            f"| {name} | {row.cost:.2f} | {other.cost:.2f} | {other.cost / row.cost:.2f} "
            f"| {one['sql']:.2f} to {two['sql']:.2f} | {two['sql'] / (one['sql'] or 1):.2f} "
            f"| {row.p50:.1f} to {other.p50:.1f} |"
        )
        if other.cost > MOST * row.cost:
            dear.append(name)
    if dear:
        raise SystemExit(f"More than {MOST} times as dear under a release: {', '.join(dear)}")
