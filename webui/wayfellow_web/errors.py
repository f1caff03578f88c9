"""Answer errors with a page in the frame that says what to do next; never with a trace."""

from __future__ import annotations

import secrets

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from wayfellow.errors import InvalidInput, WayfellowError
from wayfellow.words import gettext, later, said

Answer = tuple[str, int]

TITLES = {
    400: later("That could not be read"),
    403: later("This is not open to you"),
    404: later("There is nothing here"),
    405: later("That can't be done this way"),
    409: later("Something changed in the meantime"),
    413: later("That is too large"),
    422: later("Something needs mending"),
    429: later("A little slower, please"),
    500: later("Something went wrong here"),
}
ADVICE = {
    400: later("Go back, reload the page and try again."),
    403: later("Ask a coordinator of your programme if you think it should be."),
    404: later("The address may be mistyped, or the thing it named is gone. Start again from the menu."),
    405: later("Go back and use the buttons on the page."),
    413: later("Files may have up to 32 MB. Split the file, or leave out columns that are not needed."),
    500: later(
        "Nothing you entered was half saved. Try again; if it happens again, tell your administrator the code below."
    ),
}


def configure_errors(app: Flask) -> None:
    """Turn every kind of error into a page."""
    app.register_error_handler(WayfellowError, show_wayfellow_error)
    app.register_error_handler(CSRFError, show_expired_form)
    app.register_error_handler(SecurityError, show_wrong_host)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Exception, show_fault)


def show_wayfellow_error(error: WayfellowError) -> Answer:
    """Show a sentence that a service raised."""
    problems = error.problems if isinstance(error, InvalidInput) else ()
    return _page(error.status, str(error), problems=problems)


def show_expired_form(error: CSRFError) -> Answer:
    """Say that a form's token is missing or belongs to an earlier sign-in."""
    return _page(
        400, gettext("This form is out of date, so nothing was changed. Go back, reload the page and send it again.")
    )


def show_wrong_host(error: SecurityError) -> tuple[str, int, dict[str, str]]:
    """Answer in plain text: no address of this site can be made for a host that it does not know."""
    sentence = "Wayfellow does not answer for this host name. Set base_url in the configuration to the one in use.\n"
    return sentence, 400, {"Content-Type": "text/plain; charset=utf-8"}


def show_http_error(error: HTTPException) -> Answer:
    """Show an error of the protocol, such as an address that leads nowhere."""
    status = error.code or 500
    return _page(status, said(ADVICE.get(status, later("Go back and try again."))))


def show_fault(error: Exception) -> Answer:
    """Log a fault of the program under a code, and show the code only."""
    code = secrets.token_hex(4)
    rule = request.url_rule.rule if request.url_rule else "unknown"  # never the path: it may hold a secret
    current_app.logger.exception("Fault %s in %s %s", code, request.method, rule)
    try:
        return _page(500, said(ADVICE[500]), code=code)
    except Exception:
        current_app.logger.exception("Fault %s could not be shown in the frame", code)
        return f"Something went wrong here. Tell your administrator this code: {code}", 500


def _page(status: int, sentence: str, *, code: str = "", problems: tuple[object, ...] = ()) -> Answer:
    title = said(TITLES.get(status, later("That did not work")))
    page = render_template(
        "wayfellow_web/errors/error.html", title=title, sentence=sentence, code=code, problems=problems
    )
    return page, status
