"""Printers: a typed, frozen context comes in, the bytes of a letter go out.

Used by the capabilities' `letters.py` (a case or permit → a context) and by the desk's previews. What
comes in are the
records of `contexts.py`: plain strings, dates, numbers and tuples, both languages together. What goes out
is `Printed`:
the PDF, its SHA-256, the number of pages, the version of the wording, and the optional native spellings
that had to be
left out. Same context, same bytes. No database, no request, no session: nothing here asks the time or the
language.
"""

from expertdesk.documents.cleaning import MissingGlyph
from expertdesk.documents.printing import Printed, print_letter
from expertdesk.documents.typefaces import load_fonts

__all__ = ["MissingGlyph", "Printed", "load_fonts", "print_letter"]
