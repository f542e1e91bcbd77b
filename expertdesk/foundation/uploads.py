"""The upload pipeline: from the bytes somebody sent to a clean copy, or one refusal that says how to mend it.

Order: size, extension, bytes at offset 0, what the browser claims, other formats hidden in the same bytes;
then, in a process of its own, opening, limits and cleaning. The original is kept for evidence, the clean
copy is what people are shown. Limits are rows of a rule table and come in as `UploadLimits`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from expertdesk.foundation import upload_worker
from expertdesk.foundation.errors import Busy, DeskError
from expertdesk.foundation.locale import lazy

KINDS = ("pdf", "jpeg", "png")
CONTENT_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
EXTENSIONS = {".pdf": "pdf", ".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}
_SIGNATURES = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
_CLAIMS_NOTHING = {"", "application/octet-stream", "binary/octet-stream"}
_CLAIMED = {
    "application/pdf": "pdf", "application/x-pdf": "pdf", "image/jpeg": "jpeg", "image/jpg": "jpeg",
    "image/pjpeg": "jpeg", "image/png": "png", "image/x-png": "png",
}  # fmt: skip
_MARKUP = (b"<html", b"<script", b"<!doctype html", b"<?php", b"<svg")
_LONGEST_NAME = 120
_START_SECONDS = 10.0  # for the worker to start on a busy machine
_AT_ONCE = threading.BoundedSemaphore(2)  # per web process: a flood of uploads may not take all memory
_WORKER = Path(upload_worker.__file__)


@dataclass(frozen=True)
class UploadLimits:
    """Rows of the rule table for one kind of paper."""

    size_bytes: int
    pixels: int
    pages: int
    unpacked_bytes: int
    seconds: float
    memory_bytes: int
    kinds: tuple[str, ...] = KINDS


@dataclass(frozen=True)
class CleanUpload:
    """An accepted file. `kind` is what it was; `clean_kind` what is shown (a picture of a paper becomes a
    PDF)."""

    kind: str
    name: str
    original: bytes = field(repr=False)
    original_sha256: str
    clean: bytes = field(repr=False)
    clean_sha256: str
    clean_kind: str
    pages: int
    width: int = 0
    height: int = 0

    @property
    def clean_type(self) -> str:
        """The content type of the clean copy."""
        return CONTENT_TYPES[self.clean_kind]


class UploadRefused(DeskError):
    """Nothing was stored. `code` is stable; `message` says what and why, `fix` what to do, in the reader's
    language."""

    def __init__(self, code: str, values: Mapping[str, Any] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.values = dict(values or {})
        self.message, self.fix = _SENTENCES[code](self.values)

    @property
    def text(self) -> str:
        """Message and fix as one line for a form field."""
        message, fix = str(self.message), str(self.fix)
        return message + fix if message.endswith("。") else f"{message} {fix}"


def clean_upload(
    data: bytes,
    name: str,
    claimed_type: str | None,
    limits: UploadLimits,
    *,
    is_photo: bool = False,
    isolate: bool = True,
) -> CleanUpload:
    """Check and clean one file; raises UploadRefused. `isolate=False` is for the house's own bytes (demo,
    tests)."""
    kind = _recognise(data, name, claimed_type, limits)
    if is_photo and kind == "pdf":
        raise UploadRefused("upload.photo_is_pdf")
    _refuse_second_format(data, kind)
    task = {
        "kind": kind,
        "is_photo": is_photo,
        "pixels": limits.pixels,
        "pages": limits.pages,
        "unpacked_bytes": limits.unpacked_bytes,
        "seconds": limits.seconds,
        "memory_bytes": limits.memory_bytes,
    }
    try:
        found, cleaned = _clean_apart(data, task) if isolate else upload_worker.clean(data, task)
    except upload_worker.Refusal as refusal:
        raise UploadRefused(refusal.code, {**_limit_values(limits), **refusal.values}) from None
    return CleanUpload(
        kind=kind,
        name=safe_name(name, kind),
        original=data,
        original_sha256=hashlib.sha256(data).hexdigest(),
        clean=cleaned,
        clean_sha256=hashlib.sha256(cleaned).hexdigest(),
        clean_kind=found["clean_kind"],
        pages=found["pages"],
        width=found["width"],
        height=found["height"],
    )


def safe_name(name: str, kind: str) -> str:
    """The file's name for showing and for downloads: last part of a path, printable, with the extension
    that is true."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(
        sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] not in "C"
    )
    stem = " ".join(shown.translate({ord(sign): None for sign in '"<>|:*?;'}).split())
    for extension in EXTENSIONS:
        if stem.lower().endswith(extension):
            stem = stem[: -len(extension)]
            break
    extension = "jpg" if kind == "jpeg" else kind
    return f"{stem.strip(' .')[:_LONGEST_NAME] or 'file'}.{extension}"


# --- before anything is opened --------------------------------------------------------------------


def _recognise(data: bytes, name: str, claimed_type: str | None, limits: UploadLimits) -> str:
    values = _limit_values(limits)
    if not data:
        raise UploadRefused("upload.empty")
    if len(data) > limits.size_bytes:
        raise UploadRefused("upload.too_large", {**values, "size": _megabytes(len(data))})
    expected = EXTENSIONS.get(PurePosixPath(name.strip().lower().replace("\\", "/")).suffix)
    if expected not in limits.kinds:
        raise UploadRefused("upload.extension", values)
    actual = next((kind for kind, start in _SIGNATURES.items() if data.startswith(start)), None)
    if actual is None or actual not in limits.kinds:
        raise UploadRefused("upload.type_unknown", values)
    claimed = (claimed_type or "").partition(";")[0].strip().lower()
    if actual != expected or (claimed not in _CLAIMS_NOTHING and _CLAIMED.get(claimed) != actual):
        raise UploadRefused("upload.type_mismatch", {"actual": actual.upper()})
    return actual


def _refuse_second_format(data: bytes, kind: str) -> None:
    """A file that is two things at once shows one face to the check and another to the reader."""
    lower = data.lower() if kind != "pdf" else data[:1024].lower()  # a PDF's own text may well speak of HTML
    if any(sign in lower for sign in _MARKUP) or zipfile.is_zipfile(BytesIO(data)):
        raise UploadRefused("upload.polyglot")
    if kind != "pdf" and b"%PDF-" in data:
        raise UploadRefused("upload.polyglot")
    if kind == "pdf":
        behind = data[data.rfind(b"%%EOF") :].lower()
        if any(sign in behind for sign in _MARKUP):
            raise UploadRefused("upload.polyglot")


# --- in a process of its own ----------------------------------------------------------------------


def _clean_apart(data: bytes, task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    patience = task["seconds"] + _START_SECONDS
    if not _AT_ONCE.acquire(timeout=patience):
        raise Busy(detail="too many uploads at once")
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(_WORKER)],
            input=json.dumps(task).encode() + b"\n" + data,
            capture_output=True,
            timeout=patience,
            check=False,
            env={key: value for key, value in os.environ.items() if not key.startswith("EXPERTDESK_")},
        )
    except subprocess.TimeoutExpired:
        raise upload_worker.Refusal("upload.too_costly") from None
    finally:
        _AT_ONCE.release()
    head, newline, cleaned = done.stdout.partition(b"\n")
    if done.returncode or not newline:
        raise upload_worker.Refusal("upload.too_costly")  # ended by its limits, or by the file
    found = json.loads(head)
    if "refused" in found:
        raise upload_worker.Refusal(found["refused"], **found["values"])
    return found, cleaned


# --- what people are told -------------------------------------------------------------------------


def _megabytes(size: int) -> str:
    """Rounded up to a tenth, so that a file over the limit never looks as if it were within."""
    tenths = -(-size * 10 // (1024 * 1024))
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def _limit_values(limits: UploadLimits) -> dict[str, Any]:
    return {
        "limit": _megabytes(limits.size_bytes),
        "most_pages": limits.pages,
        "megapixels": limits.pixels // 1_000_000,
        "kinds": ", ".join(kind.upper() for kind in limits.kinds),
    }


_Sentences = Callable[[Mapping[str, Any]], tuple[Any, Any]]

_SENTENCES: dict[str, _Sentences] = {
    "upload.empty": lambda v: (
        lazy("The file is empty (0 bytes)."),
        lazy("Open it on your device to see whether it is whole, then choose it again."),
    ),
    "upload.too_large": lambda v: (
        lazy("The file has %(size)s MB; at most %(limit)s MB are taken.", **v),
        lazy("Scan it again at 200 dpi, in grey, or save it as a smaller PDF."),
    ),
    "upload.extension": lambda v: (
        lazy("Files of this kind are not taken; accepted are %(kinds)s.", **v),
        lazy("Save or print the paper as a PDF and choose that file."),
    ),
    "upload.type_unknown": lambda v: (
        lazy("What is in the file is none of %(kinds)s, whatever its name says.", **v),
        lazy("Open it in the program it came from, save it as a PDF and choose that file."),
    ),
    "upload.type_mismatch": lambda v: (
        lazy("The file says it is something else; inside it is %(actual)s.", **v),
        lazy("Give it the extension of what it is (.pdf, .jpg or .png), or save it again, and "
             "choose it once more."),
    ),
    "upload.polyglot": lambda v: (
        lazy("A second file is hidden inside this one, so it cannot be taken."),
        lazy("Print it to a new PDF, or take a new scan or photo of the paper."),
    ),
    "upload.damaged": lambda v: (
        lazy("The file is damaged or cut off and cannot be read to its end."),
        lazy("Open it on your device; if it does not open there, scan the paper again. A broken "
             "transfer is mended "
             "by choosing the file once more."),
    ),
    "upload.encrypted": lambda v: (
        lazy("The PDF is protected by a password, so nobody here can check it."),
        lazy("Open it with the password, print it to a new PDF without one, and choose that file."),
    ),
    "upload.too_many_pages": lambda v: (
        lazy("The PDF has %(pages)s pages; at most %(most_pages)s are taken.", **v),
        lazy("Upload only the pages that the list asks for, or split the file."),
    ),
    "upload.no_pages": lambda v: (
        lazy("The PDF has no page."),
        lazy("Print the paper to a new PDF and choose that file."),
    ),
    "upload.portfolio": lambda v: (
        lazy("The PDF is a folder of other files; only its cover would be seen here."),
        lazy("Save each paper in it as a PDF of its own and upload them one by one."),
    ),
    "upload.too_many_pixels": lambda v: (
        lazy("A picture in the file has more than %(megapixels)s million pixels.", **v),
        lazy("Scan the paper at 300 dpi or less, or make the picture smaller."),
    ),
    "upload.bomb": lambda v: (
        lazy("Unpacked, the file would be far larger than any paper is."),
        lazy("Print it to a new PDF and choose that file."),
    ),
    "upload.too_costly": lambda v: (
        lazy("Checking the file took too long or too much memory; it was stopped."),
        lazy("Print it to a new PDF, or scan the paper again at 300 dpi or less."),
    ),
    "upload.photo_is_pdf": lambda v: (
        lazy("A photo is needed here, not a PDF."),
        lazy("Choose the picture itself, as JPEG or PNG."),
    ),
}  # fmt: skip
REFUSALS = tuple(_SENTENCES)
