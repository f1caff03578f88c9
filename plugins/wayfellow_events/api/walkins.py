"""Add somebody who comes without a ticket."""

from __future__ import annotations

from flask import Response, jsonify

from wayfellow.pages import PUBLIC, page
from wayfellow.tabular.values import clean_email, clean_line
from wayfellow_events.api import fields as f
from wayfellow_events.api.fields import Fields, read_body
from wayfellow_events.api.frame import deployment, key_of, this_token, told
from wayfellow_events.door.walkins import WalkIn, let_in


@page(PUBLIC)
def walkins() -> Response:
    """Register somebody at the door and check them in; 409 where no place is left."""
    token, given = this_token(), Fields(read_body())
    who = WalkIn(
        key=key_of(given),
        name=given.read("name", lambda value: clean_line(f.a_text(200)(value), "The name", 200), "", required=True),
        type_id=given.read("type", f.a_number, 0, required=True),
        email=given.read("email", lambda value: clean_email(f.a_text(320)(value)), ""),
        point_id=given.read("point", f.a_number, None),
        queue=given.read("queue", f.a_flag, False),
        beyond=given.read("override", f.a_text(200), ""),
    )
    given.refuse()
    came = let_in(deployment(), token, who)
    scan = told(came.outcome) if came.outcome else None
    return jsonify({"key": who.key, "registration": came.state, "code": came.code or None, "scan": scan})
