"""Leave a message for the next page; one that offers to take the act back holds the form for it."""

from __future__ import annotations

from flask import flash


def flash_undo(sentence: str, url: str, **fields: str) -> None:
    """Say what was done, with a button that posts the fields to an address to take it back."""
    flash({"sentence": sentence, "url": url, "fields": fields}, "undo")  # type: ignore[arg-type]
