"""What becomes of every text about a client at an erasure (docs/adr/0037).

A test walks the models that hang on a client, and fails for a text that stands in neither list.
History follows the tables: what is taken out of a row is taken out of its versions.
"""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, Q, Value, When

from clients.merge.relations import foreign_keys
from clients.models.client import IDENTITY
from records.admin.changes import event_model

TAKEN_OUT = "Erased"  # where the database wants some text
NO_HASH = "0" * 64
# Where something was signed there has to be a hash; where nothing was, there is none.
HASH_OF_NOTHING = Case(When(text_hash="", then=Value("")), default=Value(NO_HASH))
CONTACT = dict.fromkeys(("email", "address1", "address2", "city", "state", "zip"), "")
KEYS = dict.fromkeys(("first_key", "last_key", "last_part_key"), "")

# By model: the columns and what stands there afterwards. A key of HUD's that is drawn again, and
# the year that is left of a date of birth, are written apart.
ERASED: dict[str, dict[str, Any]] = {
    "clients.Client": dict.fromkeys(IDENTITY, "")
    | KEYS
    | {"ssn_shape": "", "personal_id": "", "dob": None},
    "clients.Alert": {"text": TAKEN_OUT},
    "clients.InterestedOther": CONTACT
    | dict.fromkeys(
        ("relationship", "first_name", "last_name", "home_phone", "work_phone", "cell_phone"), ""
    )
    | {"type_description": TAKEN_OUT},
    # The hash is of a text with the client's name: whoever guessed the name could prove it.
    "clients.Release": {"guardian_name": "", "text_hash": HASH_OF_NOTHING},
    "consent.Signature": {
        "values": {},
        "strokes": [],
        "typed_name": TAKEN_OUT,
        "statement": TAKEN_OUT,
        "text_hash": NO_HASH,
    },
    "clients.DuplicateReport": {"comment": TAKEN_OUT},
    "clients.ClientMerge": {"snapshot": {}},
    "clients.SSNReveal": {"other": ""},
    "clients.EmergencyAccess": {"explanation": TAKEN_OUT},
    "enrollments.Enrollment": {"other_destination": ""},
    "enrollments.IncomeBenefits": {
        "other_income_source_identify": "",
        "other_benefits_source_identify": "",
        "other_insurance_identify": "",
    },
    "enrollments.CurrentLivingSituation": {"verified_by": "", "location_details": ""},
    "casenotes.CaseNote": {"title": TAKEN_OUT, "text": TAKEN_OUT},
    "casenotes.Service": {"other_type_provided": "", "moving_on_other_type": ""},
    "tasks.Task": {"text": TAKEN_OUT},
    "cas.Event": {"location_crisis_or_ph_housing": ""},
    "cas.Assessment": {"assessment_location": TAKEN_OUT},
    "cas.AssessmentQuestion": {
        "assessment_question_group": "",
        "assessment_question": TAKEN_OUT,
        "assessment_answer": "",
    },
    "cas.AssessmentResult": {"assessment_result_type": TAKEN_OUT, "assessment_result": ""},
    "files.ClientFile": {"document_name": TAKEN_OUT},
    "files.DocumentCheck": {"item": TAKEN_OUT, "acceptable_document": TAKEN_OUT, "comments": ""},
    "files.StoredFile": {"sha256": ""},
    "privacy.ClientRequest": {"text": TAKEN_OUT, "reason": TAKEN_OUT},
    "privacy.LegalHold": {"reason": TAKEN_OUT},
}

# Rows that are nothing but what identifies, or what somebody typed.
DELETED: dict[str, dict[str, Any]] = {
    "clients.ClientAlias": {"first_name": "", "last_name": ""} | KEYS | {"name_forms": ""},
    "clients.NameForm": {"first_key": "", "last_key": ""},
    "clients.FormDraft": dict.fromkeys(("page", "query", "title", "typed_json"), ""),
    "clients.DuplicateKey": {},  # hashes of names, and dates of birth
    "clients.PossibleDuplicate": {"reasons": [], "identity": ""},
    "casenotes.NoteDraft": {"typed_json": ""},
    "casenotes.NoteSearch": {"criteria_json": ""},
}

# Keys and codes that name no person, and why they stay.
KEPT: dict[str, set[str]] = {
    # the name of a view, and a random number: who looked is kept for the accounting
    "clients.ClientAccess": {"page", "request_id", "listed"},
    "clients.Release": {"excludes"},  # the numbers of organizations
    "consent.Signature": {"languages"},
    "clients.IdentityChange": {"groups"},  # what changed, by keys; the values stand in history
    "enrollments.Enrollment": {
        "enrollment_id",
        "exit_id",
        "enrollment_coc",
        "vamc_station",
    },  # HUD's keys of the statistics
    "enrollments.HealthAndDV": {"key"},
    "enrollments.Disability": {"key"},
    "enrollments.IncomeBenefits": {"key"},
    "enrollments.EmploymentEducation": {"key"},
    "enrollments.YouthEducationStatus": {"key"},
    "enrollments.CurrentLivingSituation": {"key"},
    "enrollments.IntakeDraft": {
        "step",
        "answers_json",
    },  # finished ones have none, others are wiped
    "casenotes.Service": {"key"},
    "cas.Event": {"event_id"},
    "cas.Assessment": {"assessment_id"},
    "cas.AssessmentQuestion": {"assessment_question_id"},
    "cas.AssessmentResult": {"assessment_result_id"},
    "cas.Notification": {"subject"},  # a kind and the number of a row
    "files.StoredFile": {"key", "thumbnail_key"},  # random: until the file store has confirmed
    "files.ClientPhoto": {"token"},  # random
}

# Triggers that refuse every change of a row but an erasure's.
KEEPING = {"append_only", "never_edited", "release_file_stays"}


@dataclass(frozen=True)
class Rows:
    """The rows of a model that are about a client, by the ways that lead to one."""

    model: type[models.Model]
    paths: tuple[str, ...]

    def of(self, client_ids: list[int]) -> models.QuerySet:
        wanted = Q()
        for path in self.paths:
            wanted |= Q(**{f"{path}__in": client_ids})
        return models.QuerySet(self.model).filter(wanted)

    @property
    def changed(self) -> dict[str, Any]:
        """The columns that an erasure writes, and with what."""
        return ERASED.get(self.model._meta.label, {})

    @property
    def is_deleted(self) -> bool:
        return self.model._meta.label in DELETED

    @property
    def guards(self) -> list[str]:
        """The triggers by which the database refuses every change of these rows but this one."""
        names = [one.name for one in getattr(self.model._meta, "triggers", ())]
        return [f"{self.model._meta.label}:{name}" for name in names if name in KEEPING]

    @property
    def events(self) -> type[models.Model] | None:
        return event_model(self.model)

    @property
    def event_changes(self) -> dict[str, Any]:
        """What is written to the versions of these rows that history keeps."""
        if self.events is None:
            return {}
        columns = {one.name for one in self.events._meta.fields}
        values = self.changed | DELETED.get(self.model._meta.label, {})
        return {name: value for name, value in values.items() if name in columns}

    def events_of(self, client_ids: list[int], row_ids: list[Any]) -> models.QuerySet:
        """The versions of these rows, and those of rows that stood under these IDs then."""
        assert self.events is not None  # noqa: S101 - asked where there are changes alone
        wanted = Q(pgh_obj_id__in=row_ids)
        names = {one.name for one in self.events._meta.fields}
        for path in self.paths:
            if path in names and path != "merged_into":
                wanted |= Q(**{f"{path}__in": client_ids})
        return self.events._default_manager.filter(wanted)


def about_clients() -> list[Rows]:
    """Every kind of row about a client, those that hang on such rows too; not their history."""
    ways: dict[type[models.Model], list[str]] = {apps.get_model("clients.Client"): ["pk"]}
    history = {events for model in apps.get_models() if (events := event_model(model))}
    for field in foreign_keys():
        if field.model not in history and field.name != "merged_into":
            ways.setdefault(field.model, []).append(field.name)
    for model in list(ways):
        for column in model._meta.concrete_fields:
            if isinstance(column, models.OneToOneField) and column.related_model not in ways:
                ways[column.related_model] = []
    ways |= _one_to_one_with(ways)
    stored = apps.get_model("files.StoredFile")
    ways[stored] = [
        f"{one.get_accessor_name()}__client"
        for one in stored._meta.related_objects
        if one.related_model in ways
    ]
    return [Rows(model, tuple(paths)) for model, paths in ways.items()]


def _one_to_one_with(ways: dict[type[models.Model], list[str]]) -> dict[Any, list[str]]:
    """The models whose rows each belong to one of these, such as the signature of a release."""
    found: dict[Any, list[str]] = {}
    for model in apps.get_models():
        for column in model._meta.concrete_fields if model not in ways else ():
            if isinstance(column, models.OneToOneField) and column.related_model in ways:
                found[model] = [f"{column.name}__{path}" for path in ways[column.related_model]]
    return found
