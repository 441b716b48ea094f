"""None fills memory, none takes a worker over 5 s: measured in the processes themselves."""

import json
import subprocess
import sys
import tempfile
import threading

import pytest

from files import inspection
from files.inspection import RefusedFileError, draw_page, inspect
from files.kinds import Kind
from tests.files.samples import HEAVY, jpeg, pdf
from tests.waits import wait_until

SECONDS = 5  # of the processor
# Ours are measured by the kernel in a process that has only this child.
MEASURE = """
import json, resource, sys
sys.path.insert(0, {root!r})
from files.inspection import RefusedFileError, inspect
with open({path!r}, "rb") as stream:
    try:
        answer = inspect(stream).kind
    except RefusedFileError as refusal:
        answer = refusal.reason
child = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([answer, child.ru_utime + child.ru_stime, child.ru_maxrss // 1024]))
"""


def measured(path, root):
    code = MEASURE.format(root=str(root), path=str(path))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", HEAVY)
def test_heavy_file_stays_within_memory_and_time(case, tmp_path, request, record_property):
    name, make = HEAVY[case]
    path = tmp_path / name
    path.write_bytes(make())
    answer, seconds, mebibytes = measured(path, request.config.rootpath)
    size = path.stat().st_size // 1024
    record_property("measured", f"{size} KiB, {answer}, {seconds:.2f} s, {mebibytes} MiB")
    assert seconds < SECONDS
    assert mebibytes < inspection.LIMITS["memory"]


def test_decoder_that_hangs_is_ended_and_its_place_is_free_again(monkeypatch, tmp_path):
    hanging = tmp_path / "decoder.py"
    hanging.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(inspection, "DECODER", hanging)
    monkeypatch.setattr(inspection, "SECONDS", 0.3)
    for _ in range(3):
        with pytest.raises(RefusedFileError, match="busy"), stream_of(b"%PDF-1.7") as stream:
            inspect(stream)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os; os.abort()", "damaged"),
        ("print('nonsense')", "damaged"),
        ("while True: pass", "too_slow"),
        ("raise SystemExit(3)", "damaged"),
    ],
)
def test_decoder_that_crashes_refuses_the_file(monkeypatch, tmp_path, code, reason):
    broken = tmp_path / "decoder.py"
    broken.write_text(f"import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\n{code}\n")
    monkeypatch.setattr(inspection, "DECODER", broken)
    with pytest.raises(RefusedFileError, match=reason), stream_of(b"%PDF-1.7") as stream:
        inspect(stream)


def test_no_more_decoders_run_at_once_than_allowed(monkeypatch, tmp_path):
    monkeypatch.setattr(inspection, "PATIENCE", 0.05)
    monkeypatch.setattr(inspection, "SECONDS", 60)
    slow, go_on = tmp_path / "decoder.py", tmp_path / "go-on"
    slow.write_text(f"import os, time\nwhile not os.path.exists({str(go_on)!r}): time.sleep(0.02)")
    monkeypatch.setattr(inspection, "DECODER", slow)
    reasons = []

    def ask():
        with stream_of(b"%PDF-1.7") as stream:
            try:
                inspect(stream)
            except RefusedFileError as refusal:
                reasons.append(refusal.reason)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    wait_until(lambda: reasons)
    go_on.touch()
    for thread in threads:
        thread.join()
    assert sorted(reasons) == ["busy", "damaged", "damaged"]


def test_position_of_the_stream_survives_the_decoder():
    """The child shares the file's position; what is stored afterwards must still be all of it."""
    content = jpeg()  # shorter than a buffer
    with stream_of(content) as stream:
        inspect(stream)
        stream.seek(0)
        assert b"".join(iter(lambda: stream.read(65_536), b"")) == content


def test_page_that_is_not_there_is_refused():
    with stream_of(pdf(2)) as stream, pytest.raises(RefusedFileError, match="no_such_page"):
        draw_page(stream, Kind.PDF, 2)


def stream_of(content):
    stream = tempfile.TemporaryFile()  # noqa: SIM115 -- the caller closes it
    stream.write(content)
    stream.seek(0)
    return stream
