"""Wide paper for tables of many pages: every mark becomes code of the page at once, in millimetres from the top left.

`sheet.Sheet` keeps drawings until the end, which suits letters; a plan of two thousand groups has a hundred thousand
marks, so here only the code of the pages is kept. Pages can be added to until `pdf`, for each says how many there are.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFStream, PDFZCompress
from reportlab.pdfgen.canvas import Canvas

from expertdesk.documents.breaking import Line, single
from expertdesk.documents.sheet import ALIGN, BLACK, MM, Colour, Properties, run_code
from expertdesk.documents.typefaces import PREFIX, font, load_fonts

# a circle of four Bézier curves
KAPPA = 0.5523
FIGURES = "0123456789,.-"


class Roll:
    """The pages of one sheet; `page` begins one, `turn` goes back to one."""

    def __init__(self, width: float, height: float, properties: Properties) -> None:
        load_fonts()
        self.width, self.height = width, height
        self._out = io.BytesIO()
        # The first font of a canvas is written into every page: without this it is Helvetica, not embedded.
        self.canvas = Canvas(
            self._out,
            pagesize=(width * MM, height * MM),
            invariant=1,
            pageCompression=1,
            initialFontName=PREFIX + "Sans",  # type: ignore[arg-type]
            lang=properties.lang,
        )
        stamp = f"D:{properties.made_at:%Y%m%d%H%M%S}Z"
        self.canvas.setDateFormatter(lambda *_: stamp)
        self._document: Any = self.canvas._doc  # type: ignore[attr-defined]
        self._document.signature = hashlib.md5(repr(properties).encode(), usedforsecurity=False)
        self.canvas.setTitle(properties.title)
        self.canvas.setAuthor(properties.author)
        self.canvas.setSubject(properties.subject)
        self.canvas.setCreator("ExpertDesk")
        self._digits: dict[str, str] = {}
        self._digit_font = ""
        self.pages: list[list[str]] = []
        self.lang = "zh"
        self.langs: list[str] = []

    def page(self, lang: str) -> None:
        self.pages.append([])
        self.langs.append(lang)
        self.turn(len(self.pages) - 1)

    def turn(self, number: int) -> None:
        """Draw on this page (from 0) again."""
        self._code = self.pages[number]
        self.lang = self.langs[number]

    # --- text ---------------------------------------------------------------------------------------------------

    def coded(self, line: Line) -> str:
        """The glyphs of a line, without its place: the same cell is coded once for the whole sheet."""
        return " ".join(code for run in line.runs for code in run_code(self.canvas, run, line.size))

    def figures(self, text: str, size: float) -> str:
        """The code of a number (digits, comma, point, minus; all of the sans), without laying it."""
        if not self._digits:
            # one call: so they share one subset of the font
            (subset, glyphs), *rest = font("Sans").splitString(FIGURES, self._document)
            if rest:
                raise RuntimeError("digits fell into two subsets")
            self._digits = dict(zip(FIGURES, (f"{glyph:02x}" for glyph in glyphs), strict=True))
            self._digit_font = font("Sans").getSubsetInternalName(subset, self._document)
        return f"{self._digit_font} {size:g} Tf <{''.join([self._digits[sign] for sign in text])}> Tj"

    def put(self, code: str, x: float, y: float) -> None:
        """Set coded glyphs with their left end at x and the baseline at y."""
        self._code.append(f"BT 1 0 0 1 {x * MM:.2f} {(self.height - y) * MM:.2f} Tm {code} ET")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: str = "sans",
        size: float = 9.5,
        *,
        lang: str = "",
        align: str = "left",
        track: float = 0.0,
        colour: Colour = BLACK,
    ) -> float:
        """Set one line; gives back its width in mm."""
        if not text:
            return 0.0
        return self.line(single(text, face, size, lang or self.lang, track=track), x, y, align, colour)

    def line(self, line: Line, x: float, y: float, align: str = "left", colour: Colour = BLACK) -> float:
        self._colour(colour)
        self.put(self.coded(line), x - line.width / MM * ALIGN[align] + line.indent / MM, y)
        self._colour(colour, back=True)
        return line.width / MM

    def lines(self, lines: Sequence[Line], x: float, y: float, pitch: float, align: str = "left") -> float:
        """Set lines below each other from baseline y; gives back the last baseline."""
        for number, line in enumerate(lines):
            self.line(line, x, y + number * pitch, align)
        return y + max(len(lines) - 1, 0) * pitch

    def _colour(self, colour: Colour, *, back: bool = False) -> None:
        if colour != BLACK:
            red, green, blue = BLACK if back else colour
            self._code.append(f"{red:.2f} {green:.2f} {blue:.2f} rg")

    # --- rules --------------------------------------------------------------------------------------------------

    def rules(self, width: float, strokes: Sequence[tuple[float, float, float, float]]) -> None:
        """Straight strokes (x1, y1, x2, y2) of one width, as one path."""
        if not strokes:
            return
        high = self.height
        path = " ".join(
            f"{x1 * MM:.2f} {(high - y1) * MM:.2f} m {x2 * MM:.2f} {(high - y2) * MM:.2f} l"
            for x1, y1, x2, y2 in strokes
        )
        self._code.append(f"{width * MM:.3f} w {path} S")

    def rule(self, x1: float, x2: float, y: float, width: float) -> None:
        self.rules(width, [(x1, y, x2, y)])

    def box(self, x: float, y: float, wide: float, high: float, width: float, *, dash: str = "") -> None:
        place = f"{x * MM:.2f} {(self.height - y - high) * MM:.2f} {wide * MM:.2f} {high * MM:.2f} re S"
        self._code.append(f"q {dash and dash + ' d '}{width * MM:.3f} w {place} Q")

    def circle(self, x: float, y: float, diameter: float) -> None:
        """The dashed place of the seal."""
        middle, down, r = x * MM, (self.height - y) * MM, diameter / 2 * MM
        k = r * KAPPA
        path = (
            f"{middle + r:.2f} {down:.2f} m"
            f" {middle + r:.2f} {down + k:.2f} {middle + k:.2f} {down + r:.2f} {middle:.2f} {down + r:.2f} c"
            f" {middle - k:.2f} {down + r:.2f} {middle - r:.2f} {down + k:.2f} {middle - r:.2f} {down:.2f} c"
            f" {middle - r:.2f} {down - k:.2f} {middle - k:.2f} {down - r:.2f} {middle:.2f} {down - r:.2f} c"
            f" {middle + k:.2f} {down - r:.2f} {middle + r:.2f} {down - k:.2f} {middle + r:.2f} {down:.2f} c S"
        )
        self._code.append(f"q 0.45 0.45 0.45 RG {0.25 * MM:.3f} w [2.2 1.8] 0 d {path} Q")

    def modules(self, x: float, y: float, side: float, rows: list[list[bool]]) -> None:
        """A QR symbol as one path; neighbouring modules become one bar."""
        step = side / len(rows) * MM
        left, top = x * MM, (self.height - y) * MM
        parts: list[str] = []
        for number, row in enumerate(rows):
            start = None
            for column, dark in enumerate([*row, False]):
                if dark and start is None:
                    start = column
                elif not dark and start is not None:
                    wide = (column - start) * step
                    parts.append(f"{left + start * step:.3f} {top - (number + 1) * step:.3f} {wide:.3f} {step:.3f} re")
                    start = None
        self._code.append(" ".join(parts) + " f")

    def _binary(self) -> None:
        """The page that was just shown is written in binary: ReportLab's ASCII 85 takes a fifth of the time."""
        page = self._document.Pages.pages[-1]
        stream = PDFStream()
        stream.filters = [PDFZCompress]
        stream.content, page.stream = page.stream, ""
        page.Contents = stream

    def pdf(self) -> bytes:
        """Write the file; the roll is used up."""
        for code in self.pages:
            self.canvas.addLiteral("0 0 0 rg 0 0 0 RG\n" + "\n".join(code))
            self.canvas.showPage()
            self._binary()
        self.canvas.save()
        return self._out.getvalue()
