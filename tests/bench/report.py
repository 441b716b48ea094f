"""The results as tables of Markdown, and kept as JSON to compare scales."""

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from tests.bench.cluster import ROOT
from tests.bench.pages import Row

FLOORS = ("one SELECT by primary key", "empty page with menus")
HEAD = (
    "| page | p50 ms | p95 | queries | SQL ms | planning | Python ms | PostgreSQL ms | bytes "
    "| WAL | to SELECT | to empty page |"
)
KEPT = ROOT / ".hmis" / "bench-results"


def machine() -> str:
    """What the numbers were measured on, and how busy it was."""
    model = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    one, five, _ = os.getloadavg()
    describe = ["git", "describe", "--always", "--dirty"]
    commit = subprocess.check_output(describe, cwd=ROOT, text=True).strip()
    return (
        f"{os.cpu_count()} cores ({model}), {platform.system()}, Python "
        f"{platform.python_version()}, commit {commit}, load average {one:.1f} ({five:.1f})"
    )


def page_table(rows: dict[str, Row]) -> None:
    floors = [rows[name].cost if name in rows else None for name in FLOORS]
    print(HEAD)
    print("|---|" + "---|" * 11)
    for row in rows.values():
        ratios = [f"{row.cost / floor:.1f}" if floor else "" for floor in floors]
        cells = row.figures()
        print(
            f"| {row.name} | {cells['p50']:.1f} | {cells['p95']:.1f} | {cells['queries']:.1f} "
            f"| {cells['sql']:.2f} | {cells['planning']:.2f} | {cells['python']:.2f} "
            f"| {cells['postgresql']:.2f} | {cells['bytes']:,.0f} | {cells['wal']:,.0f} "
            f"| {ratios[0]} | {ratios[1]} |"
        )


def comparison(old: dict[str, Row], new: dict[str, Row]) -> None:
    """Two commits of one run: what changed."""
    print("| page | queries | Python ms | ratio | Python + PostgreSQL ms | ratio | p50 ratio |")
    print("|---|---|---|---|---|---|---|")
    for name, before in old.items():
        now = new[name]
        was, is_now = before.figures(), now.figures()
        print(
            f"| {name} | {was['queries']:.1f} to {is_now['queries']:.1f} "
            f"| {was['python']:.2f} to {is_now['python']:.2f} "
            f"| {ratio(is_now['python'], was['python'])} "
            f"| {before.cost:.2f} to {now.cost:.2f} | {ratio(now.cost, before.cost)} "
            f"| {ratio(now.p50, before.p50)} |"
        )


def ratio(one: float, other: float) -> str:
    return f"{one / other:.2f}" if other else ""


def slowest(row: Row, most: int = 5) -> None:
    """The addresses of a row that took longest."""
    found = sorted(row.by_address.items(), key=lambda one: -one[1])[:most]
    print("; ".join(f"{address} {ms:.0f} ms" for address, ms in found))


def keep(scale: int, results: dict[str, dict[str, Row]]) -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    for side, rows in results.items():
        figures: dict[str, Any] = {
            name: row.figures() | {"cost": row.cost} for name, row in rows.items()
        }
        (KEPT / f"{side}-{scale}.json").write_text(json.dumps(figures, indent=1))


def growth(scale: int, side: str = "now") -> None:
    """How much dearer each page is than at the smallest scale that was measured before."""
    scales = sorted(int(path.stem.rpartition("-")[2]) for path in KEPT.glob(f"{side}-*.json"))
    if not scales or scales[0] == scale:
        return
    small, large = (
        json.loads((KEPT / f"{side}-{size}.json").read_text()) for size in (scales[0], scale)
    )
    print(f"\n| page | queries | processor ms at {scales[0]:,} | at {scale:,} | growth |")
    print("|---|---|---|---|---|")
    for name, there in small.items():
        if here := large.get(name):
            print(
                f"| {name} | {there['queries']:.1f} to {here['queries']:.1f} | {there['cost']:.2f} "
                f"| {here['cost']:.2f} | {ratio(here['cost'], there['cost'])} |"
            )
