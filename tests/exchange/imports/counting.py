"""What an outcome says, in short."""

from exchange.imports.run import Outcome


def totals(outcome: Outcome) -> tuple[int, int, int]:
    """New, changed and refused rows of all files."""
    counts = outcome.counts.values()
    return (
        sum(one.new for one in counts),
        sum(one.changed for one in counts),
        sum(one.refused for one in counts),
    )


def rules(outcome: Outcome) -> set[tuple[str, str, str]]:
    return {(kind.file, kind.column, kind.rule) for kind in outcome.report.counts}
