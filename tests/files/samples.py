"""Files made for the tests: whole ones, broken ones, and ones that mean harm."""

import io
import random
import struct
import zipfile
import zlib

import pillow_heif
from PIL import Image, ImageDraw

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SCRIPT = b"<script>alert(1)</script>"


def drawing(size=(640, 400), mode="RGB", colour="#2b6cb0"):
    image = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(image)
    draw.rectangle([0, 0, size[0] // 4, size[1] // 4], fill="red")  # which way is up
    draw.ellipse([size[0] // 3, size[1] // 3, size[0] // 2, size[1] // 2], fill="white")
    return image.convert(mode)


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def jpeg(size=(640, 400), **options):
    return saved(drawing(size), "JPEG", **options)


def png(size=(640, 400), mode="RGB"):
    return saved(drawing(size, mode), "PNG")


def png_chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def deflated(block, times):
    """The block so often, as zlib has it; it is deflated once, and the rest is a copy of that."""
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    check = 1
    for _ in range(times):
        check = zlib.adler32(block, check)
    return b"\x78\xda" + once * times + b"\x03\x00" + struct.pack(">I", check)


def png_bomb(width=13_000, height=13_600):
    """Under Pillow's own guard, some hundred KiB, and most of a gigabyte when decoded."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    rows = deflated(bytes((1 + 4 * width) * height // 100), 100)
    chunks = [png_chunk(b"IHDR", header), png_chunk(b"IDAT", rows), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_saying(width, height):
    """A small picture whose header says that it is another size."""
    whole = png((64, 64))
    header = struct.pack(">II", width, height) + whole[24:29]
    return whole[:8] + png_chunk(b"IHDR", header) + whole[33:]


def png_text_bomb():
    """Text of 40 MB, compressed into a picture's comment."""
    whole = png((64, 64))
    comment = b"Comment\x00\x00" + zlib.compress(b"A" * 40_000_000, 9)
    return whole[:33] + png_chunk(b"zTXt", comment) + whole[33:]


def turned_jpeg(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Secret Camera Maker"
    exif.get_ifd(0x8825)[2] = (42.0, 38.0, 12.0)  # where it was taken
    return saved(drawing(), "JPEG", exif=exif)


def sixteen_bit(form):
    image = Image.new("I;16", (200, 100))
    image.putdata([(x * 65535) // 20_000 for x in range(20_000)])
    return saved(image, form)


def many_frames(form, count=30):
    frames = [drawing((60, 40), colour=(n * 8, 40, 90)) for n in range(count)]
    return saved(frames[0], form, save_all=True, append_images=frames[1:])


def heic(size=(640, 400)):
    out = io.BytesIO()
    fast = {"preset": "ultrafast"}  # of the encoder: what is tried here decodes
    pillow_heif.from_pillow(drawing(size)).save(out, format="HEIF", enc_params=fast)
    return out.getvalue()


def pdf(pages=2, body="Page of a test", extra="", size=(612, 792)):
    """A PDF with some text on each page; `extra` goes into its catalogue."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n in range(pages):
        words = f"BT /F1 24 Tf 72 {size[1] - 90} Td ({body} {n + 1}) Tj ET"
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size[0]} {size[1]}] "
            f"/Contents {5 + 2 * n} 0 R /Resources << /Font << /F1 3 0 R >> >> >>",
            f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
        ]
    return pdf_of(objects)


def pdf_of(objects, trailer=""):
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(out.tell())
        data = content if isinstance(content, bytes) else content.encode("latin-1")
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, data))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for offset in offsets:
        out.write(b"%010d 00000 n \n" % offset)
    size = len(objects) + 1
    out.write(f"trailer << /Size {size} /Root 1 0 R {trailer}>>\nstartxref\n".encode())
    out.write(b"%d\n%%%%EOF\n" % start)
    return out.getvalue()


def pdf_with_script():
    return pdf(extra="/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>")


def pdf_with_password():
    """Encrypted with a password that nobody knows: the keys are noise."""
    noise_string = random.Random(3).randbytes(32).hex()
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
        f"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O <{noise_string}> "
        f"/U <{noise_string[::-1]}> >>",
    ]
    return pdf_of(objects, trailer=f"/Encrypt 4 0 R /ID [<{'ab' * 16}> <{'ab' * 16}>] ")


def pdf_bomb(side=30_000):
    """One page that holds a picture of 2.7 GB, deflated to 2.6 MB and then to some KB."""
    once = deflated(bytes(side * 3 * side // 1000), 100)
    twice = zlib.compress(once, 9)
    picture = [
        f"<< /Type /XObject /Subtype /Image /Width {side} /Height {side} /ColorSpace /DeviceRGB",
        f"/BitsPerComponent 8 /Filter [/FlateDecode /FlateDecode] /Length {len(twice)} >>",
        "stream\n",
    ]
    words = "q 600 0 0 700 0 0 cm /I Do Q"
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            "/Resources << /XObject << /I 5 0 R >> >> >>",
            f"<< /Length {len(words)} >>\nstream\n{words}\nendstream",
            "\n".join(picture).encode() + twice + b"\nendstream",
        ]
    )


def pdf_that_never_ends(count=3_000_000):
    """A page of so many strokes that drawing it takes for ever."""
    stroke = b"0 0 m 600 700 l 1 w 300 10 m 10 700 600 700 600 10 c S\n"
    strokes = deflated(stroke * (count // 100), 100)
    content = f"<< /Filter /FlateDecode /Length {len(strokes)} >>\nstream\n".encode()
    return pdf_of(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>",
            content + strokes + b"\nendstream",
        ]
    )


def archive(*entries, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return out.getvalue()


DOCX = (("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<w:document/>"))
XLSX = (("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>"))
ODT = (("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>"))


def old_office(*names):
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    return head + b"".join(name.encode("utf-16-le") + bytes(64) for name in names) + bytes(512)


# name: (the file's name, its content, the kind it is stored as)
STORED = {
    "pdf": ("Lease.pdf", pdf, "pdf"),
    "pdf_with_script": ("form.pdf", pdf_with_script, "pdf"),
    "pdf_of_one_point": ("tiny.pdf", lambda: pdf(1, size=(3, 3)), "pdf"),
    "pdf_of_200_inches": ("poster.pdf", lambda: pdf(1, size=(14_400, 14_400)), "pdf"),
    "pdf_called_png": ("lease.png", pdf, "pdf"),
    "pdf_called_exe": ("lease.exe", pdf, "pdf"),
    "jpeg": ("id.jpg", jpeg, "jpeg"),
    "jpeg_turned_by_exif": ("id.jpg", lambda: turned_jpeg(6), "jpeg"),
    "jpeg_in_cmyk": ("id.jpg", lambda: saved(drawing(mode="CMYK"), "JPEG"), "jpeg"),
    "jpeg_in_gray": ("id.jpg", lambda: saved(drawing(mode="L"), "JPEG"), "jpeg"),
    "jpeg_with_bytes_after_its_end": ("id.jpg", lambda: jpeg() + bytes(5000), "jpeg"),
    "jpeg_called_pdf": ("id.pdf", jpeg, "jpeg"),
    "png": ("id.png", png, "png"),
    "png_with_alpha": ("id.png", lambda: png(mode="RGBA"), "png"),
    "png_with_palette": ("id.png", lambda: png(mode="P"), "png"),
    "png_of_16_bits": ("id.png", lambda: sixteen_bit("PNG"), "png"),
    "png_of_one_pixel": ("dot.png", lambda: png((1, 1)), "png"),
    "gif_that_moves": ("id.gif", lambda: many_frames("GIF"), "gif"),
    "webp": ("id.webp", lambda: saved(drawing(), "WEBP"), "webp"),
    "heic": ("IMG_0001.HEIC", heic, "heic"),
    "tiff_of_many_pages": ("fax.tif", lambda: many_frames("TIFF", 5), "tiff"),
    "tiff_of_16_bits": ("scan.tiff", lambda: sixteen_bit("TIFF"), "tiff"),
    "tiff_in_cmyk": ("scan.tiff", lambda: saved(drawing(mode="CMYK"), "TIFF"), "tiff"),
    "text": ("letter.txt", "Señora Nuñez wrote this.\n".encode, "text"),
    "text_of_windows": ("letter.txt", lambda: "Señora Nuñez".encode("cp1252"), "text"),
    "text_in_utf_16": ("letter.txt", lambda: "Señora Nuñez".encode("utf-16"), "text"),
    "text_of_one_byte": ("x.txt", lambda: b"x", "text"),
    "batch_file": ("run.bat", lambda: b"@echo off\r\ndel C:\\*\r\n", "text"),
    "docx": ("letter.docx", lambda: archive(*DOCX), "docx"),
    "xlsx": ("budget.xlsx", lambda: archive(*XLSX), "xlsx"),
    "odt": ("letter.odt", lambda: archive(*ODT), "odt"),
    "doc": ("letter.doc", lambda: old_office("Root Entry", "WordDocument"), "doc"),
    "name_with_a_path": ("../../etc/passwd", lambda: b"text", "text"),
    "name_with_a_windows_path": ("C:\\Users\\casey\\id.jpg", jpeg, "jpeg"),
    "name_with_control_characters": ("a\tb\x07c\x1b[31m.txt", lambda: b"text", "text"),
    "name_that_turns_the_text_around": ("gpj.\u202efdp.exe", jpeg, "jpeg"),
    "name_of_300_characters": ("n" * 300 + ".pdf", pdf, "pdf"),
    "name_of_markup": ("<img src=x onerror=alert(1)>.txt", lambda: b"text", "text"),
    "name_of_dots": ("....", lambda: b"text", "text"),
    "name_of_a_device": ("CON.txt", lambda: b"text", "text"),
    "name_in_arabic": ("بطاقة الهوية.jpg", jpeg, "jpeg"),
    "name_with_a_header_in_it": ('x"\r\nSet-Cookie: a=b.txt', lambda: b"text", "text"),
}
# name: (the file's name, its content, the reason for refusing it)
REFUSED = {
    "empty": ("id.pdf", lambda: b"", "empty"),
    "svg": ("logo.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT, "markup"),
    "svg_with_declaration": ("a.svg", lambda: b'<?xml version="1.0"?><svg>' + SCRIPT, "markup"),
    "svg_called_jpg": ("id.jpg", lambda: b"\n <svg>" + SCRIPT + b"</svg>", "markup"),
    "text_called_pdf": ("fake.pdf", lambda: b"no document at all\n", "disguised"),
    "text_called_jpg": ("ID.JPG", lambda: b"no picture either\n", "disguised"),
    "text_called_docx": ("letter.docx", lambda: "Señora Nuñez".encode("utf-16"), "disguised"),
    "html": ("page.html", lambda: b"<!DOCTYPE html><html>" + SCRIPT, "markup"),
    "html_called_pdf": ("lease.pdf", lambda: b"<html>" + SCRIPT, "markup"),
    "html_after_a_mark": ("a.txt", lambda: b"\xef\xbb\xbf <HTML>" + SCRIPT, "markup"),
    "html_in_utf_16": ("a.txt", lambda: "<html><script>1</script>".encode("utf-16"), "markup"),
    "html_after_a_comment": ("a.txt", lambda: b"<!-- x -->" + SCRIPT, "markup"),
    "script_far_into_a_text": ("a.txt", lambda: b"word " * 9000 + SCRIPT, "markup"),
    "windows_program": ("setup.exe", lambda: b"MZ\x90\x00" + bytes(900), "program"),
    "program_called_jpg": ("id.jpg", lambda: b"MZ\x90\x00" + bytes(900), "program"),
    "linux_program": ("id.pdf", lambda: b"\x7fELF\x02\x01\x01" + bytes(900), "program"),
    "shell_script": ("id.txt", lambda: b"#!/bin/sh\nrm -rf /\n", "program"),
    "java_class": ("id.pdf", lambda: b"\xca\xfe\xba\xbe\x00\x00\x00\x34", "program"),
    "zip": ("files.zip", lambda: archive(("a.txt", "a")), "archive"),
    "zip_called_docx": ("letter.docx", lambda: archive(("a.txt", "a")), "archive"),
    "jar_called_pdf": ("a.pdf", lambda: archive(("META-INF/MANIFEST.MF", "x")), "archive"),
    "empty_zip": ("a.zip", archive, "archive"),
    "rar": ("files.rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(50), "archive"),
    "seven_zip": ("files.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50), "archive"),
    "gzip": ("files.txt.gz", lambda: b"\x1f\x8b\x08" + bytes(50), "archive"),
    "tar": ("files.tar", lambda: bytes(257) + b"ustar" + bytes(300), "archive"),
    "zip_bomb_in_docx": (
        "letter.docx",
        lambda: archive(*DOCX, ("word/media/a.bin", bytes(60_000_000))),
        "bomb",
    ),
    "zip_of_many_files_in_docx": (
        "letter.docx",
        lambda: archive(*DOCX, *((f"w/{n}", b"") for n in range(10_001))),
        "bomb",
    ),
    "docx_with_macros": ("a.docm", lambda: archive(*DOCX, ("word/vbaProject.bin", "x")), "macros"),
    "doc_with_macros": ("a.doc", lambda: old_office("WordDocument", "_VBA_PROJECT"), "macros"),
    "docx_with_password": ("a.docx", lambda: old_office("EncryptedPackage"), "password"),
    "windows_installer": ("a.msi", lambda: old_office("Root Entry"), "kind"),
    "docx_cut_short": ("a.docx", lambda: archive(*DOCX)[:-30], "damaged"),
    "pdf_cut_short": ("a.pdf", lambda: pdf()[:300], "damaged"),
    "pdf_of_garbage": ("a.pdf", lambda: b"%PDF-1.7\n" + b"x" * 999 + b"%%EOF", "damaged"),
    "pdf_of_no_pages": ("a.pdf", lambda: pdf(0), "damaged"),
    "pdf_with_password": ("a.pdf", pdf_with_password, "password"),
    "pdf_that_is_a_zip": ("a.pdf", lambda: pdf() + archive(("a.txt", "a")), "archive"),
    "pdf_that_is_a_page": (
        "a.pdf",
        lambda: pdf().replace(b"%PDF-1.7\n", b"%PDF-1.7\n%<html>" + SCRIPT + b"\n"),
        "polyglot",
    ),
    "page_that_is_a_pdf": ("a.pdf", lambda: b"<html>" + SCRIPT + pdf(), "markup"),
    "jpeg_that_is_a_zip": ("id.jpg", lambda: jpeg() + archive(("a.class", "x")), "archive"),
    "jpeg_that_is_a_page": ("id.jpg", lambda: jpeg() + SCRIPT, "polyglot"),
    "gif_that_is_a_script": (
        "id.gif",
        lambda: b"GIF89a/*" + bytes(30) + b"*/=1;" + SCRIPT,
        "polyglot",
    ),
    "gif_that_is_a_jar": ("id.gif", lambda: many_frames("GIF", 2) + archive(("a", "b")), "archive"),
    "png_that_is_a_page": ("id.png", lambda: png() + b"<!DOCTYPE html>" + SCRIPT, "polyglot"),
    "picture_that_is_a_pdf": ("id.gif", lambda: b"GIF89a" + pdf(), "polyglot"),
    "jpeg_cut_short": ("id.jpg", lambda: jpeg((1600, 1200))[:9000], "damaged"),
    "jpeg_of_garbage": ("id.jpg", lambda: b"\xff\xd8\xff\xe0" + b"\x13\x37" * 500, "damaged"),
    "png_cut_short": ("id.png", lambda: png((900, 900))[:700], "damaged"),
    "png_with_wrong_size": ("id.png", lambda: png_saying(4000, 4000), "damaged"),
    "png_of_endless_pixels": ("id.png", lambda: png_saying(60_000, 60_000), "pixels"),
    "png_bomb": ("id.png", png_bomb, "pixels"),
    "gif_of_endless_pixels": (
        "id.gif",
        lambda: b"GIF89a\xff\xff\xff\xff" + many_frames("GIF", 2)[10:],
        "pixels",
    ),
    "tiff_of_garbage": ("scan.tif", lambda: b"II*\x00\xff\xff\xff\x7f" + bytes(90), "damaged"),
    "webp_cut_short": ("id.webp", lambda: saved(drawing(), "WEBP")[:200], "damaged"),
    "heic_cut_short": ("id.heic", lambda: heic()[:900], "damaged"),
    "video": ("clip.mp4", lambda: b"\x00\x00\x00\x18ftypisom" + bytes(99), "kind"),
    "rich_text": ("letter.rtf", lambda: b"{\\rtf1 hello}", "kind"),
    "bytes_without_meaning": ("x.bin", lambda: bytes(range(256)) * 40, "kind"),
    "text_with_control_characters": ("x.txt", lambda: b"abc\x01\x02\x03", "kind"),
}
# Stored or refused, as long as no limit is passed.
HEAVY = {
    "png_bomb": ("id.png", png_bomb),
    "png_text_bomb": ("id.png", png_text_bomb),
    "pdf_bomb": ("scan.pdf", pdf_bomb),
    "pdf_that_never_ends": ("scan.pdf", pdf_that_never_ends),
    "png_of_60_megapixels": ("id.png", lambda: png((10_000, 6_000), "RGBA")),
    "jpeg_of_60_megapixels": ("id.jpg", lambda: jpeg((10_000, 6_000))),
    "heic_of_12_megapixels": ("id.heic", lambda: heic((4000, 3000))),
}
