"""The three tables that rules are about, with the rows beside them that a condition may name.

Each row beside is at most one, by a constraint of the database, and so a plain LEFT JOIN: `head` of
the household, the answers at the start and at the exit. A join that no condition names is not made.
A head that an import brought in exempt is none here: there may be two of them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from clients.models import Client
from data_quality.rules.days import last_due
from data_quality.rules.scope import Scope
from enrollments.models import Enrollment, IncomeBenefits
from hud.choices import DataCollectionStage, RelationshipToHoH

AT_START, AT_EXIT = DataCollectionStage.ENTRY, DataCollectionStage.EXIT


@dataclass(frozen=True)
class Walk:
    """Rows by the key of a subject, the highest first: a query for each organization."""

    key: str
    rows: list[Any]


class Subject(StrEnum):
    PERSON = "person"
    ENROLLMENT = "enrollment"
    ANSWERS = "answers"

    @property
    def noun(self) -> str:
        return {
            self.PERSON: "clients",
            self.ENROLLMENT: "enrollments",
            self.ANSWERS: "assessments",
        }[self]

    def rows(self, scope: Scope) -> Any:
        """The rows of the scope."""
        return {
            Subject.PERSON: people,
            Subject.ENROLLMENT: enrollments,
            Subject.ANSWERS: answers,
        }[self](scope)

    def walk(self, scope: Scope) -> Walk:
        """All rows of the organizations, by which the list of a rule goes."""
        model = IncomeBenefits if self is Subject.ANSWERS else Enrollment
        key = "client_id" if self is Subject.PERSON else "pk"
        rows = model.objects.order_by(f"-{key}")
        return Walk(key, [rows.filter(one) for one in scope.filed_by_each()])


def people(scope: Scope) -> Any:
    """The clients who have an enrollment in the scope."""
    theirs = Enrollment.objects.filter(scope.condition(), client=OuterRef("pk")).order_by()
    return Client.objects.current().filter(Exists(theirs)).order_by()


def enrollments(scope: Scope) -> Any:
    rows = Enrollment.objects.filter(scope.condition()).order_by()
    beside = rows.annotate(
        head=_beside(
            "household__enrollments",
            relationship_to_hoh=RelationshipToHoH.SELF,
            date_deleted=None,
            is_exempt=False,
        ),
        income_at_start=_answers("incomebenefits_rows", AT_START),
        income_at_exit=_answers("incomebenefits_rows", AT_EXIT),
        violence_at_start=_answers("healthanddv_rows", AT_START),
    )
    return beside.alias(last_due=last_due(scope.today))  # for a rule that looks further


def answers(scope: Scope) -> Any:
    """4.02 to 4.04 of every stage, in the enrollments of the scope."""
    rows = IncomeBenefits.objects.filter(
        scope.filed(), scope.condition("enrollment__"), enrollment__date_deleted=None
    ).order_by()
    head = _beside(
        "enrollment__household__enrollments",
        relationship_to_hoh=RelationshipToHoH.SELF,
        date_deleted=None,
        is_exempt=False,
    )
    return rows.annotate(head=head)


def _answers(relation: str, stage: DataCollectionStage) -> FilteredRelation:
    return _beside(relation, data_collection_stage=stage, date_deleted=None)


def _beside(relation: str, **conditions: Any) -> FilteredRelation:
    named = {f"{relation}__{column}": value for column, value in conditions.items()}
    return FilteredRelation(relation, condition=Q(**named))
