"""What happens to the people of the demonstration: story.toml."""

import tomllib
from pathlib import Path

STORY = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
