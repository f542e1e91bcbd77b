"""Opens and cleans one foreign file. Runs as a process of its own, with little memory, time and no files to
write: a picture or PDF made to exhaust its reader ends this process and nothing else.

Imports nothing of the house, so that it also starts as a bare script. Standard input: one line of JSON,
then the bytes; standard output: one line of JSON, then the clean bytes.
"""

from __future__ import annotations

import io
import json
import sys
import time
import warnings
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import pikepdf
from PIL import Image, ImageOps

_A4 = (595.276, 841.89)  # points
_MARGIN = 28.35  # 10 mm
_JPEG_QUALITY = 92
_TAIL = 2048  # a whole PDF ends with %%EOF; some programs add a little behind it
_CHUNK = 1 << 16
_PDF_END = b"%%EOF"
_PNG_END = b"IEND\xaeB`\x82"

_DANGEROUS_ACTIONS = frozenset(
    (
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
        "/ResetForm",
        "/Hide",
        "/SetOCGState",
        "/Trans",
        "/GoTo3DView",
    )
)
_DANGEROUS_KEYS = (
    "/OpenAction",
    "/AA",
    "/JS",
    "/EmbeddedFiles",
    "/JavaScript",
    "/AF",
    "/XFA",
    "/Metadata",
    "/PieceInfo",
)
_DANGEROUS_ANNOTATIONS = frozenset(("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"))


class Refusal(Exception):
    """A stable code and the values its sentence needs."""

    def __init__(self, code: str, **values: int) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self._end:
            raise Refusal("upload.too_costly")


def clean(data: bytes, task: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """What was found, and the clean copy. task: kind, is_photo, pixels, pages, unpacked_bytes, seconds."""
    deadline = _Deadline(task["seconds"])
    if task["kind"] == "pdf":
        return _clean_pdf(data, task, deadline)
    return _clean_picture(data, task, deadline)


# --- pictures -------------------------------------------------------------------------------------


def _clean_picture(data: bytes, task: dict[str, Any], deadline: _Deadline) -> tuple[dict[str, Any], bytes]:
    picture = _read_picture(data, task)
    deadline.check()
    width, height = picture.size
    found = {"width": width, "height": height, "pages": 1}
    if task["is_photo"]:
        kind = "JPEG" if task["kind"] == "jpeg" else "PNG"
        return {**found, "clean_kind": task["kind"]}, _encode(picture, kind)
    return {**found, "clean_kind": "pdf"}, _wrap(picture)


def _read_picture(data: bytes, task: dict[str, Any]) -> Image.Image:
    """Decode within the limit of pixels, turn as the camera said, leave every other information behind."""
    if task["kind"] == "png" and _PNG_END not in data:
        raise Refusal("upload.damaged")  # Pillow would fill what was cut off with black
    Image.MAX_IMAGE_PIXELS = task["pixels"]
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            opened = Image.open(io.BytesIO(data), formats=(task["kind"].upper(),))
            if opened.width * opened.height > task["pixels"]:
                raise Refusal("upload.too_many_pixels", width=opened.width, height=opened.height)
            opened.load()
            turned = ImageOps.exif_transpose(opened)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Refusal("upload.too_many_pixels", width=0, height=0) from None
        except MemoryError:
            raise
        except Exception as problem:  # Pillow raises many kinds for damaged bytes
            if isinstance(problem, Refusal):
                raise
            raise Refusal("upload.damaged") from None
    return _plain(turned)


def _plain(picture: Image.Image) -> Image.Image:
    """Grey or RGB without transparency, in a new picture that carries no text, position or profile."""
    if picture.mode.startswith("I") or picture.mode == "F":  # 16 bits a sample
        picture = picture.point(lambda value: value / 256).convert("L")
    if picture.mode in ("LA", "PA", "RGBA", "P") or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, "white")
        picture = Image.alpha_composite(ground, layer)
    mode = "L" if picture.mode in ("1", "L") else "RGB"
    plain = picture.convert(mode)
    bare = Image.new(mode, plain.size)
    bare.paste(plain)
    return bare


def _encode(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    if kind == "JPEG":
        picture.save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0, optimize=True)
    else:
        picture.save(out, "PNG", optimize=False)
    return out.getvalue()


def _wrap(picture: Image.Image) -> bytes:
    """One A4 page, upright or lying as the picture, the picture as large as the margins allow."""
    width, height = _A4 if picture.height >= picture.width else (_A4[1], _A4[0])
    scale = min((width - 2 * _MARGIN) / picture.width, (height - 2 * _MARGIN) / picture.height)
    across, up = picture.width * scale, picture.height * scale
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(width, height))
        shown = pikepdf.Stream(pdf, _encode(picture, "JPEG"))
        shown.Type, shown.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        shown.Width, shown.Height, shown.BitsPerComponent = picture.width, picture.height, 8
        shown.ColorSpace = pikepdf.Name.DeviceGray if picture.mode == "L" else pikepdf.Name.DeviceRGB
        shown.Filter = pikepdf.Name.DCTDecode
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(shown)))
        place = f"q {across:.3f} 0 0 {up:.3f} {(width - across) / 2:.3f} {(height - up) / 2:.3f} cm /Im0 Do Q"
        page.Contents = pikepdf.Stream(pdf, place.encode())
        return _save(pdf)


# --- PDF ------------------------------------------------------------------------------------------


def _clean_pdf(data: bytes, task: dict[str, Any], deadline: _Deadline) -> tuple[dict[str, Any], bytes]:
    if _PDF_END not in data[-_TAIL:]:
        raise Refusal("upload.damaged")  # cut off: a repaired rest would silently lack pages
    try:
        with pikepdf.open(io.BytesIO(data), suppress_warnings=True) as pdf:
            if pdf.is_encrypted:
                raise Refusal("upload.encrypted")
            _check_pages(pdf, task)
            _disarm(pdf, task, deadline)
            cleaned = _save(pdf)
            return {"pages": len(pdf.pages), "width": 0, "height": 0, "clean_kind": "pdf"}, cleaned
    except pikepdf.PasswordError:
        raise Refusal("upload.encrypted") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError, RecursionError):
        raise Refusal("upload.damaged") from None


def _check_pages(pdf: pikepdf.Pdf, task: dict[str, Any]) -> None:
    count = len(pdf.pages)
    if count < 1:
        raise Refusal("upload.no_pages")
    if count > task["pages"]:
        raise Refusal("upload.too_many_pages", pages=count)
    if "/Collection" in pdf.Root:
        raise Refusal("upload.portfolio")


def _disarm(pdf: pikepdf.Pdf, task: dict[str, Any], deadline: _Deadline) -> None:
    """Take out everything that runs, opens, sends or hides a file; links to web pages stay."""
    unpacked = 0
    for number, thing in enumerate(_dictionaries(pdf, deadline)):
        if number % 256 == 0:
            deadline.check()
        if isinstance(thing, pikepdf.Stream):
            unpacked += _unpacked_size(thing, task["unpacked_bytes"] - unpacked, deadline)
            _check_picture(thing, task)
        _disarm_one(thing)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]  # who made it, where, with which program


def _dictionaries(pdf: pikepdf.Pdf, deadline: _Deadline) -> Iterator[Any]:
    """Every dictionary and stream of the file, also those written inside another."""
    waiting: list[Any] = [pdf.trailer, *pdf.objects]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
            yield thing
            waiting.extend(_direct(value for _, value in _items(thing)))
        elif isinstance(thing, pikepdf.Array):
            deadline.check()
            waiting.extend(_direct(thing))


def _items(thing: Any) -> list[tuple[str, Any]]:
    source = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
    return [(key, source[key]) for key in list(source.keys())]


def _direct(values: Iterable[Any]) -> list[Any]:
    """Values that stand here themselves; those with a number of their own come from the list of objects."""
    kinds = (pikepdf.Dictionary, pikepdf.Array)
    return [value for value in values if isinstance(value, kinds) and not value.is_indirect]


def _disarm_one(thing: Any) -> None:
    for key in _DANGEROUS_KEYS:
        if key in thing:
            del thing[key]
    if _name(thing, "/S") in _DANGEROUS_ACTIONS:
        for key in list(thing.keys()):
            del thing[key]
        return
    for key in ("/A", "/PA", "/Next"):
        if key in thing and _is_dangerous_action(thing[key]):
            del thing[key]
    if "/Annots" in thing and isinstance(thing["/Annots"], pikepdf.Array):
        kept = [note for note in thing["/Annots"] if _name(note, "/Subtype") not in _DANGEROUS_ANNOTATIONS]
        thing["/Annots"] = pikepdf.Array(kept)
    if _name(thing, "/Type") == "/Filespec" and "/EF" in thing:
        del thing["/EF"]


def _is_dangerous_action(value: Any) -> bool:
    if isinstance(value, pikepdf.Array):
        return any(_is_dangerous_action(one) for one in value)
    return _name(value, "/S") in _DANGEROUS_ACTIONS or (
        isinstance(value, pikepdf.Dictionary) and not value.keys()
    )


def _name(thing: Any, key: str) -> str:
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)) or key not in thing:
        return ""
    value = thing[key]
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _check_picture(stream: Any, task: dict[str, Any]) -> None:
    if _name(stream, "/Subtype") != "/Image":
        return
    width, height = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    if width * height > task["pixels"]:
        raise Refusal("upload.too_many_pixels", width=width, height=height)


def _unpacked_size(stream: Any, allowed: int, deadline: _Deadline) -> int:
    """How large the stream becomes for the reader's program, measured in pieces, never unpacked whole."""
    filters = stream.get("/Filter", None)
    chain = [str(one) for one in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    raw = stream.read_raw_bytes()
    total = len(raw)
    for name in chain:
        if name not in ("/FlateDecode", "/Fl"):
            break
        raw = _inflate(raw, allowed, deadline)
        total += len(raw)
    if total > allowed:
        raise Refusal("upload.bomb")
    return total


def _inflate(raw: bytes, allowed: int, deadline: _Deadline) -> bytes:
    engine, out, rest = zlib.decompressobj(), bytearray(), raw
    try:
        while rest and not engine.eof:
            out += engine.decompress(rest, _CHUNK)
            rest = engine.unconsumed_tail
            if len(out) > allowed:
                raise Refusal("upload.bomb")
            deadline.check()
    except zlib.error:
        return bytes(out)  # damaged pieces are the viewer's matter; the size so far counts
    return bytes(out)


def _save(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.remove_unreferenced_resources()
    pdf.save(
        out,
        deterministic_id=True,
        encryption=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,  # what a stream holds is not unpacked here
    )
    return out.getvalue()


# --- as a process ---------------------------------------------------------------------------------


def main() -> int:
    """Read one task, answer it, end."""
    import resource

    source = sys.stdin.buffer
    task = json.loads(source.readline())
    data = source.read()
    resource.setrlimit(resource.RLIMIT_AS, (task["memory_bytes"], task["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (int(task["seconds"]) + 1, int(task["seconds"]) + 2))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        found, cleaned = clean(data, task)
    except Refusal as refusal:
        found, cleaned = {"refused": refusal.code, "values": refusal.values}, b""
    except MemoryError:
        found, cleaned = {"refused": "upload.too_costly", "values": {}}, b""
    sys.stdout.buffer.write(json.dumps(found).encode() + b"\n" + cleaned)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
