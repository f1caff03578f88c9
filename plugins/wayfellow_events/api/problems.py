"""Answer faults of the caller with a problem document (RFC 9457); refusals at the door are answers, not faults."""

from __future__ import annotations

import secrets

from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

from wayfellow.errors import InvalidInput, WayfellowError
from wayfellow_events.api.frame import require_device
from wayfellow_events.door.reading import NotEnrolled

TITLES = {
    400: "This is no JSON",
    401: "This device is not known here",
    403: "Not for this device",
    404: "There is nothing here",
    405: "Not with this method",
    409: "Something was faster",
    413: "Too large",
    415: "Send JSON",
    422: "Something needs mending",
    429: "A little slower",
    500: "Something went wrong here",
}


def problem(status: int, detail: str, **more: object) -> Response:
    """Return a problem document."""
    title = TITLES.get(status, "That did not work")
    answer = jsonify({"type": "about:blank", "title": title, "status": status, "detail": detail, **more})
    answer.status_code, answer.mimetype = status, "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def faults_of(error: WayfellowError) -> dict[str, object]:
    """Return what is wrong with each field, where an error tells it."""
    if isinstance(error, NotEnrolled):
        return {"wipe": True}
    problems = error.problems if isinstance(error, InvalidInput) else ()
    return {"errors": [{"field": one.column, "detail": one.message} for one in problems]} if problems else {}


def show_wayfellow_error(error: WayfellowError) -> Response:
    """Show a sentence that a service raised; what is wrong with a request is told to devices that are known alone."""
    if request.endpoint != "events_api.enrol" and not isinstance(error, NotEnrolled):
        try:
            require_device()
        except NotEnrolled as stranger:
            error = stranger
    return problem(error.status, str(error), **faults_of(error))


def show_http_error(error: HTTPException) -> Response:
    """Show an error of the protocol."""
    status = error.code or 500
    return problem(status, "This request can't be read. Look at /events/api/v1/openapi.json.")


def show_fault(error: Exception) -> Response:
    """Log a fault of the program under a code, and show the code only."""
    code = secrets.token_hex(4)
    current_app.logger.exception("Fault %s in %s %s", code, request.method, request.endpoint)
    return problem(500, f"Nothing was half saved. Try again; if it happens again, tell the administrator {code}.")
