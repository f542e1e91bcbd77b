"""Paper: pages that remember what to draw, in millimetres from the top left corner, and become a PDF at
the end.

Drawing waits until all pages are known, because every page says how many there are.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from expertdesk.documents.breaking import Line, Run, lay, measure, single
from expertdesk.documents.typefaces import PREFIX, font, load_fonts

MM = 72 / 25.4
WIDTH, HEIGHT = 210.0, 297.0
BLACK = (0.0, 0.0, 0.0)
RED = (0.72, 0.06, 0.10)
DARK = (0.25, 0.25, 0.25)
GREY = (0.4, 0.4, 0.4)
CIRCLE = (0.45, 0.45, 0.45)
Colour = tuple[float, float, float]
ALIGN = {"left": 0.0, "centre": 0.5, "right": 1.0}


@dataclass
class Page:
    """One page in the making; `lang` is the language of its furniture, `part_first` whether a language
    part starts here."""

    lang: str
    part_first: bool = False
    marks: list[Callable[[Canvas], None]] = field(default_factory=list)

    def line(self, line: Line, x: float, y: float, colour: Colour = BLACK, align: str = "left") -> None:
        """Set one laid line with its baseline at y."""
        start = x * MM + line.indent - line.width * ALIGN[align]
        self.marks.append(lambda canvas: _show(canvas, line, start, (HEIGHT - y) * MM, colour))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: str = "sans",
        size: float = 9.5,
        *,
        lang: str | None = None,
        align: str = "left",
        track: float = 0.0,
        colour: Colour = BLACK,
    ) -> float:
        """Set one line; gives back its width in mm."""
        if not text:
            return 0.0
        line = single(text, face, size, lang or self.lang, track=track)
        self.line(line, x, y, colour, align)
        return line.width / MM

    def lines(self, lines: list[Line], x: float, y: float, pitch: float) -> float:
        """Set lines below each other from baseline y; gives back the last baseline."""
        for number, line in enumerate(lines):
            self.line(line, x, y + number * pitch)
        return y + max(len(lines) - 1, 0) * pitch

    def rule(
        self,
        x1: float,
        x2: float,
        y: float,
        width: float,
        *,
        dash: tuple[float, float] | None = None,
        colour: Colour = BLACK,
    ) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColorRGB(*colour)
            canvas.setLineWidth(width * MM)
            canvas.setDash(list(dash) if dash else [])  # type: ignore[arg-type]
            canvas.line(x1 * MM, (HEIGHT - y) * MM, x2 * MM, (HEIGHT - y) * MM)

        self.marks.append(draw)

    def upright(self, x: float, y1: float, y2: float, width: float) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColorRGB(*BLACK)
            canvas.setLineWidth(width * MM)
            canvas.setDash([])
            canvas.line(x * MM, (HEIGHT - y1) * MM, x * MM, (HEIGHT - y2) * MM)

        self.marks.append(draw)

    def bar(self, x: float, y: float, wide: float, high: float, colour: Colour = BLACK) -> None:
        """A filled bar with its top at y."""

        def draw(canvas: Canvas) -> None:
            canvas.setFillColorRGB(*colour)
            canvas.rect(x * MM, (HEIGHT - y - high) * MM, wide * MM, high * MM, stroke=0, fill=1)

        self.marks.append(draw)

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        width: float,
        *,
        dash: tuple[float, float] | None = None,
        colour: Colour = BLACK,
    ) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColorRGB(*colour)
            canvas.setLineWidth(width * MM)
            canvas.setDash(list(dash) if dash else [])  # type: ignore[arg-type]
            canvas.rect(x * MM, (HEIGHT - y - high) * MM, wide * MM, high * MM, stroke=1, fill=0)

        self.marks.append(draw)

    def circle(self, x: float, y: float, diameter: float) -> None:
        """The dashed place of the seal."""

        def draw(canvas: Canvas) -> None:
            canvas.setStrokeColorRGB(*CIRCLE)
            canvas.setLineWidth(0.25 * MM)
            canvas.setDash([2.2, 1.8])
            canvas.circle(x * MM, (HEIGHT - y) * MM, diameter / 2 * MM)

        self.marks.append(draw)

    def modules(self, x: float, y: float, side: float, rows: list[list[bool]]) -> None:
        """A QR symbol as one path; neighbouring modules become one bar."""
        step = side / len(rows)

        def draw(canvas: Canvas) -> None:
            path = canvas.beginPath()
            for number, row in enumerate(rows):
                start = None
                for column, dark in enumerate([*row, False]):
                    if dark and start is None:
                        start = column
                    elif not dark and start is not None:
                        bottom = HEIGHT - y - (number + 1) * step
                        path.rect((x + start * step) * MM, bottom * MM, (column - start) * step * MM, step * MM)
                        start = None
            canvas.setFillColorRGB(*BLACK)
            canvas.drawPath(path, stroke=0, fill=1)

        self.marks.append(draw)


@dataclass(frozen=True)
class Properties:
    title: str
    author: str
    subject: str
    made_at: datetime
    lang: str = "zh-CN"


class Sheet:
    """The pages of one letter, or of a table on paper lying on its side."""

    def __init__(self, *, landscape: bool = False) -> None:
        load_fonts()
        self.pages: list[Page] = []
        self.wide, self.high = (HEIGHT, WIDTH) if landscape else (WIDTH, HEIGHT)

    def page(self, lang: str, *, part_first: bool = False) -> Page:
        self.pages.append(Page(lang, part_first))
        return self.pages[-1]

    def pdf(self, properties: Properties) -> bytes:
        out = io.BytesIO()
        # The first font of a canvas is written into every page: without this it is Helvetica, which is
        # not embedded.
        canvas = Canvas(
            out,
            pagesize=(self.wide * MM, self.high * MM),
            invariant=1,
            pageCompression=1,
            initialFontName=PREFIX + "Sans",  # type: ignore[arg-type]
            lang=properties.lang,
        )
        # The file's dates and identifier come from the letter alone: the same context gives the same bytes.
        stamp = f"D:{properties.made_at:%Y%m%d%H%M%S}Z"
        canvas.setDateFormatter(lambda *_: stamp)
        document: Any = canvas._doc  # type: ignore[attr-defined]
        document.signature = hashlib.md5(repr(properties).encode(), usedforsecurity=False)
        canvas.setTitle(properties.title)
        canvas.setAuthor(properties.author)
        canvas.setSubject(properties.subject)
        canvas.setCreator("ExpertDesk")
        for page in self.pages:
            if self.high != HEIGHT:
                # marks count from the top of an upright page
                canvas.translate(0, (self.high - HEIGHT) * MM)
            for mark in page.marks:
                mark(canvas)
            canvas.showPage()
        canvas.save()
        return out.getvalue()


def _show(canvas: Canvas, line: Line, x: float, y: float, colour: Colour) -> None:
    """One text object a line: glyphs and the gaps between them in TJ arrays, a new font only where it
    changes."""
    red, green, blue = colour
    code = [f"BT {red:.2f} {green:.2f} {blue:.2f} rg 1 0 0 1 {x:.3f} {y:.3f} Tm"]
    for run in line.runs:
        code += run_code(canvas, run, line.size)
    code.append("ET")
    canvas.addLiteral(" ".join(code))


def run_code(canvas: Canvas, run: Run, size: float) -> list[str]:
    """The glyphs of a run and the gaps between them as one TJ array."""
    document = canvas._doc  # type: ignore[attr-defined]
    letters = font(run.font)
    code: list[str] = []
    position = 0
    for subset, glyphs in letters.splitString(run.text, document):
        parts: list[str] = []
        pending = b""
        for glyph in glyphs:
            pending += bytes((glyph,))
            gap = run.after[position]
            position += 1
            if abs(gap) > 0.001:
                parts += [f"<{pending.hex()}>", f"{-gap * 1000 / size:.1f}"]
                pending = b""
        if pending:
            parts.append(f"<{pending.hex()}>")
        name = letters.getSubsetInternalName(subset, document)
        code.append(f"{name} {size:g} Tf [{''.join(parts)}] TJ")
    return code


def wrapped(text: str, face: str, size: float, width: float, lang: str, **options: bool | float) -> list[Line]:
    """`lay` with the width in mm, paragraph by paragraph."""
    lines: list[Line] = []
    for paragraph in text.split("\n"):
        lines += lay(paragraph, face, size, width * MM, lang, **options)  # type: ignore[arg-type]
    return lines


def width_of(text: str, face: str, size: float, lang: str) -> float:
    """Width in mm of one line."""
    return measure(text, face, size, lang) / MM if text else 0.0
