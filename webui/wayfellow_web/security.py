"""Guard every answer with headers, and every change against forged requests."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as AnyResponse

from wayfellow.errors import InvalidInput, NotAllowed
from wayfellow.words import gettext

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self'",
        "worker-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

csrf = CSRFProtect()
Answer = TypeVar("Answer", bound=AnyResponse)


def configure_security(app: Flask) -> None:
    """Set headers on every answer, errors included, and ask every form for its token."""
    # The token and the fetch headers are checked instead of the Referer, which pages with secret addresses do not send.
    app.config.update(WTF_CSRF_SSL_STRICT=False, WTF_CSRF_TIME_LIMIT=None)
    app.before_request(refuse_other_origins)
    app.before_request(refuse_nul)
    csrf.init_app(app)
    app.after_request(set_headers)


def refuse_other_origins() -> None:
    """Refuse a change that another site's page sends.

    Raises NotAllowed.
    """
    if request.method in SAFE_METHODS:
        return
    fetch_site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", "null")
    foreign = origin != "null" and urlsplit(origin).netloc != request.host
    if foreign or fetch_site not in ("same-origin", "none"):
        raise NotAllowed(
            gettext("That form came from another site, so nothing was changed. Open the page here and try again.")
        )


def refuse_nul() -> None:
    """Refuse text with a NUL, which PostgreSQL can't keep nor look for.

    Raises InvalidInput.
    """
    given = request.args if request.method in SAFE_METHODS else request.values
    if any("\0" in value for _, value in given.items(multi=True)):
        raise InvalidInput(
            gettext("The text holds a NUL, a character that nobody can see. Go back, remove it and try again.")
        )


def set_headers(response: Response) -> Response:
    """Add what keeps pages from being framed, scripted, sniffed or kept by shared computers."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def without_referrer(answer: Answer) -> Answer:
    """Keep the address of a page, which is a secret itself, from the pages that it leads to."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
