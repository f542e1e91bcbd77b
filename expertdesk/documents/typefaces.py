"""The shipped fonts: registered once a process, chosen word by word.

A *face* ("kai", "sans", "serif" …) is a chain of fonts. The first font of the chain that has every letter
of a word
sets the whole word: one missing letter (ŠĶĒLE) moves the word to the next font, it never changes font inside.
"""

from __future__ import annotations

import mmap
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER = Path(__file__).parent / "fonts"
FILES = {
    "Kai": "LXGWWenKai-Regular.ttf",
    "KaiBold": "LXGWWenKai-Bold.ttf",
    "Sans": "NotoSansSC-Regular.ttf",
    "SansSemi": "NotoSansSC-SemiBold.ttf",
    "Latin": "NotoSans-Regular.ttf",
    "LatinBold": "NotoSans-Bold.ttf",
    "Serif": "NotoSerif-Regular.ttf",
    "SerifBold": "NotoSerif-Bold.ttf",
}
# Every chain ends with the same fonts, so that a character is printable in all faces or in none.
LAST = ("Kai", "Sans", "Latin", "Serif")
CHAINS = {
    "kai": ("Kai", "Sans", "Latin", "Serif"),
    "kai_bold": ("KaiBold", *LAST),
    "sans": ("Sans", "Latin", "Kai", "Serif"),
    "semi": ("SansSemi", "LatinBold", "Sans", "Latin", "Kai", "Serif"),
    "serif": ("Serif", *LAST[:3]),
    "serif_bold": ("SerifBold", "KaiBold", *LAST[:3], "Serif"),
}
CHINESE_FONTS = frozenset({"Kai", "KaiBold", "Sans", "SansSemi"})
PREFIX = "ExpertDesk-"

_lock = Lock()
_fonts: dict[str, LetterFont] = {}


def unicode_map(font_name: str, subset: list[int]) -> str:
    """The table that turns the codes of an embedded subset back into text, for searching and copying.

    ReportLab 5.1 writes <2CB4E> for a character above U+FFFF, where the format wants UTF-16BE (a
    surrogate pair), and
    puts all rows into one block, where it allows 100: a name with 𬭎 could be read but not found.
    """
    rows = [
        f"<{code:02X}> <{chr(point).encode('utf-16-be').hex().upper()}>" for code, point in enumerate(subset)
    ]
    blocks: list[str] = []
    for start in range(0, len(rows), 100):
        part = rows[start : start + 100]
        blocks += [f"{len(part)} beginbfchar", *part, "endbfchar"]
    return "\n".join(
        [
            "/CIDInit /ProcSet findresource begin",
            "12 dict begin",
            "begincmap",
            f"/CIDSystemInfo << /Registry ({font_name}) /Ordering ({font_name}) /Supplement 0 >> def",
            f"/CMapName /{font_name} def",
            "/CMapType 2 def",
            "1 begincodespacerange",
            f"<00> <{len(subset) - 1:02X}>",
            "endcodespacerange",
            *blocks,
            "endcmap",
            "CMapName currentdict /CMap defineresource pop",
            "end",
            "end",
        ]
    )


class Outlines:
    """The table of glyphs in a mapped file: a slice of it is read when it is taken."""

    def __init__(self, mapped: mmap.mmap, start: int, length: int) -> None:
        self._mapped, self._start, self._length = mapped, start, length

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, part: slice) -> bytes:
        first, last, _ = part.indices(self._length)
        return self._mapped[self._start + first : self._start + last]


class LetterFont(TTFont):
    """A TrueType font whose embedded subsets carry a correct ToUnicode table."""

    def addObjects(self, doc) -> None:
        state = self.state[doc]
        subsets = [list(subset) for subset in state.subsets]
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(len(subsets))]
        super().addObjects(doc)
        fonts = doc.idToObject["BasicFonts"].dict
        for name, subset in zip(names, subsets, strict=True):
            base = fonts[name].BaseFont
            doc.idToObject["toUnicodeCMap:" + base].content = unicode_map(base, subset)

    def map_file(self) -> None:
        """Let the system keep the file: what was read is given back, the pages are shared by all processes, and a
        subset no longer copies the table of all glyphs (ten megabytes) to take a hundred out of it."""
        face: Any = self.face
        with Path(face.filename).open("rb") as stream:
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        face._ttf_data = mapped  # its slices are bytes, as before
        start, length = face.get_table_pos("glyf")
        whole = face.get_table
        glyphs = Outlines(mapped, start, length)
        face.get_table = lambda tag: glyphs if tag == "glyf" else whole(tag)
        face.glyphToChar = {}  # wanted while the file is read, never again

    def has(self, character: str) -> bool:
        return ord(character) in self.face.charToGlyph

    def width(self, text: str) -> float:
        """Advance width in em."""
        widths, default = self.face.charWidths, self.face.defaultWidth
        return sum(widths.get(ord(character), default) for character in text) / 1000


def load_fonts() -> None:
    """Read and register every font. Call it in the parent before the fork: the children share the pages."""
    with _lock:
        if _fonts:
            return
        loaded = {}
        for name, file in FILES.items():
            loaded[name] = LetterFont(PREFIX + name, str(FOLDER / file), asciiReadable=False, shapable=False)
            loaded[name].map_file()
            pdfmetrics.registerFont(loaded[name])
        _fonts.update(loaded)


def font(name: str) -> LetterFont:
    if not _fonts:
        load_fonts()
    return _fonts[name]


@lru_cache(maxsize=4096)
def font_for(word: str, face: str, latin_only: bool) -> str | None:
    """The first font of the chain with every letter of the word; None when the word must be set letter by
    letter.

    `latin_only`: ’ “ ” · – are full width in the Chinese fonts, so a Latin word that holds one skips them.
    """
    for name in CHAINS[face]:
        if latin_only and name in CHINESE_FONTS:
            continue
        if all(font(name).has(character) for character in word):
            return name
    if latin_only:
        return font_for(word, face, False)
    return None


def is_printable(character: str) -> bool:
    """Whether any face has the character (all chains end with the same fonts)."""
    return any(font(name).has(character) for name in LAST)
