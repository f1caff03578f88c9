"""Send people on, but never to another site."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import url_for


def safe_target(wanted: object) -> str:
    """Return an address of this site: the wanted one if it is, else the start page."""
    if not isinstance(wanted, str) or not wanted.startswith("/") or wanted.startswith(("//", "/\\")):
        return url_for("start.start")
    parts = urlsplit(wanted)
    safe = not parts.scheme and not parts.netloc and wanted.isprintable()
    return wanted if safe else url_for("start.start")
