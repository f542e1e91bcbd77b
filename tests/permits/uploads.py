"""A small clean PDF as the upload pipeline gives it."""

from __future__ import annotations

import io

import pikepdf

from expertdesk.cases.papers import upload_limits
from expertdesk.foundation.uploads import CleanUpload, clean_upload


def clean_pdf(name: str = "paper.pdf") -> CleanUpload:
    document = pikepdf.new()
    document.add_blank_page(page_size=(595, 842))
    buffer = io.BytesIO()
    document.save(buffer)
    return clean_upload(buffer.getvalue(), name, "application/pdf", upload_limits())
