"""Draw a code as a QR picture: as SVG that a strict policy allows in a page, and as PNG for mails."""

from __future__ import annotations

import io

import segno

from wayfellow.words import gettext


def svg_of(code: str) -> str:
    """Return a code as an inline SVG with classes and no style."""
    return segno.make_qr(code, error="m").svg_inline(
        border=4, svgclass="qr", lineclass="qr-ink", omitsize=True, title=gettext("Ticket code as a QR image")
    )


def png_of(code: str) -> bytes:
    """Return a code as a PNG that is large enough to be printed."""
    out = io.BytesIO()
    segno.make_qr(code, error="m").save(out, kind="png", scale=10, border=4)
    return out.getvalue()
