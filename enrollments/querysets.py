from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, JSONObject

from clients.querysets import ClientRecordQuerySet
from clients.recipients import has_access
from clients.release_answers import longest, standing_answers
from hud.choices import DataCollectionStage, Destination, RelationshipToHoH
from records import clock
from records.querysets import RecordManager, own_organization
from records.visibility import Visibility

if TYPE_CHECKING:
    from agencies.models import Project, User
    from clients.models import Client


class EnrollmentQuerySet(ClientRecordQuerySet):
    def open_on(self, day: date) -> Self:
        """Enrollments that last on `day`; the day of the exit is not part of one any more."""
        return self.filter(Q(exit_date=None) | Q(exit_date__gt=day), entry_date__lte=day)

    def heads(self) -> Self:
        return self.filter(relationship_to_hoh=RelationshipToHoH.SELF)

    def deceased(self) -> Self:
        """Those that ended because the client died (HUD 3.12)."""
        return self.filter(destination=Destination.DECEASED)

    def in_project(self, project_id: int, client_ids: Iterable[int]) -> Self:
        """The enrollments of these clients in a project, whoever may see them."""
        return self.filter(project=project_id, client__in=client_ids)

    def of_household(self, household_id: int | None) -> Self:
        rows = self.filter(household=household_id).select_related("client", "project")
        return rows.in_household_order()

    def in_household_order(self, *before: Any) -> Self:
        """As every page and draft lists a household: its head, then the oldest first."""
        is_other = Case(When(relationship_to_hoh=RelationshipToHoH.SELF, then=0), default=1)
        return self.order_by(
            *before, is_other, F("client__dob").asc(nulls_last=True), "client", "pk"
        )

    def without_head_for(
        self, user: "User", households: Iterable[int], *, going: Iterable[int]
    ) -> list[Any]:
        """Members whom the user does not see, left alone in households that lose their head.

        Nobody is told of them: they are exempt from needing a head, and are listed for those who
        see them (docs/adr/0031). Where the user sees one of those who stay, there are none: the
        user chooses another head first.

        Args:
            going: the enrollments that are deleted, the heads' among them.
        """
        staying = self.filter(household__in=list(households)).exclude(pk__in=list(going))
        seen = set(staying.visible_to(user).values_list("household", flat=True))
        return [row for row in staying if row.household_id not in seen]  # type: ignore[attr-defined]

    def beside(self, client: "Client | int", user: "User") -> Self:
        """Enrollments of other people in the households in which the user sees the client."""
        everybody: Any = self.model._default_manager
        own = everybody.visible_to(user).filter(client=client)
        rows = self.filter(household__in=own.order_by().values("household"))
        return rows.exclude(client=client)

    def latest_coc(self, project: "Project") -> str:
        """The project's CoC where it has one, else what was entered last for it; empty for none."""
        if len(project.coc_codes) == 1:
            return project.coc_codes[0]
        rows = self.filter(project=project).exclude(enrollment_coc="").order_by("-pk")
        last = rows.values_list("enrollment_coc", flat=True).first() or ""
        is_offered = not project.coc_codes or last.upper() in project.coc_codes
        return last.upper() if is_offered else ""

    def awaiting_exit_answers(self, households: Iterable[int], *, since: date) -> Self:
        """Those of these households that ended on `since` or later, without answers at exit."""
        answers = apps.get_model("enrollments", "IncomeBenefits").objects
        at_exit = answers.filter(
            enrollment=OuterRef("pk"), data_collection_stage=DataCollectionStage.EXIT
        )
        left = self.filter(household__in=list(households), exit_date__gte=since)
        rows = left.exclude(Exists(at_exit)).select_related("client")
        return rows.in_household_order("-exit_date", "household")

    def newest_first(self) -> Self:
        return self.order_by(F("exit_date").desc(nulls_first=True), "-entry_date", "-pk")

    def listed_for(self, user: "User") -> Self:
        """With household.members whom the user may change or print, and active case managers."""
        everybody: Any = self.model._default_manager
        members = everybody.openly_visible_to(user).select_related("client")
        rows = self.with_case_managers(user)
        return rows.select_related("organization", "project", "household").prefetch_related(
            Prefetch(
                "household__enrollments",
                members.in_household_order(),
                to_attr="members",
            ),
        )

    def with_case_managers(self, user: "User") -> Self:
        """With `active_assignments` of today, as far as the user may see them."""
        assignments = apps.get_model("enrollments", "CaseAssignment").objects
        active = assignments.active_on(clock.today()).visible_to(user)
        return self.prefetch_related(
            Prefetch(
                "case_assignments",
                active.select_related("case_manager"),
                to_attr="active_assignments",
            )
        )

    def with_work(self, user: "User") -> Self:
        """With what says what is to do, so that a page of enrollments needs no other query.

        `case_manager_names` of the active assignments that the user may see, `head_entry_date` from
        which the household's annual assessments are counted, `later_assessments` by stage and date,
        `has_answers_at_start`, the client's `release`, and `has_answered_release`.
        """
        everybody: Any = self.model._default_manager
        heads = everybody.heads().filter(household=OuterRef("household"))
        assignments = apps.get_model("enrollments", "CaseAssignment").objects
        active = assignments.active_on(clock.today()).visible_to(user)
        names = {name: f"case_manager__{name}" for name in ("first_name", "last_name", "email")}
        managers = active.filter(enrollment=OuterRef("pk")).order_by("begins_on", "pk")
        answers = apps.get_model("enrollments", "IncomeBenefits").objects
        of_this = answers.filter(enrollment=OuterRef("pk"))
        columns = {"stage": "data_collection_stage", "on": "information_date"}
        later = of_this.later_assessments().values_list(JSONObject(**columns))
        at_start = of_this.filter(data_collection_stage=DataCollectionStage.ENTRY)
        return self.annotate(
            case_manager_names=ArraySubquery(managers.values_list(JSONObject(**names))),
            head_entry_date=Subquery(heads.values("entry_date")[:1]),
            later_assessments=ArraySubquery(later),
            has_answers_at_start=Exists(at_start.order_by()),
            release=longest(OuterRef("client")),
            has_answered_release=Exists(standing_answers(OuterRef("client"), clock.today())),
        )

    def newest_of_each_client(self) -> Self:
        return self.order_by("client", "-entry_date", "-pk").distinct("client")


def active_on(day: date | OuterRef) -> Q:
    """The one definition of an active assignment (R5.2, R5.5, docs/adr/0028).

    Its dates hold on that day, and its case manager has access; on the day of its end it is over.
    """
    dates = Q(Q(ends_on=None) | Q(ends_on__gt=day), begins_on__lte=day)
    return Q(dates, has_access("case_manager"))


class OnEnrollmentQuerySet(ClientRecordQuerySet):
    """Rows that cannot be without an enrollment."""

    beneath = ("enrollment__organization",)

    def visible_to(self, user: "User") -> Self:
        """Never where the enrollment is not seen, but for users of the row's own organization."""
        rows = super().visible_to(user)
        if user.is_superuser:
            return rows
        return rows.filter(
            Q(enrollment__visibility=Visibility.ALL_ORGANIZATIONS)
            | own_organization(user, "enrollment__organization")
            | own_organization(user)
        )


class CaseAssignmentQuerySet(OnEnrollmentQuerySet):
    def active_on(self, day: date) -> Self:
        """Assignments of that day whose case managers have access."""
        return self.filter(active_on(day))

    def not_over_on(self, day: date) -> Self:
        """Assignments that go on or are to begin, with access to the organization or without."""
        ends_later = Q(ends_on__gt=day) & Q(ends_on__gt=F("begins_on"))
        return self.filter(Q(ends_on=None) | ends_later)

    def with_access(self) -> Self:
        """With `case_manager_has_access`, so that rows know whether they are active."""
        found = ExpressionWrapper(has_access("case_manager"), BooleanField())
        return self.annotate(case_manager_has_access=found)

    def listed(self) -> Self:
        """Those that go on first, then the latest ended; with what a list shows."""
        rows = self.with_access().select_related(
            "case_manager",
            "organization",
            "created_by",
            "enrollment__project",
            "enrollment__organization",
        )
        return rows.order_by(F("ends_on").desc(nulls_first=True), "-begins_on", "-pk")

    def open_work_of(self, user: "User", organizations: Iterable[int], day: date) -> Self:
        """What somebody has yet to hand over for these organizations, with the projects."""
        rows = self.not_over_on(day).filter(case_manager=user, organization__in=list(organizations))
        return rows.select_related("enrollment__project").order_by("begins_on", "pk")

    def caseload_of(self, user: "User", day: date) -> Self:
        """A case manager's open work: active assignments, and exits left incomplete.

        With `head_entry_date`, from which the annual assessments of the household are counted,
        `later_assessments`: stage and date of the enrollment's updates and annual assessments, and
        the client's `release`.
        """
        incomplete = Q(enrollment__exit_date=F("ends_on"), enrollment__destination=None)
        heads = apps.get_model("enrollments", "Enrollment").objects.heads()
        head_entry_date = heads.filter(household=OuterRef("enrollment__household"))
        assessments = apps.get_model("enrollments", "IncomeBenefits").objects
        later = assessments.later_assessments().filter(enrollment=OuterRef("enrollment"))
        done = later.values_list(JSONObject(stage="data_collection_stage", on="information_date"))
        return (
            self.filter(active_on(day) | Q(incomplete, has_access("case_manager")))
            .filter(case_manager=user)
            .filter(enrollment__date_deleted=None)
            .openly_visible_to(user)
            .select_related("client", "organization", "enrollment__project")
            .annotate(
                head_entry_date=Subquery(head_entry_date.values("entry_date")[:1]),
                later_assessments=ArraySubquery(done),
                release=longest(OuterRef("client")),
            )
            .order_by("begins_on", "pk")
        )

    def with_household_size(self, user: "User") -> Self:
        """With `household_size`: how many members of the household the user may see."""
        members = apps.get_model("enrollments", "Enrollment").objects.visible_to(user)
        beside = members.filter(household=OuterRef("enrollment__household")).order_by()
        counts = beside.values("household").annotate(members=Count("pk")).values("members")
        return self.annotate(household_size=Coalesce(Subquery(counts), 1))


class AssessmentQuerySet(OnEnrollmentQuerySet):
    def later_assessments(self) -> Self:
        """The updates and annual assessments."""
        stages = [DataCollectionStage.UPDATE, DataCollectionStage.ANNUAL]
        return self.filter(data_collection_stage__in=stages).order_by()


class EnrollmentManager(RecordManager.from_queryset(EnrollmentQuerySet)):  # type: ignore[misc]
    pass


class OnEnrollmentManager(RecordManager.from_queryset(OnEnrollmentQuerySet)):  # type: ignore[misc]
    pass


class CaseAssignmentManager(RecordManager.from_queryset(CaseAssignmentQuerySet)):  # type: ignore[misc]
    pass


class AssessmentManager(RecordManager.from_queryset(AssessmentQuerySet)):  # type: ignore[misc]
    pass
