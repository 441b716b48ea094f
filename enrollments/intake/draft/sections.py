"""The steps (4.1), and the questions of six as HUD's FY2026 data dictionary words them."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Choices

from enrollments.intake.draft.household import Member
from enrollments.intake.draft.questions import Question, QuestionSection, Values, Widget
from enrollments.models import IntakeDraft
from hud.choices import DisabilityResponse, DisabilityType, NoYesReasons
from hud.choices.situations import Situation
from hud.elements import FIELDS, ancestors, applies, element, of_programs
from hud.elements.assessments import ASSISTANCE, HIV, REASON_NOT_INSURED
from hud.occurrence import ENGAGEMENT, MOVE_IN
from hud.rules import (
    disability,
    domestic_violence,
    hiv,
    income,
    living_situation,
    programs,
    veteran,
)
from hud.rules.issues import Issue, warning
from hud.rules.sources import BENEFITS, INCOME, INSURANCE, Topic

Step = IntakeDraft.Step


def _choose(name: str, number: str, answers: type[Choices], label: str, hint: str = "") -> Question:
    """A question with one of HUD's lists: a row of choices, or a drop-down of many or long ones."""
    labels = tuple((code, str(text)) for code, text in answers.choices)
    short = len(labels) <= 5 and max(len(text) for _, text in labels) < 30
    widget = Widget.CHOICES if short else Widget.LIST
    grouped = answers.by_category() if issubclass(answers, Situation) else []
    headings = tuple((heading, tuple(rows)) for heading, rows in grouped)
    return Question(name, label, number, widget, labels, headings, hint)


def _ask(name: str, widget: Widget = Widget.DATE, hint: str = "") -> Question:
    """The question of the data dictionary with that name; its list decides the widget, if any."""
    one = FIELDS[name]
    if one.answers:
        return _choose(name, one.number, one.answers, one.label, hint)
    widget = Widget.NUMBER if one.between else widget
    return Question(name, one.label, one.number, widget, hint=hint)


SERVICE = [one.name for one in of_programs("Client")]  # V1
OF_THE_PERSON = ("veteran_status", *SERVICE)
PROGRAMS = [*SERVICE, *(one.name for one in of_programs("Enrollment"))]
OF_ANOTHER_TYPE = (
    "Projects of this type do not have this date. Leave it blank, or confirm that it is kept."
)


def _universal_that_apply(values: Values, project_type: int | None) -> Collection[str]:
    asked = living_situation.questions(
        values.get("living_situation"),
        length_of_stay=values.get("length_of_stay"),
        previous_street_essh=values.get("previous_street_essh"),
        project_type=project_type,
    )
    asked = (*asked, *(one for one in PROGRAMS if applies(one, values)))
    return {"veteran_status", "enrollment_coc", "date_of_engagement", "move_in_date", *asked}


def _universal_issues(values: Values, member: Member) -> Iterable[Issue]:
    yield from living_situation.history_issues(
        values, entry_date=member.entry_date, dob=member.client.dob
    )
    if "veteran_status" in values:
        yield from veteran.issues(values["veteran_status"], is_adult=member.is_adult)
    yield from programs.service_issues(values, today=member.today)
    yield from programs.status_issues(
        values, entry_date=member.entry_date, exit_date=member.exit_date, today=member.today
    )
    for rule in (ENGAGEMENT, MOVE_IN):
        day = values.get(rule.field)
        if day and _is_of_another_type(rule.field, day, member):
            yield warning(rule.rule, rule.field, OF_ANOTHER_TYPE)
        elif day:
            yield from rule.issues(
                day,
                entry_date=member.entry_date,
                exit_date=member.exit_date,
                today=member.today,
                project_type=member.project_type,
            )


def _is_of_another_type(name: str, day: date, member: Member) -> bool:
    """Whether a stored date remained when the type of the project was changed."""
    is_for = element(FIELDS[name].number).is_for(member.project_type)
    return not is_for and member.enrollment is not None and getattr(member.enrollment, name) == day


UNIVERSAL = QuestionSection(
    Step.UNIVERSAL,
    (
        _ask("veteran_status"),
        _ask("enrollment_coc", Widget.LINE, "The code of the Continuum of Care, such as MA-500."),
        *map(_ask, living_situation.FIELDS),
        _ask(
            "date_of_engagement",
            hint="When a plan was begun or needs were assessed together. Blank until then.",
        ),
        _ask("move_in_date"),
        *map(_ask, PROGRAMS),
    ),
    _universal_that_apply,
    {
        "rental_subsidy_type": ("living_situation",),
        "length_of_stay": ("living_situation",),
        "previous_street_essh": ("living_situation", "length_of_stay"),
        **dict.fromkeys(
            living_situation.HISTORY,
            ("living_situation", "length_of_stay", "previous_street_essh"),
        ),
        **{name: found for name in PROGRAMS if (found := ancestors(name))},
    },
    _universal_issues,
)


def response_name(kind: DisabilityType) -> str:
    return f"response_{kind.value}"


def indefinite_name(kind: DisabilityType) -> str:
    return f"indefinite_{kind.value}"


_HIV = response_name(DisabilityType.HIV_AIDS)
OF_HIV = (*HIV, *ASSISTANCE)  # asked of whoever has HIV/AIDS


def disability_rows(values: Values) -> list[disability.Disability]:
    """The answers of Barriers as rows of Disabilities.csv."""
    return [
        disability.Disability(
            kind.value, values.get(response_name(kind)), values.get(indefinite_name(kind))
        )
        for kind in DisabilityType
    ]


def _barriers_that_apply(values: Values, project_type: int | None) -> Collection[str]:
    names = {disability.FIELD, *map(response_name, DisabilityType)}
    for row in disability_rows(values):
        kind = DisabilityType(row.disability_type)
        asked = disability.questions(row.disability_type, row.disability_response)
        if "indefinite_and_impairs" in asked:
            names.add(indefinite_name(kind))
    if values.get(_HIV) == NoYesReasons.YES:
        names |= {name for name in OF_HIV if applies(name, values)}
    return names


def _barriers_issues(values: Values, member: Member) -> Iterable[Issue]:
    rows = disability_rows(values)
    for row in rows:
        yield from disability.row_issues(row)
    if disability.FIELD in values:
        yield from disability.issues(values[disability.FIELD], rows)
    yield from hiv.issues(values)


def _disability_questions() -> Iterable[Question]:
    for kind in DisabilityType:
        of_substances = kind is DisabilityType.SUBSTANCE_USE
        codes = DisabilityResponse if of_substances else NoYesReasons
        response = _choose(response_name(kind), kind.rule, codes, str(kind.label))
        response = replace(response, in_rest=True)
        if kind is DisabilityType.HIV_AIDS:  # where counts are asked, it is too
            yield replace(response, also="W4")
            yield from map(_ask, OF_HIV)
            continue
        yield response
        if not kind.is_always_disabling:
            label = f"{kind.label}: long-continued and indefinite, and impairs independent living"
            yield _choose(indefinite_name(kind), kind.rule, NoYesReasons, label)
    yield _ask(disability.FIELD, hint="Left blank, it is what the answers above say.")


BARRIERS = QuestionSection(
    Step.BARRIERS,
    tuple(_disability_questions()),
    _barriers_that_apply,
    {
        indefinite_name(kind): (response_name(kind),)
        for kind in DisabilityType
        if not kind.is_always_disabling
    }
    | {name: (_HIV, *ancestors(name)) for name in OF_HIV},
    _barriers_issues,
)


_SURVIVOR = "domestic_violence_survivor"
VIOLENCE = QuestionSection(
    Step.VIOLENCE,
    (*map(_ask, (_SURVIVOR, "when_occurred", "currently_fleeing")),),
    lambda values, project_type: domestic_violence.questions(values.get(_SURVIVOR)),
    {"when_occurred": (_SURVIVOR,), "currently_fleeing": (_SURVIVOR,)},
)


def _of_programs(step: Step, *files: str) -> QuestionSection:
    """What only some programs ask, of these files of the exchange."""
    names = [one.name for file in files for one in of_programs(file)]
    return QuestionSection(
        step,
        tuple(map(_ask, names)),
        lambda values, project_type: [one for one in names if applies(one, values)],
        {name: found for name in names if (found := ancestors(name))},
    )


def _of_topic(step: Step, topic: Topic, label: str, *more: str) -> QuestionSection:
    any_field, other, rule = topic.any_field, topic.other.field, topic.rule

    def questions() -> Iterable[Question]:
        yield replace(_choose(any_field, rule, NoYesReasons, label), in_rest=True)
        for source in topic.sources:
            yield Question(source.field, source.label, rule, Widget.TICK)
            if source.amount:
                yield Question(source.amount, f"{source.label}: monthly", rule, Widget.AMOUNT)
            if source.reason:
                reason = f"{source.label}: reason not covered"
                yield _choose(source.reason, "4.04.A", REASON_NOT_INSURED, reason)
        yield Question(topic.identify_field, f"{topic.other.label}: which", rule, Widget.LINE)
        yield from map(_ask, more)

    names = [source.field for source in topic.sources]
    return QuestionSection(
        step,
        tuple(questions()),
        lambda values, project_type: [
            *income.questions(topic, values.get(any_field), values.get(other)),
            *income.reasons(topic, values),
            *more,
        ],
        {
            **dict.fromkeys([*names, *topic.amounts], (any_field,)),
            topic.identify_field: (any_field, other),
            **{one.reason: (any_field, one.field) for one in topic.sources if one.reason},
        },
        lambda values, member: income.issues(topic, values),
        validates_all=True,
    )


TOPICS = {Step.INCOME: INCOME, Step.BENEFITS: BENEFITS, Step.INSURANCE: INSURANCE}
SECTIONS = {
    section.step: section
    for section in (
        UNIVERSAL,
        BARRIERS,
        VIOLENCE,
        _of_programs(Step.HEALTH, "HealthAndDV"),
        _of_programs(Step.EDUCATION, "EmploymentEducation", "YouthEducationStatus"),
        _of_topic(Step.INCOME, INCOME, "Income from Any Source", "connection_with_soar"),
        _of_topic(Step.BENEFITS, BENEFITS, "Non-Cash Benefits from Any Source"),
        _of_topic(Step.INSURANCE, INSURANCE, "Covered by Health Insurance"),
    )
}
