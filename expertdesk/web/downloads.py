"""Names of files that go out: in any script, in a header that servers and browsers of every kind accept (RFC 6266)."""

from __future__ import annotations

from urllib.parse import quote

from werkzeug.wrappers import Response


def name_file(answer: Response, name: str, *, inline: bool = False) -> None:
    """Give the answer its file name. A header carries Latin signs only: the real name stands encoded beside a plain
    one, which old programs take."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-._") else "_" for sign in name)
    way = "inline" if inline else "attachment"
    answer.headers["Content-Disposition"] = f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
