from datetime import date
from getpass import getpass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Model, Q

from agencies.models import Organization, Project
from exchange.export.refusals import ExportRefusedError
from exchange.export.run import run
from exchange.management.passwords import first_line
from exchange.models import SourceSystem


class Command(BaseCommand):
    help = (
        "Writes everything, or what you name, in HUD's CSV format into a new folder, or into a "
        "zip where TARGET ends in .zip. It holds names and SSNs: docs/exchange.md says how to "
        "keep it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("target", type=Path, help="the folder or zip that is made")
        parser.add_argument(
            "--start", type=date.fromisoformat, metavar="DATE", help="first day of the period"
        )
        parser.add_argument(
            "--end", type=date.fromisoformat, metavar="DATE", help="last day of the period"
        )
        parser.add_argument(
            "--project",
            action="append",
            metavar="PROJECT",
            help="a project by its ProjectID or name; may be given several times",
        )
        parser.add_argument(
            "--organization",
            action="append",
            metavar="ORGANIZATION",
            help="an organization by its OrganizationID or name, with all of its projects",
        )
        parser.add_argument("--hash", action="store_true", help="hash names and SSNs (SHA-256)")
        parser.add_argument(
            "--complete", action="store_true", help="with deleted rows, marked by DateDeleted"
        )
        parser.add_argument(
            "--source",
            metavar="NAME",
            help="with the columns that HUD does not know of the files imported from this system",
        )
        parser.add_argument("--encrypt", action="store_true", help="ask for the zip's password")
        parser.add_argument(
            "--password-file", type=Path, metavar="FILE", help="encrypt the zip with its first line"
        )

    def handle(self, *, target: Path, **options: Any) -> None:
        try:
            steps = run(
                target=target.absolute(),
                projects=named(Project, "project", options["project"]),
                organizations=named(Organization, "organization", options["organization"]),
                start=options["start"],
                end=options["end"],
                is_complete=options["complete"],
                is_hashed=options["hash"],
                source=source(options["source"]),
                password=password(options["password_file"], asks=options["encrypt"]),
            )
            for step in steps:
                if step.is_done and options["verbosity"]:
                    self.stdout.write(f"{step.file}.csv: {step.rows:,} rows")
        except ExportRefusedError as error:
            raise CommandError(str(error)) from None
        if options["verbosity"]:
            self.stdout.write(f"Written: {target}")


def named(model: type[Model], kind: str, names: list[str] | None) -> list[int] | None:
    """The ids of what the options name; None where they name nothing."""
    if names is None:
        return None
    found = []
    for name in names:
        is_it = Q(**{f"{kind}_id": name}) | Q(**{f"{kind}_name": name})
        rows = list(model._base_manager.filter(is_it).values_list("pk", flat=True)[:2])
        if len(rows) != 1:
            many = "more than one" if rows else "no"
            raise CommandError(f"There is {many} {kind} of the key or name {name}.")
        found += rows
    return found


def source(name: str | None) -> int | None:
    """The id of a system that the whole site imported from."""
    if name is None:
        return None
    found = SourceSystem.objects.filter(name=name, organization=None).first()
    if found is None:
        raise CommandError(f"Nothing was imported from a system of the name {name}.")
    return found.pk


def password(file: Path | None, *, asks: bool) -> str:
    """The password of the zip; empty where it is not encrypted."""
    if file is not None:
        return first_line(file)
    if not asks:
        return ""
    given = getpass("Password of the zip: ")
    if not given:
        raise CommandError("Without a password nothing is encrypted.")
    if getpass("Again: ") != given:
        raise CommandError("The two passwords differ.")
    return given
