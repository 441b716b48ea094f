"""Exit: who leaves, when, and each where to (4.9)."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict
from django.template.defaultfilters import pluralize
from django.utils import timezone

from agencies.models import User
from enrollments.actions import Departure
from enrollments.dates import Bounds, left_outside, sentences
from enrollments.forms.members import MembersForm
from enrollments.models import CaseAssignment, Enrollment
from enrollments.models.draft_answers import prefix_of
from hud.choices import Destination, RentalSubsidyType
from hud.conditions import alternatives, as_data
from hud.rules import destination as destination_rules
from hud.rules import engagement, move_in
from hud.rules import exit as exit_rules
from hud.rules.issues import Issue, warning
from records.conflicts import ConflictDetection
from records.form_fields import DateField, LineField

LEAVES = "leaves"
FOLLOW_UPS = ("destination_subsidy_type", "other_destination")
OF_MEMBER = ("destination", *FOLLOW_UPS)
CHANGED = "Somebody else changed this household. Check who is ticked below and try again."
asked_after = destination_rules.questions


def name_of(enrollment: Enrollment, field: str) -> str:
    """The name of one member's field."""
    return f"{prefix_of(enrollment.client_id)}-{field}"


def used_for_all(posted: QueryDict) -> QueryDict:
    """What was posted, after **Use for whole household**: one member's destination is everybody's.

    The button sends the prefix of the member as `copy`.
    """
    prefix = posted.get("copy", "")
    if not prefix:
        return posted
    posted = posted.copy()
    for field in OF_MEMBER:
        value = posted.get(f"{prefix}-{field}", "")
        for name in list(posted):
            if name.endswith(f"-{field}"):
                posted[name] = value
    return posted


class Card:
    """The fields of one member as a template shows them."""

    def __init__(self, form: "ExitFields", member: Enrollment):
        self.member, self.prefix = member, prefix_of(member.client_id)
        self.leaves, self.destination = form[name_of(member, LEAVES)], form[self._of("destination")]
        codes = {self._of("destination"): [None, *Destination.values]}
        self.follow_ups = [
            (form[self._of(field)], as_data(alternatives(self._asks(field), codes)))
            for field in FOLLOW_UPS
        ]

    def _of(self, field: str) -> str:
        return name_of(self.member, field)

    def _asks(self, field: str) -> Any:
        return lambda **codes: field in asked_after(codes[self._of("destination")])


class ExitFields(forms.Form):
    """One card a member. `warnings` are pairs of client id (0: all) and issue, to be confirmed.

    Args:
        candidates: the enrollments that may end together.
        household: all members, whoever leaves.
        viewer: whose eyes decide what is told of records that the exit would leave outside.
        leaving: primary keys of those who are ticked at first.
    """

    exit_date = DateField(label="Exit Date")
    end_assignments = forms.BooleanField(label="End case assignment", required=False, initial=True)

    def __init__(
        self,
        *args: Any,
        candidates: Sequence[Enrollment],
        household: Iterable[Enrollment],
        viewer: User,
        leaving: Collection[int] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.candidates, self.household, self.leaving = candidates, list(household), set(leaving)
        self.warnings: list[tuple[int, Issue]] = []
        self.today = timezone.localdate()
        self.fields["exit_date"].initial = self.today
        for member in candidates:
            self._add_card(member)

    def _add_card(self, member: Enrollment) -> None:
        fields: dict[str, forms.Field] = {
            LEAVES: forms.BooleanField(label="Exit", required=False),
            "destination": _code("Destination", Destination.by_category()),
            "destination_subsidy_type": _code("Rental Subsidy Type", RentalSubsidyType.choices),
            "other_destination": LineField(
                label="Other Destination", required=False, max_length=50
            ),
        }
        fields["destination_subsidy_type"].help_text = "For a rental with ongoing housing subsidy."
        fields["other_destination"].help_text = "For the destination Other: where the client goes."
        for field in OF_MEMBER:
            fields[field].initial = getattr(member, field)
        fields[LEAVES].initial = member.pk in self.leaving
        for name, field in fields.items():
            self.fields[name_of(member, name)] = field

    @property
    def cards(self) -> list[Card]:
        return [Card(self, member) for member in self.candidates]

    # what was chosen

    def value_of(self, member: Enrollment, field: str) -> Any:
        return self.cleaned_data.get(name_of(member, field))

    @property
    def ticked(self) -> list[Enrollment]:
        return [one for one in self.candidates if self.value_of(one, LEAVES)]

    @property
    def departures(self) -> dict[int, Departure]:
        """How each of those who are ticked leaves, by enrollment."""
        day = self.cleaned_data["exit_date"]
        return {
            one.pk: Departure(
                exit_date=day, **{field: self.value_of(one, field) for field in OF_MEMBER}
            )
            for one in self.ticked
        }

    @property
    def typed_answers(self) -> QueryDict:
        """What was typed into these fields, without what else the page sends."""
        typed = QueryDict(mutable=True)
        for name in ("exit_date", "end_assignments", *self._names_of_members()):
            if name in self.data:
                typed.setlist(name, self.data.getlist(name))
        return typed

    def _names_of_members(self) -> Iterator[str]:
        for member in self.candidates:
            yield from (name_of(member, field) for field in (LEAVES, *OF_MEMBER))

    # whether it can be so

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for member in self.candidates:
            self._clean_member(member, data)
        if any(name.endswith(f"-{LEAVES}") and name not in self.fields for name in self.data):
            self.add_error(None, CHANGED)
        elif not self.ticked:
            self.add_error(None, "Tick at least one member.")
        elif "exit_date" not in self.errors:
            self._check_date(data["exit_date"])
        return data

    def _clean_member(self, member: Enrollment, data: dict[str, Any]) -> None:
        """Leave out the questions that do not apply, and all of those who stay."""
        names = {field: name_of(member, field) for field in OF_MEMBER}
        asked = asked_after(data.get(names["destination"]))
        for field, name in names.items():
            if field not in asked:
                data[name] = "" if field == "other_destination" else None
            if field not in asked or not data.get(name_of(member, LEAVES)):
                self._errors.pop(name, None)

    def _check_date(self, day: date) -> None:
        for client_id, issue in dict.fromkeys(self._findings(day)):
            self._note(client_id, issue)
        if "exit_date" not in self.errors:
            self._note_what_is_recorded_later(day)

    def _findings(self, day: date) -> Iterator[tuple[int, Issue]]:
        for member in self.ticked:
            found = exit_rules.issues(day, entry_date=member.entry_date, today=self.today)
            found += self._after_what_came_before(member, day)
            if member.is_head:
                found += exit_rules.head_issues(day, self._others_exit_dates())
            yield from ((0, issue) for issue in found)
            for issue in destination_rules.issues(
                self.value_of(member, "destination"),
                subsidy_type=self.value_of(member, "destination_subsidy_type"),
                other=self.value_of(member, "other_destination") or "",
            ):
                yield member.client_id, issue

    def _after_what_came_before(self, member: Enrollment, leaves_on: date) -> list[Issue]:
        """3.20, 4.13: whoever moved in, or was engaged, cannot have left before."""
        dates = {
            (move_in.RULE, "move-in date"): member.move_in_date,
            (engagement.RULE, "date of engagement"): member.date_of_engagement,
        }
        return [
            exit_rules.error(
                rule, "exit_date", f"Enter an exit date on or after the {name}, {day:%m/%d/%Y}."
            )
            for (rule, name), day in dates.items()
            if day and day > leaves_on
        ]

    def _note_what_is_recorded_later(self, day: date) -> None:
        """What an earlier exit leaves outside, and what moves with it."""
        earlier = [one for one in self.ticked if one.exit_date is None or day < one.exit_date]
        names = {one.pk: one.client.display_name for one in earlier}
        found = left_outside({pk: Bounds(ends=day) for pk in names}, self.viewer)
        texts = list(sentences(found, names, of="exit date"))
        later = CaseAssignment.objects.filter(enrollment__in=names, begins_on__gt=day).count()
        if later and self.cleaned_data.get("end_assignments"):
            texts.append(
                f"{later} case assignment{pluralize(later, ' begins,s begin')} after this exit "
                "date: moved to begin and end on it."
            )
        self.warnings += [(0, warning(exit_rules.RULE, "exit_date", text)) for text in texts]

    def _others_exit_dates(self) -> list[date | None]:
        leaving = {one.pk for one in self.ticked}
        return [one.exit_date for one in self.household if one.pk not in leaving]

    def _note(self, client_id: int, issue: Issue) -> None:
        if issue.blocks:
            self.add_error("exit_date", issue.message)
        else:
            self.warnings.append((client_id, issue))

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The names of the members by client."""
        return {one.client_id: one.client.display_name for one in self.candidates}


class ExitForm(ConflictDetection, ExitFields):
    """An exit, or its correction, that two people may enter at once.

    Errors block; `warnings` are shown once, and confirmed by the token that they come with.

    Args:
        enrollment: the one whose page it is.
    """

    shows_organization = False
    record_name = "exit"

    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, enrollment: Enrollment, candidates: Sequence[Enrollment], **kwargs: Any
    ):
        self.enrollment = enrollment
        self.record: Any = StoredExits(candidates)
        ticks = [name_of(one, LEAVES) for one in candidates]
        self.not_compared = ("end_assignments", "confirmed", *ticks)
        self.follows = {
            name_of(one, field): (name_of(one, "destination"),)
            for one in candidates
            for field in FOLLOW_UPS
        }
        super().__init__(*args, candidates=candidates, **kwargs)

    def prepare(self) -> None:
        if self.enrollment.exit_date:
            self.fields["exit_date"].initial = self.enrollment.exit_date

    def _initial(self, name: str) -> Any:
        return self.enrollment.exit_date if name == "exit_date" else self.fields[name].initial

    def label_of(self, name: str) -> str:
        who = next((one for one in self.candidates if name in self._fields_of(one)), None)
        label = super().label_of(name)
        return (
            f"{label} of {who.client.display_name}" if who and len(self.candidates) > 1 else label
        )

    @staticmethod
    def _fields_of(member: Enrollment) -> list[str]:
        return [name_of(member, field) for field in OF_MEMBER]

    def reload(self) -> "ExitForm":
        return type(self)(
            initial=dict(self.initial),
            candidates=self.candidates,
            enrollment=self.enrollment,
            household=self.household,
            viewer=self.viewer,
            leaving=self.leaving,
            request=self.request,
        )

    @property
    def warnings_in_words(self) -> list[str]:
        who = self.names if len(self.candidates) > 1 else {}
        return [
            f"{who[pk]}: {issue.message}" if pk in who else issue.message
            for pk, issue in self.warnings
        ]

    @property
    def warnings_token(self) -> str:
        """What confirms exactly these warnings."""
        text = "\n".join(sorted(f"{pk} {one.message}" for pk, one in self.warnings))
        return hashlib.sha256(text.encode()).hexdigest()[:16] if text else ""

    @property
    def needs_confirmation(self) -> bool:
        return self.is_valid() and self.cleaned_data["confirmed"] != self.warnings_token


class StoredExits:
    """The exits of several members as one record: any change of one of them is a new version.

    Args:
        rows: their enrollments.
    """

    def __init__(self, rows: Sequence[Enrollment]):
        latest = max(rows, key=lambda row: row.date_updated)
        self.date_updated, self.updated_by = latest.date_updated, latest.updated_by
        self.version = " ".join(f"{row.pk}:{row.date_updated.isoformat()}" for row in rows)
        self._state = latest._state


class UndoExitForm(MembersForm):
    continue_assignments = forms.BooleanField(
        label="Go on with the case assignments that ended on the exit date",
        required=False,
        initial=True,
    )


def _code(label: str, choices: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "Choose…"), *choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
