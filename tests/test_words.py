"""One word for one thing: what docs/glossary.md has a word for keeps no older word beside it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SUFFIXES = {".py", ".html", ".txt", ".js", ".css", ".md", ".toml"}
LEFT_OUT = {"migrations", "data", "artefacts"}
# What is looked for, as whole words or parts of names, and what to write instead. A word that is
# good English in another meaning is named with what made it a word of this project's own.
REPLACED = {
    r"(?<!third[ _])part(y|ies)": "household, household member",
    r"sheet[ _]pages?": "question section, section form",
    r"objections?": "validation issue",
    r"answers[ _]on[ _]file": "stored answers",
    r"stamped[ _]forms?|forged[ _]stamp|filed[ _]for": "organization form; belongs to",
    r"saves_once": "submit_once",
    r"refusals in words|violations in words": "constraint messages",
    r"(?<!\?)anew": "again",  # ?anew: in the tables of former releases
    r"deeds?": "action",
    r"graves?": "destructive",
    r"put[ _]aside|taken[ _]off|put[ _]back": "delete, restore",
    r"(a|every|each|no) look at (a|the|this) (client|record)|log no look": "view",
    r"bits[ _]said|said[ _]bits|commoner": "match weight, more frequent",
    r"sought|kept[ _]search(es)?": "search query, saved search",
    r"errands?": "return_to, correction task",
    r"mend(s|ed|ing)?": "fix, correct",
    r"tellings?": "notify",
    r"happenings|what time brings": "event kind, scheduled notifications",
    r"carriers?|before_dot": "transport, before_end_of_data",
    r"fates?|tally|tallies": "outcome, counts, import user",
    r"kept[ _]uploads?|strays?": "stored upload, orphan",
    r"wholly[ _]under|work[ _]in[ _]hand|looks_after": "only_managed_by, open work, may_manage",
    r"officer_may(?!_)": "officer_permissions",
    r"dice|crowds?|scenes?": "rng, bulk, context",
    r"shelf|shelves|post[ _]office|has_a_judge": "records, SMTP server, oracle",
    r"let in again|reckon(s|ed|ing)?": "reactivate, recalculate",
    r"no news to another|which alone changes it": "have already been notified; created this record",
    r"in order by now|nobody to assess|told: ": "already been fixed; no open enrollment; notified",
}
# Words that names alone had in the old meaning: what is looked for in the names of functions,
# classes, variables, arguments, modules and templates, what to write instead, and the exceptions:
# where (`place: name`) it is another word.
NAMES = {
    r"stays?": (
        "enrollment",
        # HUD's 3.917, and the verb.
        r"(?i:length_?of_?stay)|prior_stay|may_stay|: STAYS$|: Stays$|merge/execute"
        r"|family/actions|imports/people|erasure/plan|stories/test_idle",
    ),
    r"sheets?": ("question section", r"cheat_sheet|: SHEETS|help/document|test_static_files"),
    r"problems?": (
        "validation issue",
        # Of a file, which are counted; of a migration; HUD's event; a page about a problem.
        r"^(tests/)?exchange/|^tests/upgrades|PROBLEM_SOLVING|shell/problem",
    ),
    r"findings?": (
        "validation issue",
        # Of a file; what an upload is; whether homelessness is chronic.
        r"exchange/|files/|demo/files|chronic|draft/calculated|test_upgrades|^tests/upgrades",
    ),
    r"meanwhile": ("concurrent change", None),
    r"on_?file": ("stored", None),
    r"controls": ("depends_on", r"security/test_matrix"),
    r"removed|removals?": (
        "deleted",
        # From CAS's queue, an answer, a second factor, a pair of possible duplicates.
        r"^(tests/)?cas/|enrollments/intake|factor_was_removed|bench/plans",
    ),
    r"slips?|shares?": (
        "deletion variants, term frequencies",
        # With others: notes, clients, keys of a block; a part of a whole.
        r"^casenotes/|merge/releases|duplicates/blocking|quality/counts|quality/wild|^hmis/demo",
    ),
    r"matters?|news": ("subject, unseen", None),
    r"settles?|settled|silen(t|ce)": ("resolve, inactivity", r"SETTLED|SILENT|assert_silent"),
    r"carry|carries|carried": ("send", None),
    r"papers?": (
        "note PDF",
        # Releases that are signed on paper, and papers that a client brings.
        r"^consent/|^templates/consent|consent/releases|test_file_of|demo/|_demo|PAPERS|takes_papers",
    ),
    r"looks?_after|looked_after": ("may_manage", None),
    r"towns?|cast": ("population, personas", r"names/towns"),
    r"judges?": ("oracle", r"bench/recall"),
}
DEFINED = re.compile(
    r"\b(?:def|class|for|as) (\w+)|(?<![.\w])(\w+)(?:: [^=\n()]+)? ?=(?!=)|[(,] ?(\w+): "
)


def paths():
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        is_hidden = any(part.startswith(".") for part in parts)
        if path.suffix in SUFFIXES and not is_hidden and not LEFT_OUT & set(parts):
            yield path


@pytest.fixture(scope="module")
def texts():
    here = Path(__file__)
    return {str(one.relative_to(ROOT)): one.read_text() for one in paths() if one != here}


@pytest.fixture(scope="module")
def names(texts):
    """`place: name` of everything that is defined, but for tests, whose names are sentences."""
    found = {f"{place}: {Path(place).stem}" for place in texts}
    for place, text in texts.items():
        if place.endswith(".py"):
            defined = {name for groups in DEFINED.findall(text) for name in groups if name}
            found |= {f"{place}: {name}" for name in defined if not name.startswith("test_")}
    return sorted(found)


def test_replaced_word_is_not_written(texts):
    """REPLACED says what to write instead."""
    # One pattern of all: each by itself would read the eight megabytes again.
    pattern = re.compile(rf"(?<![a-z])({'|'.join(REPLACED)})(?![a-z])")
    found = {
        f"{place}: {one[0]}"
        for place, text in texts.items()
        for one in pattern.finditer(text.lower())
    }
    assert not found


@pytest.mark.parametrize("words", NAMES)
def test_replaced_word_is_no_name(names, words):
    write, other = NAMES[words]
    # Part of a name: between underscores, or a word of CamelCase.
    pattern = re.compile(rf": (?:\w*_)?({words})(?:_\w*)?$", re.IGNORECASE)
    camel = re.compile(rf": \w*(?<![A-Z])({words.title()})(?![a-z])\w*$")
    found = {one for one in names if pattern.search(one) or camel.search(one)}
    assert not {one for one in found if not (other and re.search(other, one))}, f"Write: {write}"


@pytest.mark.parametrize("words", [one for one, (_, other) in NAMES.items() if other])
def test_every_exception_is_still_needed(names, words):
    pattern = re.compile(rf": .*({words})", re.IGNORECASE)
    for other in NAMES[words][1].split("|"):
        assert [one for one in names if pattern.search(one) and re.search(other, one)], other
