"""The class of every field, in docs/security/data-classes.md: `python -m tests.data_classes`.

The page is the declaration: change a class there. The command adds fields that are new, with the
class that their name suggests, and takes out those that are gone.
"""

import os
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/security/data-classes.md"
CLASSES = ("Secret", "Sensitive", "Identifying", "Record", "Staff", "Internal")
BEGIN, END = "<!-- fields: begin -->\n", "<!-- fields: end -->\n"
ROW = re.compile(r"^\| `([\w.]+)` \| (\w+) \| (.+) \|$", re.M)

OF_STAFF = {
    "agencies",
    "account",
    "mfa",
    "sessions",
    "auth",
    "admin",
    "outbox",
    "records",
    "usersessions",
}
SENSITIVE_MODELS = {"HealthAndDV", "Disability", "CurrentLivingSituation", "IncomeBenefits"}
SENSITIVE_MODELS |= {"DocumentCheck", "ClientMerge", "EmploymentEducation"}
SENSITIVE_MODELS |= {"YouthEducationStatus"}
# What every record has beside what it says.
OF_EVERY_RECORD = {
    *("client", "organization", "visibility", "enrollment", "household", "key", "version", "by"),
    *("date_created", "created_by", "date_updated", "updated_by", "date_deleted", "deleted_by"),
    *("information_date", "data_collection_stage", "at", "survivor", "merged", "stored_at"),
    *("breaks", "undone_by", "undone_at", "is_active"),
}
ADDRESS = re.compile(r"^(address1|address2|city|state|zip)$")
SECRET = re.compile(
    r"^(ssn|ssn_hash|ssn_last4_hash|password|session_key|criteria_json|typed_json|answers)$"
)
SENSITIVE = re.compile(
    r"disab|text$|^title$|comment|location|living|destination|subsidy|reason|resident|length_of_stay"
    r"|homeless|street"
)
IDENTIFYING = re.compile(
    r"name|dob|phone|email|photo|^stored$|sha256|personal_id|ssn_shape|sex|race|asian|black|native"
    r"|hispanic|mid_east|white|veteran|^(first|last)_|^part$|^sound$|thumbnail|^token$"
)
BY_NAME = {
    "account.EmailConfirmation.key": "Secret",
    "agencies.KnownBrowser.digest": "Secret",
    "agencies.UserSession.data": "Secret",
    "agencies.UserSession.key_hash": "Secret",
    "agencies.UserSession.owner": "Staff",
    "clients.EmergencyAccess.explanation": "Secret",
    "clients.SSNReveal.other": "Secret",
    "clients.Release.guardian_name": "Secret",
    "clients.NameSpelling.key": "Identifying",
    "files.StoredFile.key": "Identifying",
    "mfa.Authenticator.data": "Secret",
    "casenotes.ServiceType.name": "Internal",
    "files.ClientPhoto.token": "Identifying",
    "privacy.ClientRequest.state": "Record",
    "consent.TemplateText.text": "Internal",
    "consent.TemplateText.title": "Internal",
    "consent.Signature.strokes": "Identifying",
    "consent.Signature.statement": "Identifying",
    "consent.Signature.values": "Identifying",
    "tasks.CalendarFeed.key": "Internal",
    "tasks.CalendarFeed.user": "Staff",
    "agencies.Organization.organization_name": "Internal",
    "agencies.Organization.organization_common_name": "Internal",
    "agencies.Organization.document_contact": "Staff",
    "agencies.Project.project_name": "Internal",
    "agencies.Project.project_common_name": "Internal",
    "auth.Permission.name": "Internal",
    "auth.Permission.codename": "Internal",
    "auth.Group.name": "Internal",
}


def fields() -> set[str]:
    """Every column of every model's table; versions in history are of their model's class."""
    import pghistory.models
    from django.apps import apps

    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
        and not model._meta.proxy
        and not issubclass(model, pghistory.models.Event)
        for field in model._meta.concrete_fields
    }


def encrypted() -> set[str]:
    """The fields that are encrypted in the database."""
    from django.apps import apps

    from clients.fields import EncryptedTextField

    return {
        name
        for name in fields()
        if isinstance(
            apps.get_model(name.rpartition(".")[0])._meta.get_field(name.rpartition(".")[2]),
            EncryptedTextField,
        )
    }


def classed() -> dict[str, str]:
    """The class of each field by `app.Model.field`, as the page has it."""
    return {
        f"{model}.{name}": kind
        for model, kind, names in ROW.findall(PAGE.read_text())
        for name in re.findall(r"\w+", names)
    }


def asked(field: str) -> bool:
    """Whether it is an answer to what only some programs ask."""
    from hud.elements import FIELDS, element

    return field in FIELDS and bool(element(FIELDS[field].number).funded)


def suggested(name: str) -> str:
    """A class to think about."""
    app, model, field = name.split(".")
    if name in BY_NAME or SECRET.search(field):
        return BY_NAME.get(name, "Secret")
    if app in OF_STAFF:
        of_staff = re.search(r"name|email|user|login|address|recipient|by$|session_data", field)
        return "Staff" if of_staff else "Internal"
    if field == "id" or app in {"contenttypes", "pghistory"}:
        return "Internal"
    if field not in OF_EVERY_RECORD:
        if (
            model in SENSITIVE_MODELS
            or SENSITIVE.search(field)
            or ADDRESS.search(field)
            or asked(field)
        ):
            return "Sensitive"
        if IDENTIFYING.search(field):
            return "Identifying"
    return "Record"


def rows(kinds: dict[str, str]) -> str:
    """The table: a line for each model and class, in alphabetical order."""
    found: dict[tuple[str, int], list[str]] = {}
    for name, kind in kinds.items():
        model, _, field = name.rpartition(".")
        found.setdefault((model, CLASSES.index(kind)), []).append(field)
    lines = [
        f"| `{model}` | {CLASSES[number]} | {', '.join(sorted(names))} |\n"
        for (model, number), names in sorted(found.items())
    ]
    return "| model | class | fields |\n|---|---|---|\n" + "".join(lines)


def main() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hmis.settings")
    django.setup()
    kept, there = classed(), fields()
    new = sorted(there - set(kept))
    kinds = {name: kept.get(name) or suggested(name) for name in there}
    before, _, rest = PAGE.read_text().partition(BEGIN)
    PAGE.write_text(before + BEGIN + rows(kinds) + END + rest.partition(END)[2])
    sys.stdout.write("".join(f"{name}: {kinds[name]}?\n" for name in new))


if __name__ == "__main__":
    main()
