"""The pictures of README, docs and help: each is taken by `make pictures`, shown, and small."""

import re
from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from tests.pictures.files import FOLDER, LARGEST, LARGEST_TOGETHER, ROOT, keep, small
from tests.pictures.shots import SHOTS

SHOWN = re.compile(r"""(?:\]\(|src=")([^)"\s]+\.(?:webp|png|jpe?g))""")
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def pictures():
    return sorted(FOLDER.glob("*"))


def test_every_picture_is_taken_by_the_command_and_nothing_else_is_there():
    assert {path.name for path in pictures()} == {f"{shot.name}.webp" for shot in SHOTS}
    assert len({shot.name for shot in SHOTS}) == len(SHOTS)


def test_every_picture_that_a_document_shows_is_there_and_every_picture_is_shown():
    shown = {
        (path.parent / found).resolve()
        for path in DOCUMENTS
        for found in SHOWN.findall(path.read_text())
    }
    assert {path for path in shown if not path.is_file()} == set()
    assert set(pictures()) - shown == set()


def test_pictures_are_small():
    sizes = {path.name: path.stat().st_size for path in pictures()}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
    assert sum(sizes.values()) <= LARGEST_TOGETHER


def drawn(day: str, color: str = "white") -> bytes:
    picture = Image.new("RGB", (400, 300), color)
    ImageDraw.Draw(picture).text((20, 20), day, fill="black")
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_picture_is_written_again_only_where_something_else_is_to_be_seen(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.pictures.files.FOLDER", tmp_path)
    assert keep("one", drawn("11/28/2026")).startswith("400 x 300")
    before = (tmp_path / "one.webp").read_bytes()
    assert keep("one", drawn("11/29/2026")) == "is as before"
    assert (tmp_path / "one.webp").read_bytes() == before
    assert keep("one", drawn("11/29/2026", "navy")).startswith("400 x 300")
    assert (tmp_path / "one.webp").read_bytes() != before


def test_picture_that_cannot_be_made_small_enough_is_refused():
    with pytest.raises(ValueError, match="show less of the page"):
        small(Image.effect_noise((900, 900), 100).convert("RGB"))
