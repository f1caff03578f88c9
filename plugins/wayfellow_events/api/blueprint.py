"""Mount the API at /events/api/v1: JSON in, JSON out, a device's token and no cookie."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException

from wayfellow.errors import WayfellowError
from wayfellow.pages import PUBLIC, page
from wayfellow_events.api import enrolling, looking, scanning, walkins
from wayfellow_events.api.problems import problem, show_fault, show_http_error, show_wayfellow_error

NAME, BASE = "events_api", "/events/api/v1"
ROUTES: tuple[tuple[str, str, Callable[..., Any]], ...] = (
    ("POST", "/enrol", enrolling.enrol),
    ("POST", "/scan", scanning.scan),
    ("POST", "/scans", scanning.scans),
    ("GET", "/scans/<key>", scanning.scan_by_key),
    ("POST", "/undo", scanning.undo),
    ("POST", "/walkins", walkins.walkins),
    ("GET", "/points", looking.points),
    ("GET", "/roster", looking.roster),
    ("GET", "/status", looking.status),
    ("GET", "/search", looking.search),
)
ANY = ("GET", "POST", "PUT", "PATCH", "DELETE")


def make_api() -> Blueprint:
    """Return the API; it has addresses of its own, so that they stay the same wherever plugins' pages are mounted."""
    blueprint = Blueprint(NAME, __name__)
    blueprint.register_error_handler(WayfellowError, show_wayfellow_error)
    blueprint.register_error_handler(HTTPException, show_http_error)
    blueprint.register_error_handler(Exception, show_fault)
    blueprint.record(_mount)
    return blueprint


def _mount(state: BlueprintSetupState) -> None:
    described = [("GET", "/openapi.json", openapi)]
    for method, address, view in (*ROUTES, *described):
        state.app.add_url_rule(BASE + address, f"{NAME}.{view.__name__}", view, methods=[method])
        _take_without_form(state, view)
    state.app.add_url_rule(f"{BASE}/<path:rest>", f"{NAME}.nothing", nothing, methods=ANY)
    _take_without_form(state, nothing)


def _take_without_form(state: BlueprintSetupState, view: Callable[..., Any]) -> None:
    """Ask for no token of a form: no cookie counts here, so nobody's browser can be made to send anything."""
    csrf = state.app.extensions.get("csrf")
    if csrf is not None:
        csrf.exempt(view)


@page(PUBLIC)
def openapi() -> Response:
    """Describe the API."""
    return jsonify(description())


@page(PUBLIC)
def nothing(rest: str) -> Response:
    """Say that an address is none, or is not to be asked this way."""
    here = [method for method, address, _ in ROUTES if _fits(address, f"/{rest}")]
    if here:
        answer = problem(405, f"Ask this address with {' or '.join(here)}, not {request.method}.")
        answer.headers["Allow"] = ", ".join(here)
        return answer
    return problem(404, f"There is no such address. {BASE}/openapi.json lists them.")


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI document."""
    found: dict[str, Any] = json.loads((Path(__file__).parent / "openapi.json").read_text("utf-8"))
    return found


def _fits(address: str, path: str) -> bool:
    fixed, variable, _ = address.partition("<")
    return path.startswith(fixed) and len(path) > len(fixed) if variable else path == address
