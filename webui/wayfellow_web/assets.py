"""Give static files addresses that change with their content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request, url_for

FOREVER = "public, max-age=31536000, immutable"


def configure_assets(app: Flask) -> None:
    """Offer ``asset(name)`` to templates, and let what it names be kept."""
    app.jinja_env.globals["asset"] = asset
    app.after_request(keep_assets)


def asset(name: str) -> str:
    """Return the address of a static file with a digest of its content."""
    return url_for("static", filename=name, v=_digest(Path(__file__).parent / "static" / name))


def keep_assets(response: Response) -> Response:
    """Let files with a digest in their address be kept; errors are not."""
    if request.endpoint == "static" and "v" in request.args and response.status_code in (200, 304):
        response.headers["Cache-Control"] = FOREVER
    return response


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
