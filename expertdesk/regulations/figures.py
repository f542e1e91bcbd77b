"""Figures as people write them: exact, thousands parted by commas, in both languages alike."""

from __future__ import annotations

from decimal import Decimal


def exact(value: Decimal | int) -> str:
    """Never rounded: 4.9999 stays 4.9999, 71622.00 is 71,622."""
    text = f"{Decimal(value):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: Decimal | int) -> str:
    """The same without commas, for scripts."""
    return exact(value).replace(",", "")
