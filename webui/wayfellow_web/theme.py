"""Remember in a cookie whether pages are light, dark, or as the device says."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response

from wayfellow.words import Wordlist, later

COOKIE = "wayfellow_theme"
THEMES = Wordlist({"auto": later("As this device"), "light": later("Light"), "dark": later("Dark")})


def this_theme() -> str:
    """Return the chosen theme; anything else counts as auto."""
    chosen = request.cookies.get(COOKIE, "auto")
    return chosen if chosen in THEMES else "auto"


def remember_theme(response: Response, theme: str) -> None:
    """Set the cookie for a year."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, theme, max_age=31536000, secure=secure, httponly=True, samesite="Lax")
