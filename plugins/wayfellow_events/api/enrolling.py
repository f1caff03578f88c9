"""Let a device in with the code of its link."""

from __future__ import annotations

from flask import Response, jsonify, request

from wayfellow.pages import PUBLIC, page
from wayfellow.types import ANONYMOUS
from wayfellow_events.api import fields as f
from wayfellow_events.api.fields import Fields, read_body
from wayfellow_events.api.frame import deployment
from wayfellow_events.api.looking import device_of
from wayfellow_events.door.devices import enrol as take_code
from wayfellow_events.door.reading import read_post
from wayfellow_events.tickets.codes import digest


@page(PUBLIC)
def enrol() -> Response:
    """Return a token for the code of a link, once; a lost answer is repeated for the same Idempotency-Key."""
    given = Fields(read_body())
    code = given.read("code", f.a_text(100), "", required=True)
    given.refuse()
    again = request.headers.get("Idempotency-Key", "")[:200]
    with deployment().transaction(ANONYMOUS) as tx:
        _, token = take_code(tx, code, again)
        return jsonify({"token": token, **device_of(read_post(tx, digest(token)))})
