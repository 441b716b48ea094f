"""What an older standard's files become in this one, by HUD's mapping.

FY2024 to FY2026 (HUD's CSV specifications, "changes from"): one column renamed, gender (3.06),
sexual orientation (R3) and translation assistance (C4) retired, sex (4.21) and mental health
consultation (V10) new, "data not collected" no answer about counseling any more (R18, R20). Retired
columns are kept like others that the standard does not know; retired funders keep their codes.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from exchange.reading.refusals import RefusedError
from exchange.violations import Say
from hud.columns import CSVFile
from hud.years import CURRENT

RowUpgrade = Callable[[int, list[str], Say], None]


@dataclass(frozen=True)
class Upgrade:
    """The mapping of one file.

    Args:
        renamed: old names of columns, with the new ones.
        codes: by column, what a code has become; "" where it has no successor.
        default: by new column, what is written where it is blank.
        retired: columns that are kept beside the standard.
    """

    renamed: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    default: Mapping[str, str] = field(default_factory=dict)
    retired: tuple[str, ...] = ()

    def new_name(self, name: str) -> str:
        lower = {old.lower(): new for old, new in self.renamed.items()}
        return lower.get(name.lower(), name)

    def of_rows(self, file: CSVFile) -> RowUpgrade | None:
        """What upgrades a row in place, its cells in the file's order; None if nothing does."""
        places = {name: at for at, name in enumerate(file.header)}
        changed = [(places[name], name, codes) for name, codes in self.codes.items()]
        filled = [(places[name], code) for name, code in self.default.items()]

        def upgrade(row: int, cells: list[str], say: Say) -> None:
            for at, name, codes in changed:
                if (code := cells[at]) in codes:
                    cells[at] = codes[code]
                    say(row, name, "code upgraded", f"FY2026 has no code {code} here any more.")
            for at, code in filled:
                cells[at] = cells[at] or code

        return upgrade if changed or filled else None

    def notes(self, header: Iterable[str]) -> list[str]:
        """Sentences about what it does to a file with such a header."""
        have = {name.lower() for name in header}
        return [
            *(
                f"{old} is called {new} since FY{CURRENT}."
                for old, new in self.renamed.items()
                if old.lower() in have
            ),
            *(
                f"{name} is new in FY{CURRENT}: {code}, data not collected, for every row."
                for name, code in self.default.items()
                if name.lower() not in have
            ),
            *(
                f"{name} is retired since FY{CURRENT}. It is kept beside the record."
                for name in self.retired
                if name.lower() in have
            ),
        ]


NOTHING = Upgrade()
COUNSELING = ("CounselingReceived", "PostExitCounselingPlan")
AFTERCARE = ("EmailSocialMedia", "Telephone", "InPersonIndividual", "InPersonGroup")
UPGRADES: Mapping[int, Mapping[str, Upgrade]] = {
    CURRENT: {},
    2024: {
        "Client": Upgrade(
            renamed={"HispanicLatinaeo": "HispanicLatinao"},
            default={"Sex": "99"},
            retired=(
                *("Woman", "Man", "NonBinary", "CulturallySpecific", "Transgender"),
                *("Questioning", "DifferentIdentity", "GenderNone", "DifferentIdentityText"),
            ),
        ),
        "Enrollment": Upgrade(
            retired=(
                *("SexualOrientation", "SexualOrientationOther"),
                *("TranslationNeeded", "PreferredLanguage", "PreferredLanguageDifferent"),
            ),
        ),
        "Exit": Upgrade(codes={name: {"99": ""} for name in (*COUNSELING, *AFTERCARE)}),
    },
}


def year_of(version: str, client_header: list[str]) -> int:
    """The fiscal year of a set, by Export.csv's CSVVersion, else by the columns of Client.csv.

    Raises RefusedError where it is neither this standard nor one that can be upgraded.
    """
    header = {name.lower() for name in client_header}
    if found := re.search(r"20\d\d", version):
        year = int(found[0])
    elif "sex" in header:
        year = CURRENT
    elif "hispaniclatinaeo" in header:
        year = 2024
    else:
        raise RefusedError("Export.csv does not say of which standard the files are (CSVVersion).")
    if year not in UPGRADES:
        known = " and ".join(f"FY{one}" for one in sorted(UPGRADES))
        raise RefusedError(f"The files are of FY{year}. Files of {known} can be read.")
    return year
