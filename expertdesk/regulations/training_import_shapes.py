"""Tables for reading the sheets of the units: headings and names of countries as people write them."""

from __future__ import annotations

from collections.abc import Mapping

from expertdesk.regulations.schema import Field, ListOf, Text

FILE = "training_import"

# table → fields beside the common ones
IMPORT_TABLES: Mapping[str, Mapping[str, Field]] = {
    "training_countries": {"also": ListOf(Text())},
    "training_headers": {"also": ListOf(Text())},
}
