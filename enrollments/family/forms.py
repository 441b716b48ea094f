"""Change Head of Household and Split Household: from when, and what each member is to the head."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import get_text_list

from enrollments.family.actions import CONCURRENT_CHANGE
from enrollments.forms.confirmed_warnings import ConfirmedWarnings
from enrollments.models import Enrollment
from enrollments.models.draft_answers import DATE
from hud.choices import RelationshipToHoH
from hud.choices.answers import grouped
from hud.rules.dob import is_adult
from hud.rules.household import head_issues
from records.form_fields import NotFutureDateField
from records.forms import OrganizationForm

SELF = RelationshipToHoH.SELF
NO_ADULT = "Check who goes: {} would be in a household without an adult."
OTHERS = [choice for choice in RelationshipToHoH.choices if choice[0] != SELF]


def name_of(member: Enrollment) -> str:
    """The name of the field for what a member is to the head."""
    return f"e{member.pk}-relationship_to_hoh"


class HouseholdForm(OrganizationForm, ConfirmedWarnings):
    """What each member is to the head from a day on.

    It remembers how the household was when it was opened; of one that somebody else changed
    since, it asks to look again. Who would be together without an adult, or led by a child beside
    one, has to be confirmed.

    Args:
        candidates: the members whose enrollments the user may change.
    """

    shows_organization = False
    is_outdated = False  # somebody else changed the household since it was opened

    happened_on = NotFutureDateField(
        label="From", error_messages={"required": "Enter from when it is so."}
    )

    def __init__(self, *args: Any, candidates: Sequence[Enrollment], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.candidates = candidates
        self.today = timezone.localdate()
        self.fields["happened_on"].initial = self.today
        self.fields["seen"] = forms.CharField(
            widget=forms.HiddenInput, initial=self._version, required=False
        )

    @property
    def _version(self) -> str:
        """Differs after every change of the household that these forms are about."""
        rows = [
            (one.pk, one.project_id, one.relationship_to_hoh, str(one.entry_date), one.exit_date)
            for one in self.candidates
        ]
        return hashlib.sha256(repr(rows).encode()).hexdigest()[:16]

    def add_relationships(
        self, choices: Sequence[tuple[Any, str]], initial: Mapping[int, int | None]
    ) -> None:
        """A field for each of these members, by the primary key of the enrollment."""
        for one in self.candidates:
            if one.pk in initial:
                self.fields[name_of(one)] = forms.TypedChoiceField(
                    label=f"Relationship of {one.client.display_name}",
                    choices=[("", "Choose…"), *grouped(choices)],
                    coerce=int,
                    empty_value=None,
                    required=False,
                    initial=initial[one.pk],
                )

    def relationship_of(self, member: Enrollment) -> int | None:
        return self.cleaned_data.get(name_of(member))

    @property
    def together(self) -> list[list[Enrollment]]:
        """The members by the household to which they will belong."""
        raise NotImplementedError

    @cached_property
    def warned(self) -> list[tuple[list[int], str]]:
        """What is unlikely about ages and heads, for the user to confirm (3.15)."""
        found = [one for members in self.together for one in self._head_warnings(members)]
        alone = [one for one in self.together if set(map(self._is_adult, one)) == {False}]
        if any(map(self._is_adult, chain.from_iterable(self.together))):
            for members in alone:
                names = get_text_list([one.client.display_name for one in members], "and")
                found.append(([one.pk for one in members], NO_ADULT.format(names)))
        return found

    def _head_warnings(self, members: Sequence[Enrollment]) -> Iterator[tuple[list[int], str]]:
        heads = [one for one in members if self.relationships[one.pk] == SELF]
        others = [self._is_adult(one) for one in members if one not in heads]
        for head in heads:
            adult = self._is_adult(head)
            for issue in head_issues(head_is_adult=adult, others_are_adult=others):
                yield [head.pk], issue.message

    def _is_adult(self, member: Enrollment) -> bool | None:
        return is_adult(member.client.dob, self.cleaned_data["happened_on"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seen") != self._version:
            # The page is shown again with the household as it is now, and can be saved then.
            self.data = self.data.copy()
            self.data["seen"] = self._version
            self.is_outdated = True
            if CONCURRENT_CHANGE not in self.errors.get("members", ()):
                self.add_error(None, CONCURRENT_CHANGE)
        return data

    def check_start(self, members: Sequence[Enrollment]) -> None:
        """On or after the day on which the first of them entered the project."""
        day = self.cleaned_data.get("happened_on")
        start = min(one.entry_date for one in members)
        if day is not None and day < start:
            self.add_error("happened_on", f"Enter a date on or after the start, {start:{DATE}}.")


class HeadForm(HouseholdForm):
    """Change Head of Household.

    Args:
        head: the enrollment of who becomes the head.
    """

    def __init__(self, *args: Any, head: Enrollment, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.head = head
        if head.exit_date is not None:
            self.fields["happened_on"].initial = min(self.today, head.exit_date)
        others = [one for one in self.candidates if one.pk != head.pk]
        self.add_relationships(OTHERS, {one.pk: self._suggested(one) for one in others})

    def _suggested(self, member: Enrollment) -> int | None:
        """What a member is to the new head, where that is plain: of a couple both have the same."""
        if self.head.relationship_to_hoh != RelationshipToHoH.SPOUSE:
            return None
        if member.is_head:
            return RelationshipToHoH.SPOUSE
        is_child = member.relationship_to_hoh == RelationshipToHoH.CHILD
        return RelationshipToHoH.CHILD if is_child else None

    @property
    def rows(self) -> list[tuple[Enrollment, Any]]:
        """The members with their fields; the new head has none."""
        return [(one, self[name_of(one)]) for one in self.candidates if one.pk != self.head.pk]

    @property
    def together(self) -> list[list[Enrollment]]:
        day = self.cleaned_data["happened_on"]
        return [[one for one in self.candidates if not one.exit_date or one.exit_date > day]]

    @cached_property
    def relationships(self) -> dict[int, int]:
        chosen = {one.pk: self.relationship_of(one) or 99 for one, _ in self.rows}
        return chosen | {self.head.pk: SELF.value}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for member, field in self.rows:
            if self.relationship_of(member) is None and field.name not in self.errors:
                self.add_error(field.name, "Choose what the member is to the new head.")
        day, exit_date = data.get("happened_on"), self.head.exit_date
        if day is not None and exit_date is not None and day > exit_date:
            self.add_error(
                "happened_on", f"Enter a date on or before the exit, {exit_date:{DATE}}."
            )
        self.check_start([self.head])
        return data


class SplitForm(HouseholdForm):
    """Split Household: who goes into a household of their own.

    Args:
        is_led: whether somebody stays as head whose enrollment the user may not change.
    """

    members = forms.TypedMultipleChoiceField(
        label="Who goes into a household of their own",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Tick at least one member.",
            "invalid_choice": CONCURRENT_CHANGE,
        },
    )

    def __init__(self, *args: Any, is_led: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.is_led = is_led
        self.fields["members"].choices = [
            (one.pk, one.client.display_name) for one in self.candidates
        ]
        self.add_relationships(
            RelationshipToHoH.choices,
            {one.pk: one.relationship_to_hoh for one in self.candidates},
        )

    @property
    def rows(self) -> list[tuple[Enrollment, bool, Any, str]]:
        """The members, whether they are ticked, their fields, and what is stored instead of them.

        The last one is said after a colleague's change, where something else is chosen.
        """
        ticked = {str(pk) for pk in self["members"].value() or []}
        return [
            (one, str(one.pk) in ticked, self[name_of(one)], self._stored_instead(one))
            for one in self.candidates
        ]

    def _stored_instead(self, member: Enrollment) -> str:
        chosen, stored = self[name_of(member)].value(), member.relationship_to_hoh
        is_other = self.is_outdated and stored is not None and str(chosen) != str(stored)
        return member.get_relationship_to_hoh_display() if is_other else ""

    @property
    def going(self) -> list[Enrollment]:
        return [one for one in self.candidates if one.pk in self.cleaned_data.get("members", [])]

    @property
    def staying(self) -> list[Enrollment]:
        return [one for one in self.candidates if one not in self.going]

    @property
    def together(self) -> list[list[Enrollment]]:
        return [self.going, self.staying]

    @cached_property
    def relationships(self) -> dict[int, int]:
        """As chosen; who is alone is the head."""
        chosen = {one.pk: self.relationship_of(one) or 99 for one in self.candidates}
        for together in (self.going, [] if self.is_led else self.staying):
            if len(together) == 1:
                chosen[together[0].pk] = SELF.value
        return chosen

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        going, staying = self.going, self.staying
        if not going:
            return data
        if len({one.project_id for one in going}) > 1:
            self.add_error(
                "members", "Tick members of one project; split the others in another step."
            )
        if not staying and not self.is_led:
            self.add_error("members", "Somebody has to stay: leave out at least one member.")
        self._check_heads(going, "the new household")
        if not self.is_led and staying:
            self._check_heads(staying, "those who stay")
        self.check_start(going)
        return data

    def _check_heads(self, together: Sequence[Enrollment], which: str) -> None:
        heads = [one for one in together if self.relationships[one.pk] == SELF]
        if len(heads) == 1:
            return
        for one in heads[1:] or together[:1]:
            self.add_error(
                name_of(one),
                f"Choose exactly one member of {which} as Self (head of household).",
            )
