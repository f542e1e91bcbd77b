"""Headers of every answer, errors too (quality §1, output): no inline script or style, nothing from other hosts."""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_login import current_user

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"
)
# a paper or letter shown in the browser: no script at all, in a box of its own
DOCUMENT_POLICY = "default-src 'none'; sandbox; style-src 'unsafe-inline'; frame-ancestors 'none'"

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def init_headers(app: Flask, *, is_https: bool) -> None:
    @app.after_request
    def put_headers(response: Response) -> Response:
        for name, value in _FIXED.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "assets.asset":
            signed_in = "_login_user" in g and current_user.is_authenticated
            response.headers.setdefault("Cache-Control", "no-store" if signed_in else "no-cache")
            response.vary.add("Cookie")
            response.vary.add("Accept-Language")
        return response
