"""Serve the scanner: a page that a phone keeps, with the files it needs, and no data at all."""

from __future__ import annotations

from pathlib import Path

from flask import Response, jsonify, make_response, send_from_directory, url_for

from wayfellow.pages import PUBLIC, page
from wayfellow_events.views.frame import Rule, render

STATIC = Path(__file__).parents[1] / "static"
#: The camera is for this page alone, and a manifest is read.
HEADERS = {
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), browsing-topics=()",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
        "media-src 'self' blob:; worker-src 'self'; font-src 'self'; manifest-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-cache",
}


@page(PUBLIC)
def scanner() -> Response:
    """Show the scanner; what it shows of an event it asks for itself, with the token of its device."""
    answer = make_response(render("scanner.html"))
    answer.headers.update(HEADERS)
    return answer


@page(PUBLIC)
def scanner_worker() -> Response:
    """Hand the service worker over, which lets the page open without a network."""
    return _file("door/worker.js")


@page(PUBLIC)
def scanner_manifest() -> Response:
    """Say how the scanner is put on a home screen."""
    icon = {"src": url_for("static", filename="favicon.svg"), "sizes": "any", "type": "image/svg+xml"}
    look = {"display": "standalone", "background_color": "#0e1a1e", "theme_color": "#0e1a1e", "icons": [icon]}
    start = url_for("events.scanner")
    answer = jsonify({"name": "Wayfellow door", "short_name": "Door", "start_url": start, "scope": start, **look})
    answer.mimetype = "application/manifest+json"
    return answer


@page(PUBLIC)
def scanner_file(name: str) -> Response:
    """Hand a file of the scanner over."""
    return _file(name)


def _file(name: str) -> Response:
    answer = send_from_directory(STATIC, name)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Security-Policy"] = HEADERS["Content-Security-Policy"]
    return answer


RULES: tuple[Rule, ...] = (
    ("GET", "/scanner/", "scanner", scanner),
    ("GET", "/scanner/worker.js", "scanner_worker", scanner_worker),
    ("GET", "/scanner/manifest.webmanifest", "scanner_manifest", scanner_manifest),
    ("GET", "/scanner/file/<path:name>", "scanner_file", scanner_file),
)
