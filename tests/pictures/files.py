"""The files of the pictures: WebP, small, and written again only where something is to be seen."""

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "static" / "hmis" / "pictures"
LARGEST = 60_000  # bytes of one
LARGEST_TOGETHER = 2_500_000
QUALITIES = (88, 80, 70, 60, 50, 40)
SAME = 0.004  # the share of dots that may differ: a day in a date, the rounding of an edge
DIFFERENT = 48  # of 255, from which a dot differs


def keep(name: str, png: bytes) -> str:
    """Write a picture unless the one that is there looks the same; say what was done."""
    path = FOLDER / f"{name}.webp"
    new = Image.open(BytesIO(png)).convert("RGB")
    if path.exists() and looks_the_same(Image.open(path).convert("RGB"), new):
        return "is as before"
    written = small(new)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(written)
    return f"{new.width} x {new.height}, {len(written) // 1000} kB"


def looks_the_same(old: Image.Image, new: Image.Image) -> bool:
    if old.size != new.size:
        return False
    light = ImageChops.difference(old, new).convert("L")
    differing = sum(light.histogram()[DIFFERENT:])
    return differing <= SAME * new.width * new.height


def small(picture: Image.Image) -> bytes:
    """The picture in the best quality that leaves it small enough.

    Raises ValueError where none does.
    """
    for quality in QUALITIES:
        buffer = BytesIO()
        picture.save(buffer, "WEBP", quality=quality, method=6)
        if buffer.tell() <= LARGEST:
            return buffer.getvalue()
    raise ValueError(f"{picture.size} does not fit into {LARGEST} bytes: show less of the page.")
