"""`make bench`: a made-up HMIS of a chosen size: pages, users at once, search and cron jobs.

    make bench SCALE=100000                     every part; 1000 is the usual size
    make bench SCALE=100000 PARTS=pages         only some (pages plans load search cron sharing
                                                slowed)
    make bench SCALE=100000 OLD=de021396        beside another commit, in turns
    make bench SCALE=100000 PARTS=load USERS=50 MINUTES=10

The databases stay, in `.hmis/bench` or BENCH_DATA, and are used again; DROP=1 drops them.
"""

import argparse
import subprocess
import sys

from tests.bench import cron, plans, report, sharing, slowed
from tests.bench.cluster import ROOT
from tests.bench.load import LEVELS, mixed, soak
from tests.bench.pages import measure
from tests.bench.sides import sides


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scale", type=int, default=1000, help="clients")
    parser.add_argument("--old", default="", help="another commit, to compare")
    parser.add_argument("--parts", default=" ".join(PART))
    parser.add_argument("--only", default="", help="pages whose name holds this text")
    parser.add_argument("--users", default="", help="load: at once, such as 1 8 64")
    parser.add_argument("--minutes", type=float, default=0, help="load: one level, so long")
    parser.add_argument("--febrl", default="", help="search: the folder with FEBRL's records")
    parser.add_argument("--drop", action="store_true", help="drop the databases afterwards")
    options = parser.parse_args()
    print(report.machine(), flush=True)
    with sides(options.scale, options.old) as measured:
        for side in measured:
            size = side.statistics().size() / 1e6
            print(f"{side.name}: {options.scale:,} clients, database of {size:,.0f} MB", flush=True)
        for part in options.parts.split():
            print(f"\n## {part}\n", flush=True)
            PART[part](options, measured)
        print(f"\n{report.machine()}")
        if options.drop:
            for side in measured:
                side.stop()
                side.cluster.drop(side.database)


def pages(options: argparse.Namespace, measured: list) -> None:
    results = measure(measured, options.only)
    for name, rows in results.items():
        print(f"\n### {name}\n")
        report.page_table(rows)
        for row in rows.values():
            if "lists of rules" in row.name:
                report.slowest(row)
    if options.old:
        print("\n### Compared\n")
        report.comparison(*results.values())
    if not options.only:
        report.keep(options.scale, results)
        report.growth(options.scale)


def load(options: argparse.Namespace, measured: list) -> None:
    levels = [int(number) for number in options.users.split()]
    if options.minutes:
        soak(measured[-1], levels[0] if levels else 50, options.minutes)
    else:
        mixed(measured, levels or LEVELS)


def search(options: argparse.Namespace, measured: list) -> None:
    """This tree's own bench of the search; its recall where FEBRL's records are at hand."""
    size = str(options.scale)
    run("tests.bench.search", size)
    if options.febrl:
        run("tests.bench.recall", size, "--febrl", options.febrl, "--peer")
    else:
        print("\nNo recall without FEBRL's records: see tests/bench/recall.py, and FEBRL=folder")


def run(module: str, *arguments: str) -> None:
    print(f"\n### python -m {module} {' '.join(arguments)}\n", flush=True)
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=True)


PART = {
    "pages": pages,
    "plans": lambda options, measured: plans.show(measured[-1]),
    "load": load,
    "search": search,
    "cron": lambda options, measured: cron.measure(measured),
    "sharing": lambda options, measured: sharing.measure(measured[-1]),
    "slowed": lambda options, measured: slowed.show(measured[-1]),
}

if __name__ == "__main__":
    main()
