"""Sample texts to begin with. They are nobody's legal advice, and say so."""

import tomllib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("sample_texts")


@cache
def samples() -> dict[str, dict[str, str]]:
    """The sample in each language: title and text, by the tag of the language."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        sample = tomllib.loads(path.read_text(encoding="utf-8"))
        found[path.stem] = {name: said.strip() for name, said in sample.items()}
    return found
