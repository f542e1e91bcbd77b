"""Static files under names that carry their digest, compressed once at the start, cached for a year."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, request

from expertdesk.web.guard import public

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".txt": "text/plain; charset=utf-8",
}
_TEXT = {".css", ".js", ".svg", ".txt"}
_YEAR = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    name: str
    body: bytes
    packed: bytes
    digest: str
    media_type: str

    @property
    def path(self) -> str:
        stem, _, suffix = self.name.rpartition(".")
        return f"/static/{stem}.{self.digest[:10]}.{suffix}"


class Assets:
    """Every file of a folder, read once (before the fork). `theme/*.css` is served as `theme.css`."""

    def __init__(self, folder: Path) -> None:
        self.by_name: dict[str, Asset] = {}
        for path in sorted(folder.iterdir()):
            if path.is_dir():
                # one request for a page: the sheets of a folder are one sheet, in the order of their names
                self._take(f"{path.name}.css", b"\n".join(sheet.read_bytes() for sheet in sorted(path.glob("*.css"))))
            elif path.suffix in _TYPES:
                self._take(path.name, path.read_bytes())
        self.by_path = {asset.path: asset for asset in self.by_name.values()}

    def _take(self, name: str, body: bytes) -> None:
        suffix = Path(name).suffix
        packed = gzip.compress(body, 9, mtime=0) if suffix in _TEXT else b""
        self.by_name[name] = Asset(name, body, packed, hashlib.sha256(body).hexdigest(), _TYPES[suffix])

    def url(self, name: str) -> str:
        return self.by_name[name].path

    def blueprint(self) -> Blueprint:
        blueprint = Blueprint("assets", __name__)

        @blueprint.get("/static/<path:name>")
        @public("style, icons and scripts hold no data")
        def asset(name: str) -> Response:
            found = self.by_path.get(f"/static/{name}")
            if found is None:
                abort(404)
            return _answer(found)

        @blueprint.get("/favicon.ico")
        @public("browsers ask for it")
        def favicon() -> Response:
            return _answer(self.by_name["mark.svg"])

        return blueprint


def _answer(asset: Asset) -> Response:
    packed = bool(asset.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.packed if packed else asset.body, content_type=asset.media_type)
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = _YEAR
    response.set_etag(asset.digest[:20])
    response.make_conditional(request)
    return response
