from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Replace
from django.utils import timezone

from clients.models import ClientRecord, deleted_index
from clients.models.record import client_key
from enrollments.merging import EnrollmentsOfOnePerson
from enrollments.models.assignment_dates import enrollment_covers_assignments
from enrollments.models.household_head import exempt_until_changed, household_has_head
from enrollments.querysets import EnrollmentManager, EnrollmentQuerySet
from hud.choices import NoYesMissing, RelationshipToHoH
from hud.choices.answers import grouped
from hud.choices.situations import listed
from hud.elements import FIELDS, element, of_programs
from hud.rules import current_living
from records.addresses import address
from records.breaks import KeepsMarks, MayBreak, breakable
from records.history import tracked
from records.hud_columns import program_columns
from records.model_fields import HashedKeyField, key_once
from records.models import newest_index

if TYPE_CHECKING:
    from agencies.models import User


def date_range(start: str, end: str, bounds: str) -> Func:
    """daterange(start, end, bounds): an end of NULL is open."""
    return Func(start, end, Value(bounds), function="daterange", output_field=DateRangeField())


def occupied_days() -> Func:
    """The days on which an enrollment keeps its client out of another one in the same project.

    From the start to the day before the exit, for on that day a new one may start. The day of the
    start is always among them, so that one of a single day has one.
    `hud.rules.entry.EnrollmentDates` says the same in Python.
    """
    first_day = date_range("entry_date", "entry_date", "[]")
    days = date_range("entry_date", "exit_date", "[)")
    return Func(days, first_day, function="range_merge", output_field=DateRangeField())


def code(choices: type, **options) -> models.PositiveSmallIntegerField:
    """A column that holds a code of one of HUD's lists; empty until it is asked."""
    return models.PositiveSmallIntegerField(
        choices=listed(choices), null=True, blank=True, **options
    )


def answer(name: str) -> models.PositiveSmallIntegerField:
    """A column that holds the answer to a question of the data dictionary."""
    return code(FIELDS[name].answers, verbose_name=FIELDS[name].label)


@tracked()
class Household(models.Model):
    """HUD 5.09: one enrollment of the group that entered one project together."""

    household_id = HashedKeyField()
    date_created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [key_once("household_key_once", "household_id")]

    def __str__(self) -> str:
        return f"Household {self.pk}"


@tracked(exclude=["exit_id"], by_time=True)  # drawn at random for the versions from before
@program_columns("Exit")
@program_columns("Enrollment")
class Enrollment(MayBreak, ClientRecord):
    """One member of a household in a project; columns of Enrollment.csv and Exit.csv.

    An enrollment lasts from its entry date to the day before its exit date.

    `is_exempt` marks a row that an import or an older version brought in although its household
    has no head, two heads or two projects, or it overlaps another one, or that a merge by another
    agency's officer left so (docs/adr/0031). The database leaves it as it is until somebody changes
    its household, relationship, project or dates.
    """

    client = client_key(db_index=False)
    enrollment_id = HashedKeyField()
    household = models.ForeignKey(
        "enrollments.Household", on_delete=models.PROTECT, related_name="enrollments"
    )
    project = models.ForeignKey(
        "agencies.Project", on_delete=models.PROTECT, related_name="enrollments", db_index=False
    )
    entry_date = models.DateField("project start date")
    relationship_to_hoh = models.PositiveSmallIntegerField(
        "relationship to head of household",
        choices=grouped(RelationshipToHoH.choices),
        default=RelationshipToHoH.NOT_COLLECTED,
    )
    enrollment_coc = models.CharField("enrollment CoC", max_length=6, blank=True)
    living_situation = answer("living_situation")
    rental_subsidy_type = answer("rental_subsidy_type")
    length_of_stay = answer("length_of_stay")
    los_under_threshold = code(NoYesMissing, verbose_name="length of stay under the threshold")
    previous_street_essh = answer("previous_street_essh")
    date_to_street_essh = models.DateField(
        FIELDS["date_to_street_essh"].label, null=True, blank=True
    )
    times_homeless_past_three_years = answer("times_homeless_past_three_years")
    months_homeless_past_three_years = answer("months_homeless_past_three_years")
    disabling_condition = answer("disabling_condition")
    date_of_engagement = models.DateField(null=True, blank=True)
    move_in_date = models.DateField("housing move-in date", null=True, blank=True)
    exit_id = HashedKeyField(
        db_default=Replace(Cast(RandomUUID(), models.TextField()), Value("-"), Value(""))
    )
    exit_date = models.DateField("project exit date", null=True, blank=True)
    destination = answer("destination")
    destination_subsidy_type = answer("destination_subsidy_type")
    other_destination = models.CharField(max_length=50, blank=True)
    is_exempt = models.BooleanField(default=False, db_default=False, editable=False)

    url_name = "enrollment"
    objects = EnrollmentManager()
    with_deleted = EnrollmentQuerySet.as_manager()
    on_merge = {"client": EnrollmentsOfOnePerson()}

    class Meta(ClientRecord.Meta):
        indexes = [
            # "Enrolled in one of my projects" of a page of clients, as EXISTS.
            models.Index(fields=["client", "project"], name="enrollment_client_project"),
            models.Index(fields=["project", "entry_date"], name="enrollment_project_entry"),
            newest_index("enrollment_of_organization"),
            # An organization's clients in order, for the lists of data quality.
            models.Index("organization", F("client").desc(), name="enrollment_clients_newest"),
            deleted_index("enrollment_deleted_newest"),
            # Those that wait for their officer on the start page of Data Quality: a few.
            models.Index(
                fields=["organization"],
                name="enrollment_exempt",
                condition=Q(is_exempt=True, date_deleted=None),
            ),
        ]
        constraints = [
            *ClientRecord.Meta.constraints,
            key_once("enrollment_key_once", "enrollment_id"),
            key_once("exit_key_once", "exit_id"),
            breakable(
                name="exit_not_before_entry",
                condition=Q(exit_date=None) | Q(exit_date__gte=F("entry_date")),
                violation_error_message="Exit date cannot be before entry date.",
            ),
            models.CheckConstraint(
                name="destination_only_at_exit",
                condition=Q(exit_date__isnull=False) | Q(destination=None, other_destination=""),
                violation_error_message="Enter the exit date of this destination.",
            ),
            models.CheckConstraint(
                name="program_answers_only_at_exit",
                condition=Q(exit_date__isnull=False)
                | Q(**{one.name: None for one in of_programs("Exit")}),
                violation_error_message="Enter the exit date of these answers.",
            ),
            models.CheckConstraint(
                name="relationship_is_known",
                condition=Q(relationship_to_hoh__in=RelationshipToHoH.values),
                violation_error_message="Choose one of the listed relationships.",
            ),
            models.UniqueConstraint(
                name="one_head_in_household",
                fields=["household"],
                condition=Q(
                    relationship_to_hoh=RelationshipToHoH.SELF, date_deleted=None, is_exempt=False
                ),
                violation_error_message="A household has one head: choose Self for one member.",
            ),
            models.UniqueConstraint(
                name="person_once_in_household",
                fields=["household", "client"],
                condition=Q(date_deleted=None, is_exempt=False),
                violation_error_message="This person is in the household already.",
            ),
            ExclusionConstraint(
                name="household_in_one_project",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("project", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(date_deleted=None, is_exempt=False),
                violation_error_message="All members of a household enter the same project.",
            ),
            ExclusionConstraint(
                name="enrollments_do_not_overlap",
                expressions=[
                    ("client", RangeOperators.EQUAL),
                    ("project", RangeOperators.EQUAL),
                    (occupied_days(), RangeOperators.OVERLAPS),
                ],
                condition=Q(date_deleted=None, is_exempt=False),
                violation_error_message=(
                    "This client is already enrolled in this project on these dates. "
                    "Exit or delete that enrollment first."
                ),
            ),
        ]
        triggers = [
            *ClientRecord.Meta.triggers,
            enrollment_covers_assignments(),
            *household_has_head(),
            exempt_until_changed(),
            KeepsMarks(),
        ]

    def get_absolute_url(self) -> str:
        return address("enrollments:enrollment", self.client_id, self.pk)

    @property
    def display_name(self) -> str:
        return f"{self.project}, since {self.entry_date:%m/%d/%Y}"

    def sensitive_for(self, user: "User") -> bool:
        """Whether the user may read its answers to HUD 4.05-4.11 (docs/security/field-rights.md).

        Users of the enrollment's own organization may, and its active case managers of others;
        what a victim service provider was told stays with it (VAWA, 34 U.S.C. 12291(b)(2)).
        """
        if user.may_change(self):
            return True
        if self.organization.victim_service_provider:
            return False
        managed = self.case_assignments.active_on(timezone.localdate())
        return managed.filter(case_manager=user).exists()

    @property
    def is_open(self) -> bool:
        return self.is_open_on(timezone.localdate())

    def is_open_on(self, day: date) -> bool:
        return self.entry_date <= day and (self.exit_date is None or self.exit_date > day)

    @property
    def is_exit_incomplete(self) -> bool:
        return self.exit_date is not None and self.destination is None

    @property
    def records_contacts(self) -> bool:
        """Whether HUD asks where this member lives at each contact (4.12)."""
        today = timezone.localdate()
        return self.asks(current_living.RULE, today, answered_on=today)

    def asks(self, number: str, today: date, *, answered_on: date | None = None) -> bool:
        """Whether HUD asks this member for an element, by its number: at the start if not later."""
        return element(number).is_asked_of(
            is_head=self.is_head,
            dob=self.client.dob,
            project_type=self.project.project_type,
            answered_on=answered_on or self.entry_date,
            entry_date=self.entry_date,
            exit_date=self.exit_date,
            today=today,
        )

    @property
    def status(self) -> str:
        return "Active" if self.is_open else "Exited"

    @property
    def is_head(self) -> bool:
        return self.relationship_to_hoh == RelationshipToHoH.SELF
