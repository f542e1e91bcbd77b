"""Forms as an officer fills them in, and files as people bring them."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pikepdf
from PIL import Image

from expertdesk.experts.mrz_writer import make_lines

# ICAO Doc 9303, part 4
SPECIMEN = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def lines(**changes: Any) -> str:
    """The two passport lines of Konstantin, or of somebody else."""
    values: dict[str, Any] = {
        "surname": "PREOBRAZHENSKII",
        "given_names": "KONSTANTIN",
        "country": "RU",
        "number": "758213946",
        "birth_date": date(1978, 4, 19),
        "sex": "M",
        "expiry_date": date(2031, 8, 22),
        **changes,
    }
    return "\n".join(make_lines(**values))


def in_china(**changes: Any) -> dict[str, Any]:
    """An application made in China, category B by salary, with everything an officer types."""
    return {
        "mrz": lines(),
        "native_name": "Константин Преображенский",
        "email": "k.preobrazhenskii@mail.example",
        "phone": "+86 138 0000 0416",
        "organisation": "91110108MA01KPRT4B",
        "procedure": "NEW_IN_CHINA",
        "received_on": "2026-11-24",
        "in_country_ground": "IC3",
        "post": "制剂研发总监",
        "occupation": "2",
        "contract_start_on": "2026-12-10",
        "contract_end_on": "2028-12-09",
        "salary_month": "52,000",
        "education": "doctorate",
        "experience_years": "12",
        "months_per_year": "12",
        "chinese": "hsk2",
        "seen_all": "1",
        "do": "take_in",
        **changes,
    }


def pdf(pages: int = 1) -> bytes:
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def locked_pdf() -> bytes:
    """A PDF that opens with a password only."""
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    buffer = io.BytesIO()
    document.save(buffer, encryption=pikepdf.Encryption(owner="keep", user="out"))
    return buffer.getvalue()


def photo(kind: str = "JPEG", size: tuple[int, int] = (420, 560)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 210, 220)).save(buffer, kind)
    return buffer.getvalue()


def file(data: bytes, name: str, kind: str = "application/pdf") -> tuple[io.BytesIO, str, str]:
    """As the test client sends it."""
    return io.BytesIO(data), name, kind
