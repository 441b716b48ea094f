"""The plans of the dearest statements of all pages, as PostgreSQL carried them out."""

import json
import re
from collections.abc import Iterator

from tests.bench.browser import Browser
from tests.bench.sides import Side

MOST = 10
EXPLAINED = {
    "session_preload_libraries": "'auto_explain'",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_verbose": "on",
    "auto_explain.log_format": "'json'",
}
ENTRY = re.compile(r"duration: ([\d.]+) ms  plan:\n(\t\{.*?\n\t\})", re.S)


def show(side: Side) -> None:
    """Open each page a few times with every plan in the server's log, and print the dearest."""
    log = side.cluster.folder / "server.log"
    _explain(side, "SET {} = {}")
    side.start(workers=1)
    desk = side.open(1)
    begin = log.stat().st_size
    for page in desk["pages"]:
        browser = Browser(side.port, desk["cookies"][page["whose"]])
        for address in page["addresses"][:3]:
            browser.get(address)
    side.stop()
    _explain(side, "RESET {}")
    with log.open() as text:
        text.seek(begin)
        found = sorted(_dearest(text.read()), key=lambda one: -one[0])
    for place, (milliseconds, plan) in enumerate(found[:MOST], 1):
        print(f"{place}. {milliseconds:.1f} ms\n\n```\n{plan['Query Text'][:600]}\n")
        print("\n".join(lines(plan["Plan"])), "\n```\n", flush=True)


def _explain(side: Side, change: str) -> None:
    with side.cluster.connect("postgres") as link:
        for name, value in EXPLAINED.items():
            link.execute(
                f"ALTER ROLE hmis_server IN DATABASE {side.database} {change.format(name, value)}"
            )


def _dearest(log: str) -> Iterator[tuple[float, dict]]:
    """Each statement once, with the plan that took longest."""
    longest: dict[int, tuple[float, dict]] = {}
    for milliseconds, text in ENTRY.findall(log):
        plan = json.loads(text)
        number = plan.get("Query Identifier", plan["Query Text"])
        if number not in longest or longest[number][0] < float(milliseconds):
            longest[number] = float(milliseconds), plan
    yield from longest.values()


def lines(node: dict, depth: int = 0) -> Iterator[str]:
    """A plan in short: node, table or index, rows, pages."""
    of = node.get("Index Name") or node.get("Relation Name") or ""
    pages = node.get("Shared Hit Blocks", 0) + node.get("Shared Read Blocks", 0)
    loops = node.get("Actual Loops", 1)
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    yield (
        f"{'  ' * depth}{node['Node Type']} {of} rows={node.get('Actual Rows', 0):.0f}"
        f" loops={loops:.0f} pages={pages}{f' removed={removed:.0f}' if removed else ''}"
    )
    for inner in node.get("Plans", ()):
        yield from lines(inner, depth + 1)
