"""The page of the step: who has a release, and the answers of those who have none (13.1)."""

from functools import cached_property
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect

from consent.intake.answers import DraftAnswers, answers_of
from consent.intake.groups import GUARDIAN, SOMEBODY_ELSE
from consent.refused import left_out
from consent.sealing.keys import refusal
from enrollments.intake.draft.household import read_household
from enrollments.intake.steps.page import StepPage
from enrollments.models import IntakeDraft
from enrollments.models.draft_answers import name_of
from hud.text import as_id


class GuardiansForm(forms.Form):
    """Who answers for each member under 18."""

    def __init__(self, typed: QueryDict | None, *, answers: DraftAnswers):
        super().__init__(typed, use_required_attribute=False)
        household = answers.household
        adults = [(str(one.client.pk), one.client.display_name) for one in household.adults]
        for minor in (one for one in household.asked if one.is_minor):
            self.fields[name_of(minor.client.pk, GUARDIAN)] = forms.ChoiceField(
                label=f"Who answers for {minor.client.display_name}",
                choices=[*adults, (SOMEBODY_ELSE, "Somebody else, who is no member")],
                initial=household.usual_guardian,
                required=False,
            )


class ReleasePage(StepPage):
    template = "consent/intake/release.html"

    def prepare(self) -> None:
        household = read_household(self.draft, self.people)
        if household is None:
            self.detour = IntakeDraft.Step.PROGRAM
            return
        self.found = answers_of(self.draft, household.members, self.typed)
        self.form = GuardiansForm(self.typed, answers=self.found)
        if self.typed is not None or self.answers.signatures:
            self.errors = self.found.errors

    def search(self) -> HttpResponse | None:
        """Sign leads to a page of its own, which the client sees; Remove takes a signature out."""
        pressed = self.request.POST.get("sign", "")
        if self.detour or (key := as_id(pressed.removeprefix("-"))) is None:
            return None
        if pressed.startswith("-"):
            self.found.remove_signature(key)
            return redirect(self.draft)
        return redirect("consent:sign_in_intake", self.draft.pk, key)

    @cached_property
    def _labels(self) -> dict[str, str]:
        return {
            group.spoken.add_prefix(name): f"{field.label} of {group.names}"
            for group in self.found.groups
            for name, field in group.spoken.fields.items()
        }

    def label_of(self, name: str) -> str:
        return self._labels.get(name) or super().label_of(name)

    @property
    def _still_refused(self) -> str:
        people = [one.client for group in self.found.groups for one in group.group.people]
        return left_out(people) if people else ""

    @property
    def context(self) -> dict[str, Any]:
        return super().context | {
            "groups": self.found.groups,
            "unused": self.found.unused,
            "in_force": self.found.household.in_force,
            "has_text": bool(self.found.groups) and self.found.setting.version is not None,
            "no_seal": refusal(),
            "still_refused": self._still_refused,
        }
