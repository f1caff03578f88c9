"""Tell devices what they ask for: their points, the roster, the state of the door, and people by name."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import select

from wayfellow.errors import InvalidInput
from wayfellow.pages import PUBLIC, page
from wayfellow.types import ANONYMOUS
from wayfellow_events.api.fields import a_moment
from wayfellow_events.api.frame import deployment, iso, this_token
from wayfellow_events.door.conflicts import list_conflicts
from wayfellow_events.door.devices import note_seen
from wayfellow_events.door.models import Area
from wayfellow_events.door.points import Placed, points_of
from wayfellow_events.door.reading import Post, facts_of, read_post
from wayfellow_events.door.roster import read_roster
from wayfellow_events.door.searching import search_guests
from wayfellow_events.events.models import TicketType
from wayfellow_events.registration.models import RegistrationState as State


@page(PUBLIC)
def points() -> Response:
    """List the points of the device's event, with all that a phone needs to judge there by itself."""
    token = this_token()
    with deployment().reading(ANONYMOUS) as tx:
        post = read_post(tx, token)
        kinds = select(TicketType.id, TicketType.name).where(TicketType.event_id == post.event.id)
        types = [
            {"id": number, "name": name} for number, name in tx.session.execute(kinds.order_by(TicketType.position))
        ]
        found = [_point(one, post) for one in points_of(tx, post.event.id)]
        return jsonify({"points": found, "types": types, **device_of(post)})


@page(PUBLIC)
def roster() -> Response:
    """Return what changed in the roster since a cursor; 304 where nothing did."""
    token = this_token()
    with deployment().reading(ANONYMOUS) as tx:
        post = read_post(tx, token)
        sheet = read_roster(tx, post, request.args.get("since", ""))
    answer = jsonify({"cursor": sheet.cursor, "buckets": sheet.buckets, "rows": sheet.rows, "event": post.event.id})
    answer.set_etag(hashlib.sha256(answer.get_data()).hexdigest()[:24])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@page(PUBLIC)
def status() -> Response:
    """Tell counts, conflicts and the time; note that the device is there and what it has yet to send."""
    token = this_token()
    sent_at, unsent = _sent_at(), request.args.get("unsent", 0, type=int)
    with deployment().transaction(ANONYMOUS) as tx:
        post = read_post(tx, token)
        note_seen(tx, post.device.id, sent_at=sent_at, unsent=max(0, min(unsent, 100_000)))
        areas = tx.session.scalars(select(Area).where(Area.event_id == post.event.id).order_by(Area.name)).all()
        conflicts = [_conflict(one) for one in list_conflicts(tx, post.event.id)]
        now = tx.now()
        answer = {
            "now": iso(now),
            "expected": post.event.taken,
            "areas": [{"capacity": one.capacity, **_area(one)} for one in areas],
            "conflicts": conflicts,
            "clock_offset_ms": None if sent_at is None else round((now - sent_at).total_seconds() * 1000),
            **device_of(post),
        }
    return jsonify(answer)


@page(PUBLIC)
def search() -> Response:
    """Find people by three letters of their name or more, or by the short code of their ticket."""
    token = this_token()
    with deployment().reading(ANONYMOUS) as tx:
        hits = search_guests(tx, read_post(tx, token), request.args.get("q", ""))
    shown = [
        {
            "holder": hit.holder,
            "ticket": {"short": hit.short, "type": hit.type},
            "has_place": hit.registration == State.CONFIRMED,
            "state": hit.state,
            "inside": hit.inside,
            "last_at": iso(hit.last_at),
        }
        for hit in hits
    ]
    return jsonify({"people": shown})


def device_of(post: Post) -> dict[str, Any]:
    """Return the device, its event and where it stands."""
    device, event = post.device, post.event
    return {
        "device": {
            "name": device.name,
            "gate": device.gate,
            "rights": device.rights,
            "point": post.point.id,
            "enrolled_at": iso(device.enrolled_at),
        },
        "event": {
            "id": event.id,
            "title": event.title,
            "timezone": event.timezone,
            "starts_at": iso(event.starts_at),
            "ends_at": iso(event.ends_at),
            "state": event.state,
        },
    }


def _point(one: Placed, post: Post) -> dict[str, Any]:
    facts = asdict(facts_of(one.point, one.area, post.event))
    shown = {key: iso(value) if isinstance(value, datetime) else value for key, value in facts.items()}
    return {"id": one.point.id, "area": _area(one.area), "gates": one.point.gates, **shown}


def _area(area: Area) -> dict[str, Any]:
    return {"id": area.id, "name": area.name, "inside": area.headcount, "arrived": area.arrived}


def _conflict(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "holder": one.holder,
        "gate": one.gate,
        "at": iso(one.at),
        "was": one.was,
        "first_gate": one.first_gate,
        "first_at": iso(one.first_at),
    }


def _sent_at() -> datetime | None:
    text = request.args.get("sent_at")
    try:
        return None if text is None else a_moment(text)
    except ValueError as error:
        raise InvalidInput(f"sent_at {error}") from error
