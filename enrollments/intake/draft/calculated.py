"""What HUD computes of the answers of a draft, for Review and for Finish: 3.08, 4.02, chronic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from enrollments.intake.draft.household import Member
from enrollments.intake.draft.sections import Step, disability_rows
from hud.choices import NoYesReasons
from hud.rules import chronic, disability, dob, income
from hud.rules.sources import INCOME

Answers = Mapping[str, Any]  # of one member to one step, as Finish writes them
ByClient = Mapping[int, Answers]
YES_OR_NO = (NoYesReasons.YES, NoYesReasons.NO)


def disabling_condition(answers: Answers) -> int:
    """3.08: as answered, else as the disabilities tell it."""
    follows = disability.derived(disability_rows(answers))
    answered = answers.get(disability.FIELD, NoYesReasons.NOT_COLLECTED)
    is_open = answered == NoYesReasons.NOT_COLLECTED
    return follows if is_open and follows is not None else answered


def total_income(answers: Answers) -> Decimal | None:
    """4.02: the monthly total; None where it is not known whether there is any."""
    return income.total(answers) if answers.get(INCOME.any_field) in YES_OR_NO else None


@dataclass(frozen=True)
class Calculated:
    """What follows for a member; None and "" for what the draft does not ask.

    disabling: the answer to 3.08 in words, and whether the disabilities told it.
    """

    member: Member
    disabling: str
    is_derived: bool
    asks_income: bool
    total_income: Decimal | None
    chronic: chronic.Finding | None


def calculated(
    members: Sequence[Member],
    writes: Mapping[Step, ByClient],
    *,
    enrolls: bool,
    joins: bool = False,
) -> list[Calculated]:
    """One row a member, in their order.

    Args:
        writes: the answers that Finish writes, by step and client.
        enrolls: whether the draft is about the project start.
        joins: whether these members join a household that is enrolled.
    """
    barriers, money = writes.get(Step.BARRIERS, {}), writes.get(Step.INCOME, {})
    findings = _chronic(members, writes, joins=joins) if enrolls else [None] * len(members)
    rows = []
    for member, finding in zip(members, findings, strict=True):
        pk = member.client.pk
        code = disabling_condition(barriers.get(pk, {})) if enrolls else None
        asked = barriers.get(pk, {}).get(disability.FIELD, NoYesReasons.NOT_COLLECTED)
        rows.append(
            Calculated(
                member,
                disabling="" if code is None else str(NoYesReasons(code).label),
                is_derived=code is not None and code != asked,
                asks_income=INCOME.any_field in money.get(pk, {}),
                total_income=total_income(money.get(pk, {})),
                chronic=finding,
            )
        )
    return rows


def household_income(rows: Sequence[Calculated]) -> Decimal | None:
    """What the members have together; None where that is not known of anybody."""
    known = [one.total_income for one in rows if one.total_income is not None]
    return sum(known, Decimal()) if known else None


def _chronic(
    members: Sequence[Member], writes: Mapping[Step, ByClient], *, joins: bool
) -> Sequence[chronic.Finding | None]:
    """Of each; of those who join, for whom the household is not computed again, the own one."""
    universal, barriers = writes.get(Step.UNIVERSAL, {}), writes.get(Step.BARRIERS, {})
    first = min((one.entry_date for one in members), default=None)
    people = []
    for member in members:
        pk = member.client.pk
        about = barriers.get(pk, {})
        is_told = disability.derived(disability_rows(about)) == NoYesReasons.YES
        finding = chronic.at_start(
            universal.get(pk, {}),
            disabling_condition=NoYesReasons.YES if is_told else disabling_condition(about),
            entry_date=member.entry_date,
            project_type=member.project_type,
        )
        is_adult = dob.is_adult(member.client.dob, member.entry_date)
        is_first = member.entry_date == first
        people.append(chronic.Person(finding, member.is_head, is_adult, is_first))
    if joins:
        return [one.finding if one.has_own else None for one in people]
    return chronic.of_household(people)
