"""Rows that the constraints of enrollments accept and refuse (tests/test_constraints.py)."""

from datetime import date, timedelta

from django.utils import timezone

from enrollments.models import (
    CaseAssignment,
    CurrentLivingSituation,
    Disability,
    EmploymentEducation,
    Enrollment,
    HealthAndDV,
    IncomeBenefits,
    IntakeDraft,
    YouthEducationStatus,
)
from enrollments.models.assessment import Assessment
from tests.enrollments.factories import (
    START,
    CaseAssignmentFactory,
    CurrentLivingSituationFactory,
    DisabilityFactory,
    EmploymentEducationFactory,
    EnrollmentFactory,
    HealthAndDVFactory,
    HouseholdChangeFactory,
    HouseholdFactory,
    IncomeBenefitsFactory,
    YouthEducationStatusFactory,
)
from tests.factories import ProjectFactory

FACTORIES = {
    Enrollment: EnrollmentFactory,
    CaseAssignment: CaseAssignmentFactory,
    CurrentLivingSituation: CurrentLivingSituationFactory,
    IncomeBenefits: IncomeBenefitsFactory,
    HealthAndDV: HealthAndDVFactory,
    Disability: DisabilityFactory,
    EmploymentEducation: EmploymentEducationFactory,
    YouthEducationStatus: YouthEducationStatusFactory,
}
EXIT = date(2026, 2, 1)


def draft(**values):
    enrollment = EnrollmentFactory()
    return IntakeDraft.objects.create(
        client=enrollment.client,
        organization=enrollment.organization,
        created_by=enrollment.created_by,
        step="program",
        **({"household": enrollment.household} | values),
    )


def again(factory, **values):
    """A second row of the same enrollment."""
    first = factory(**{key: value[0] for key, value in values.items()})
    factory(enrollment=first.enrollment, **{key: value[1] for key, value in values.items()})


def with_key_of_another(factory, key):
    factory(**{key: getattr(factory(), key)})


def second_enrollment(entry, exit_date=None, *, first_exit=None, project=None, **values):
    first = EnrollmentFactory(exit_date=first_exit)
    project = project or first.project
    EnrollmentFactory(
        client=first.client, project=project, entry_date=entry, exit_date=exit_date, **values
    )


def companion(**values):
    """Another member of a household."""
    head = EnrollmentFactory()
    defaults = {"relationship_to_hoh": 2, "project": head.project, "household": head.household}
    if values.pop("same_client", False):
        # Before the other one: on the same days the exclusion of overlapping ones speaks first.
        dates = {"entry_date": date(2025, 3, 1), "exit_date": date(2025, 4, 1)}
        defaults |= {"client": head.client} | dates
    EnrollmentFactory(**(defaults | values))


def deleted(row):
    row.mark_deleted(by=row.created_by)
    return row


def second_assignment(begins_on, ends_on=None, *, first_end=None, other=False):
    first = CaseAssignmentFactory(ends_on=first_end)
    manager = {} if other else {"case_manager": first.case_manager}
    CaseAssignmentFactory(
        enrollment=first.enrollment, begins_on=begins_on, ends_on=ends_on, **manager
    )


def hiv(**values):
    """The row of 4.08 HIV/AIDS."""
    DisabilityFactory(**({"disability_type": 8, "disability_response": 1} | values))


def split(**values):
    """Somebody who went into another household."""
    HouseholdChangeFactory(**({"kind": "split", "new_household": HouseholdFactory()} | values))


def undone(**values):
    enrollment = EnrollmentFactory()
    HouseholdChangeFactory(enrollment=enrollment, undone_by=enrollment.created_by, **values)


def split_into_itself():
    enrollment = EnrollmentFactory()
    split(enrollment=enrollment, new_household=enrollment.household)


# constraint: (what it accepts, what it refuses)
ROWS = {
    "household_change_is_whole": (
        [HouseholdChangeFactory, split],
        [
            lambda: HouseholdChangeFactory(new_household=HouseholdFactory()),
            lambda: split(new_household=None),
            lambda: split(former_head=EnrollmentFactory()),
        ],
    ),
    "household_change_undone_by_somebody": (
        [HouseholdChangeFactory, lambda: undone(date_undone=timezone.now())],
        [undone, lambda: HouseholdChangeFactory(date_undone=timezone.now())],
    ),
    "household_splits_into_another": ([HouseholdChangeFactory, split], [split_into_itself]),
    "exit_not_before_entry": (
        [lambda: EnrollmentFactory(exit_date=START), lambda: EnrollmentFactory(exit_date=None)],
        [lambda: EnrollmentFactory(exit_date=START - timedelta(days=1))],
    ),
    "destination_only_at_exit": (
        [lambda: EnrollmentFactory(exit_date=EXIT, destination=410), EnrollmentFactory],
        [
            lambda: EnrollmentFactory(destination=410),
            lambda: EnrollmentFactory(other_destination="sea"),
        ],
    ),
    "program_answers_only_at_exit": (
        [
            lambda: EnrollmentFactory(exit_date=EXIT, housing_assessment=1),
            lambda: EnrollmentFactory(referral_source=7),
        ],
        [
            lambda: EnrollmentFactory(housing_assessment=1),
            lambda: EnrollmentFactory(aftercare_date=EXIT),
        ],
    ),
    "relationship_is_known": (
        [lambda: companion(relationship_to_hoh=99)],
        [lambda: EnrollmentFactory(relationship_to_hoh=7)],
    ),
    "current_living_situation_is_known": (
        [CurrentLivingSituationFactory],
        [lambda: CurrentLivingSituationFactory(current_living_situation=30)],
    ),
    "subsidy_of_a_subsidized_rental": (
        [lambda: CurrentLivingSituationFactory(current_living_situation=435, cls_subsidy_type=428)],
        [lambda: CurrentLivingSituationFactory(cls_subsidy_type=428)],
    ),
    "next_home_of_who_has_to_leave": (
        [
            lambda: CurrentLivingSituationFactory(
                current_living_situation=336, leave_situation_14_days=1, subsequent_residence=0
            )
        ],
        [lambda: CurrentLivingSituationFactory(subsequent_residence=0)],
    ),
    "one_head_in_household": ([companion], [lambda: companion(relationship_to_hoh=1)]),
    "person_once_in_household": ([companion], [lambda: companion(same_client=True)]),
    "household_in_one_project": ([companion], [lambda: companion(project=ProjectFactory())]),
    "enrollments_do_not_overlap": (
        [
            lambda: second_enrollment(EXIT, first_exit=EXIT),
            lambda: second_enrollment(EXIT, project=ProjectFactory()),
            lambda: second_enrollment(date(2025, 1, 1), START),
        ],
        [
            lambda: second_enrollment(EXIT),
            lambda: second_enrollment(EXIT, first_exit=EXIT + timedelta(days=1)),
            lambda: second_enrollment(date(2025, 1, 1), START + timedelta(days=1)),
        ],
    ),
    "assignment_ends_after_begin": (
        [lambda: CaseAssignmentFactory(ends_on=START), CaseAssignmentFactory],
        [lambda: CaseAssignmentFactory(ends_on=START - timedelta(days=1))],
    ),
    "assignment_once_at_a_time": (
        [
            lambda: second_assignment(EXIT, first_end=EXIT),
            lambda: second_assignment(START, other=True),
        ],
        [
            lambda: second_assignment(EXIT),
            lambda: second_assignment(EXIT, EXIT + timedelta(days=9)),
            lambda: second_assignment(START, first_end=EXIT),
        ],
    ),
    "disability_type_is_known": (
        [lambda: DisabilityFactory(disability_type=10)],
        [lambda: DisabilityFactory(disability_type=4)],
    ),
    "disability_type_once_a_start_and_exit": (
        [
            lambda: again(DisabilityFactory, disability_type=[5, 6]),
            lambda: again(DisabilityFactory, data_collection_stage=[2, 2]),
        ],
        [
            lambda: again(DisabilityFactory, disability_type=[5, 5]),
            lambda: again(DisabilityFactory, data_collection_stage=[3, 3]),
        ],
    ),
    "hiv_answers_of_hiv": (
        [lambda: hiv(anti_retroviral=0), lambda: hiv(viral_load_available=2)],
        [
            lambda: hiv(disability_response=0, anti_retroviral=0),
            lambda: hiv(disability_response=None, t_cell_count_available=0),
            lambda: hiv(disability_type=7, anti_retroviral=1),
        ],
    ),
    "count_that_is_available": (
        [
            lambda: hiv(t_cell_count_available=1, t_cell_count=0, t_cell_source=2),
            lambda: hiv(viral_load_available=1, viral_load=999_999),
        ],
        [
            lambda: hiv(t_cell_count_available=0, t_cell_count=500),
            lambda: hiv(t_cell_count=500),
            lambda: hiv(viral_load_available=2, viral_load=20),
        ],
    ),
    "source_of_a_count": (
        [lambda: hiv(viral_load_available=1, viral_load=50, viral_load_source=1)],
        [
            lambda: hiv(viral_load_available=1, viral_load_source=1),
            lambda: hiv(t_cell_count_available=1, t_cell_source=1),
        ],
    ),
    "due_date_of_a_pregnancy": (
        [lambda: HealthAndDVFactory(pregnancy_status=1, due_date=EXIT)],
        [
            lambda: HealthAndDVFactory(pregnancy_status=0, due_date=EXIT),
            lambda: HealthAndDVFactory(due_date=EXIT),
        ],
    ),
    "reason_not_insured": (
        [
            lambda: IncomeBenefitsFactory(medicaid=0, no_medicaid_reason=1),
            lambda: IncomeBenefitsFactory(vha_services=0, no_vha_reason=4),
        ],
        [
            lambda: IncomeBenefitsFactory(medicaid=1, no_medicaid_reason=1),
            lambda: IncomeBenefitsFactory(no_indian_health_services_reason=3),
        ],
    ),
    "reason_without_assistance": (
        [lambda: IncomeBenefitsFactory(adap=0, no_adap_reason=1)],
        [
            lambda: IncomeBenefitsFactory(adap=1, no_adap_reason=1),
            lambda: IncomeBenefitsFactory(no_ryan_white_reason=1),
        ],
    ),
    "employment_as_answered": (
        [
            lambda: EmploymentEducationFactory(employed=1, employment_type=3),
            lambda: EmploymentEducationFactory(employed=0, not_employed_reason=1),
        ],
        [
            lambda: EmploymentEducationFactory(employed=0, employment_type=3),
            lambda: EmploymentEducationFactory(employed=1, not_employed_reason=1),
            lambda: EmploymentEducationFactory(not_employed_reason=1),
        ],
    ),
    "education_as_attended": (
        [
            lambda: YouthEducationStatusFactory(current_school_attend=0, most_recent_ed_status=2),
            lambda: YouthEducationStatusFactory(current_school_attend=1, current_ed_status=0),
            lambda: YouthEducationStatusFactory(current_school_attend=2, current_ed_status=4),
        ],
        [
            lambda: YouthEducationStatusFactory(current_school_attend=0, current_ed_status=0),
            lambda: YouthEducationStatusFactory(current_school_attend=2, most_recent_ed_status=2),
            lambda: YouthEducationStatusFactory(most_recent_ed_status=2),
        ],
    ),
    "draft_kind_is_known": (
        [lambda: draft(kind="annual"), lambda: draft(kind="member")],
        [lambda: draft(kind="whim")],
    ),
    "draft_of_a_household": (
        [lambda: draft(household=None)],
        [lambda: draft(household=None, kind="update")],
    ),
    "draft_finished_keeps_no_answers": (
        [lambda: draft(finished_at=timezone.now())],
        [
            lambda: draft(finished_at=timezone.now(), answers_json="{}"),
            lambda: draft(finished_at=timezone.now(), household=None),
        ],
    ),
}
for _model, _make in FACTORIES.items():
    _name = _model._meta.model_name
    ROWS[f"{_name}_visibility_is_known"] = (
        [lambda make=_make: make(visibility="own")],
        [lambda make=_make: make(visibility="foe")],
    )
    ROWS[f"{_name}_deleted_by_somebody"] = (
        [lambda make=_make: deleted(make())],
        [lambda make=_make: make(date_deleted=timezone.now())],
    )
    if "data_collection_stage" in {field.name for field in _model._meta.fields}:
        ROWS[f"{_name}_stage_is_known"] = (
            [lambda make=_make: make(data_collection_stage=5)],
            [lambda make=_make: make(data_collection_stage=4)],
        )
for _make in (
    *(IncomeBenefitsFactory, HealthAndDVFactory),
    *(EmploymentEducationFactory, YouthEducationStatusFactory),
):
    ROWS[f"{_make._meta.model._meta.model_name}_once_a_start_and_exit"] = (
        [
            lambda make=_make: again(make, data_collection_stage=[1, 3]),
            lambda make=_make: again(make, data_collection_stage=[5, 5]),
        ],
        [
            lambda make=_make: again(make, data_collection_stage=[1, 1]),
            lambda make=_make: again(make, data_collection_stage=[3, 3]),
        ],
    )
KEYS = {
    "household_key_once": (HouseholdFactory, "household_id"),
    "enrollment_key_once": (EnrollmentFactory, "enrollment_id"),
    "exit_key_once": (EnrollmentFactory, "exit_id"),
} | {
    f"{_model._meta.model_name}_key_once": (_make, "key")
    for _model, _make in FACTORIES.items()
    if issubclass(_model, Assessment)
}
for _name, (_make, _key) in KEYS.items():
    ROWS[_name] = (
        [lambda make=_make, key=_key: make(**{key: "a" * 32})],
        [lambda make=_make, key=_key: with_key_of_another(make, key)],
    )
