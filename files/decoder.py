"""A process of its own that opens what strangers made: it may crash, and has little to waste.

Run by files.inspection as `python -I decoder.py <job>`; reads the file from standard input, and
writes one line of JSON, then the pictures that were asked for, to standard output.
"""

import io
import json
import mmap
import os
import re
import resource
import sys
import zipfile

MEBI = 1024 * 1024
TAIL = 65_557  # the farthest from a file's end that a ZIP archive's directory may end
SCRIPT = re.compile(rb"<\s*(script|html|svg|!doctype\s+html|iframe)", re.IGNORECASE)
PASSWORD = 4  # FPDF_ERR_PASSWORD
MOST_TEXT = 20_000  # characters of a page that are handed on
FORMATS = {name: [name.upper()] for name in ("jpeg", "png", "gif", "webp", "tiff")}
FORMATS |= {"heic": ["HEIF"], "jpeg": ["JPEG", "MPO"]}
ODF = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
    b"application/vnd.oasis.opendocument.presentation": "odp",
}
OOXML = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}


class RefusedError(Exception):
    """The reason is one of files.inspection.SENTENCES."""


def limit(job):
    memory = job["memory"] * MEBI
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (16 * MEBI, 16 * MEBI))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main():
    job = json.loads(sys.argv[1])
    limit(job)
    try:
        answer, pictures = look(job)
    except RefusedError as refusal:
        answer, pictures = {"refused": str(refusal)}, []
    except MemoryError:
        answer, pictures = {"refused": "too_much"}, []
    except Exception as error:
        answer, pictures = {"refused": "damaged", "error": type(error).__name__}, []
    answer["parts"] = [len(one) for one in pictures]
    out = sys.stdout.buffer
    out.write(json.dumps(answer).encode() + b"\n")
    for one in pictures:
        out.write(one)
    out.flush()
    os._exit(0)  # libraries that crash while they tidy up change nothing any more


def look(job):
    stream = sys.stdin.buffer
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if job["checks"]:
        check_for_second_nature(stream, size, job["kind"])
    if job["kind"] == "zip":
        return {"kind": office(stream), "pages": 0}, []
    if job["kind"] == "ole":
        return {"kind": old_office(stream), "pages": 0}, []
    if job["kind"] == "text":
        check_text(stream)
        return {"kind": "text", "pages": 0}, []
    return pdf(stream, size, job) if job["kind"] == "pdf" else picture(stream, job)


def check_for_second_nature(stream, size, kind):
    """Refuse what is a picture to one program and an archive, a PDF or a page to another."""
    head = stream.read(4096)
    stream.seek(max(0, size - TAIL))
    tail = stream.read(TAIL)
    stream.seek(0)
    if kind not in ("zip", "ole") and b"PK\x05\x06" in tail:
        raise RefusedError("archive")
    if kind != "pdf" and b"%PDF-" in head[:1024]:
        raise RefusedError("polyglot")
    if kind == "pdf" and SCRIPT.search(head[:1024]):
        raise RefusedError("polyglot")
    if kind not in ("zip", "ole", "pdf", "text") and (SCRIPT.search(head) or SCRIPT.search(tail)):
        raise RefusedError("polyglot")


def office(stream):
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise RefusedError("damaged") from None
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    kind = office_kind(archive, names)
    if kind is None:
        raise RefusedError("archive")
    if is_bomb(entries):
        raise RefusedError("bomb")
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError("password")
    if any("vbaproject" in name.lower() or name.startswith("Basic/") for name in names):
        raise RefusedError("macros")
    return kind


def office_kind(archive, names):
    if "mimetype" in names:
        is_short = archive.getinfo("mimetype").file_size < 200
        return ODF.get(archive.read("mimetype").strip()) if is_short else None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for name, kind in OOXML.items() if name in names), None)


def is_bomb(entries):
    if len(entries) > 10_000 or sum(entry.file_size for entry in entries) > 500 * MEBI:
        return True
    return any(entry.file_size > 300 * max(entry.compress_size, 4096) for entry in entries)


def old_office(stream):
    with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:

        def has(name):
            return content.find(name.encode("utf-16-le")) >= 0

        if has("EncryptedPackage"):
            raise RefusedError("password")
        if has("_VBA_PROJECT"):
            raise RefusedError("macros")
        if has("WordDocument"):
            return "doc"
        if has("Workbook") or has("Book"):
            return "xls"
    raise RefusedError("kind")


def check_text(stream):
    content = stream.read()
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("latin-1") if encoding == "utf-8-sig" else "\x00"
    if re.search("[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        raise RefusedError("kind")
    if SCRIPT.search(text.encode()):
        raise RefusedError("markup")


def pdf(stream, size, job):
    import pypdfium2 as pdfium  # noqa: PLC0415 - only after the limits

    if job["checks"]:
        stream.seek(max(0, size - MEBI // 16))
        if b"%%EOF" not in stream.read():
            raise RefusedError("damaged")
        stream.seek(0)
    try:
        document = pdfium.PdfDocument(stream)
    except pdfium.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) == PASSWORD or "password" in str(error).lower()
        raise RefusedError("password" if is_locked else "damaged") from None
    count = len(document)
    if not 0 <= job["page"] < count:
        raise RefusedError("damaged" if not count else "no_such_page")
    document.init_forms()  # what was typed into a form shows; there is no engine for its scripts
    page = document[job["page"]]
    answer = {"kind": "pdf", "pages": count}
    if job["text"]:
        answer["text"] = page.get_textpage().get_text_range()[:MOST_TEXT]
    width, height = page.get_size()
    pictures = []
    for _, box_width, box_height in job["wants"]:
        scale = min(box_width / max(width, 1), box_height / max(height, 1), 4)
        if min(width, height) * scale < 1:
            raise RefusedError("damaged")
        pictures.append(as_jpeg(page.render(scale=scale).to_pil()))
    return answer, pictures


def picture(stream, job):
    from PIL import Image, ImageOps  # noqa: PLC0415 - only after the limits

    if job["kind"] == "heic":
        import pillow_heif  # noqa: PLC0415

        pillow_heif.options.DECODE_THREADS = 1
        pillow_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = None  # the size is looked at here, before anything is decoded
    image = Image.open(stream, formats=FORMATS[job["kind"]])
    check_pixels(image, job)
    pages = min(getattr(image, "n_frames", 1), 1000)
    if not 0 <= job["page"] < pages:
        raise RefusedError("no_such_page")
    if job["page"]:
        image.seek(job["page"])
        check_pixels(image, job)
    twice = 2 * max(max(want[1:]) for want in job["wants"])
    image.draft(None, (twice, twice))  # only JPEG can leave out what is not needed
    image.load()
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image.thumbnail((twice, twice))  # before anything copies it whole
    ImageOps.exif_transpose(image, in_place=True)
    image = in_colour(image)
    answer = {"kind": job["kind"], "pages": 1 if job["kind"] in ("gif", "webp") else pages}
    return answer, [as_jpeg(fitted(image, *want)) for want in job["wants"]]


def check_pixels(image, job):
    if image.width * image.height > job["megapixels"] * 1_000_000:
        raise RefusedError("pixels")


def fitted(image, way, width, height):
    from PIL import ImageOps  # noqa: PLC0415

    if way == "crop":
        return ImageOps.fit(image, (width, height), centering=(0.5, 0.35))
    copy = image.copy()
    copy.thumbnail((width, height))
    return copy


def in_colour(image):
    """The picture in RGB: 16 bits brought down to 8, what is transparent on white."""
    from PIL import Image  # noqa: PLC0415

    if image.mode.startswith(("I", "F")):
        low, high = image.convert("F").getextrema()
        span = max(high if low >= 0 else high - low, 1)
        top = 65535 if image.mode.startswith("I") and 255 < span <= 65535 else max(span, 255)
        image = image.convert("F").point(lambda value: value * (255 / top)).convert("L")
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image.convert("RGB")


def as_jpeg(image):
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=84, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    main()
