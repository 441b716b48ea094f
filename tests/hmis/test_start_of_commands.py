"""What cron runs every few minutes starts without the pages and without what draws PDFs."""

import subprocess
import sys
from pathlib import Path

from tests.server_process import environment

ROOT = Path(__file__).parents[2]
START = """
import sys
import django
django.setup()
from django.core.management import get_commands, load_command_class
for name in ["send_mail", "run_transfers", "count_quality", "scan_files", "find_duplicates"]:
    command = load_command_class(get_commands()[name], name)
    command.handle = lambda **options: None
    command.run_from_argv(["manage.py", name])
print(sorted({"hmis.urls", "fpdf", "fontTools"} & set(sys.modules)))
"""


def test_commands_of_cron_load_no_pages(db):
    said = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "[]\n"
