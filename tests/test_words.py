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
    r"stamped[ _]forms?": "organization form",
    r"saves_once": "submit_once",
    r"refusals in words": "constraint messages",
    r"deeds?": "action",
    r"graves?": "destructive",
    r"put[ _]aside|taken[ _]off|put[ _]back": "delete, restore",
    r"bits[ _]said|said[ _]bits|commoner": "match weight, more frequent",
    r"sought|kept[ _]search(es)?": "search query, saved search",
    r"errands?": "return_to, correction task",
    r"mend(s|ed|ing)?": "fix, correct",
    r"tellings?": "notify",
    r"before_dot": "before_end_of_data",
    r"fates?|tally|tallies": "outcome, counts",
    r"kept[ _]uploads?|strays?": "stored upload, orphan",
    r"wholly[ _]under|work[ _]in[ _]hand": "only_managed_by, open work",
    r"dice|crowds?|scenes?": "rng, bulk, context",
    r"shelf|shelves|post[ _]office|has_a_judge": "records, SMTP server, oracle",
    r"let in again|reckon(s|ed|ing)?": "reactivate, recalculate",
}


def texts():
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        is_hidden = any(part.startswith(".") for part in parts)
        if path.suffix in SUFFIXES and not is_hidden and not LEFT_OUT & set(parts):
            yield "/".join(parts), path.read_text()


@pytest.fixture(scope="module")
def lines():
    return [
        (place, line)
        for place, text in texts()
        if place != "tests/test_words.py"
        for line in text.splitlines()
    ]


@pytest.mark.parametrize("words", REPLACED)
def test_replaced_word_is_not_written(lines, words):
    pattern = re.compile(rf"(?<![a-z])({words})(?![a-z])", re.IGNORECASE)
    found = {f"{place}: {match[0]}" for place, line in lines if (match := pattern.search(line))}
    assert not found, f"Write: {REPLACED[words]}"
