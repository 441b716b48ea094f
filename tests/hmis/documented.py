"""The commands of docs/deploying.md and of deploy/, as they are written there."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = "/srv/hmis"
DEPLOYING = (ROOT / "docs/deploying.md").read_text()
UNITS = ROOT / "deploy/systemd"
CRON = (ROOT / "deploy/cron.d/hmis").read_text()


def commands(section: str) -> list[str]:
    """The indented lines of a section, by the words of its heading."""
    (text,) = re.findall(
        rf"^## [\d. ]*{re.escape(section)}$(.*?)(?=^## |\Z)", DEPLOYING, re.M | re.S
    )
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def typed(section: str) -> list[str]:
    """What the account `hmis` types; the administrator's commands begin with sudo."""
    return [line for line in commands(section) if not line.startswith("sudo ")]


def cron_lines() -> list[str]:
    """The commands of the crontab, without their times and the account."""
    lines = [line for line in CRON.splitlines() if line[:1] in {"*", *"0123456789"}]
    return [line.split(maxsplit=6)[6] for line in lines]


def exec_start(unit: Path) -> list[str]:
    (line,) = re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.M)
    return shlex.split(line)
