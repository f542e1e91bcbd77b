"""Papers of the demo bureau: a page that says what it stands for and that it is fictional. They pass the same upload
pipeline as everybody's files."""

from __future__ import annotations

import io
from functools import lru_cache

from reportlab.pdfgen.canvas import Canvas

from expertdesk.cases.papers import upload_limits
from expertdesk.documents.typefaces import PREFIX, load_fonts
from expertdesk.foundation.locale import Bilingual
from expertdesk.foundation.uploads import CleanUpload, clean_upload
from expertdesk.regulations.current import rules_today

_PAGE = (595, 842)  # A4 in points


def specimen(document: str) -> CleanUpload:
    """A clean upload for a paper of the catalogue; a photo becomes a small picture."""
    row = rules_today().document(document)
    if row.file_kinds == "photo":
        return _upload(document, _photo(), "photo.png", "image/png", is_photo=True)
    return _upload(document, _pdf(document, row.name), f"{document.lower()}.pdf", "application/pdf", is_photo=False)


@lru_cache(maxsize=64)
def _upload(document: str, data: bytes, name: str, kind: str, is_photo: bool) -> CleanUpload:
    limits = upload_limits("photo" if is_photo else "papers")
    return clean_upload(data, name, kind, limits, is_photo=is_photo, isolate=False)


@lru_cache(maxsize=64)
def _pdf(document: str, name: Bilingual) -> bytes:
    load_fonts()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=_PAGE, invariant=1, initialFontName=PREFIX + "Sans")  # type: ignore[arg-type]
    canvas.setTitle(name.en)
    canvas.setStrokeGray(0.6)
    canvas.rect(48, 48, _PAGE[0] - 96, _PAGE[1] - 96)
    for size, height, text in (
        (20, 740, name.zh),
        (12, 716, name.en),
        (11, 640, "演示材料，内容为虚构。"),
        (11, 622, "Specimen for the demonstration; everything in it is fictional."),
    ):
        canvas.setFont(PREFIX + "Sans", size)
        canvas.drawString(72, height, text[:70])
    canvas.showPage()
    canvas.save()
    return out.getvalue()


@lru_cache(maxsize=1)
def _photo() -> bytes:
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (354, 472), (236, 238, 240))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((107, 90, 247, 260), fill=(181, 171, 160))
    draw.pieslice((47, 280, 307, 640), 180, 360, fill=(74, 96, 112))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
