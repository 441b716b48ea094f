"""Basic Client Information: Edit Client within the intake."""

from typing import Any

from clients.loading import lock_client
from clients.models import Client
from enrollments.intake.draft.section_page import Objection
from enrollments.intake.steps.basic_form import BasicClientForm
from enrollments.intake.steps.page import StepPage


class BasicPage(StepPage):
    template = "enrollments/intake/basic.html"

    def prepare(self) -> None:
        client = self.people[0]
        if self.request.method == "POST":
            clients = Client.objects.visible_to(self.request.user)
            client = lock_client(clients.numbered(client.pk))
        self.form = BasicClientForm(self.typed, instance=client, request=self.request)
        if self.typed is not None and not self.form.is_valid() and self.form.changes:
            self.form = self.form.conflict_form()
            self.is_resolving = True
            return
        self.is_resolving = False

    @property
    def errors(self) -> list[Objection]:
        if self.is_resolving:
            return [Objection("")]
        found = []
        for name, texts in self.form.errors.items():
            bound = self.form[name] if name in self.form.fields else None
            for text in texts:
                words = f"{bound.label}: {text}" if bound else str(text)
                found.append(Objection(words, bound.auto_id if bound else ""))
        return found

    @property
    def warnings(self) -> list[Objection]:
        if not self.form.is_bound or self.form.errors:
            return []
        return [
            Objection(
                f"Veteran Status: {one.message}", "id_veteran_status", "", f"basic:{one.rule}"
            )
            for one in self.form.warnings
        ]

    def label_of(self, name: str) -> str:
        return str(self.form.fields[name].label or "") if name in self.form.fields else ""

    def accept(self) -> None:
        self.form.save(by=self.request.user)
        self.answers.forget(self.step)

    @property
    def context(self) -> dict[str, Any]:
        return {"form": self.form}
