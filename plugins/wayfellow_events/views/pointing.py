"""Let hosts say where tickets are checked."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for

from wayfellow.errors import InvalidInput
from wayfellow.pages import SIGNED_IN, page
from wayfellow.words import Wordlist, gettext, later
from wayfellow_events.door.access import get_kept
from wayfellow_events.door.models import Reentry
from wayfellow_events.door.points import Placed, get_point, list_points, remove_point, save_point, set_open
from wayfellow_events.door.rule_lines import write_rules
from wayfellow_events.events.access import get_hosted, is_host
from wayfellow_events.events.models import Event
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration.answers import list_questions
from wayfellow_events.views.frame import Answer, Rule, render, site, wrong_with
from wayfellow_events.words import local

REENTRIES: Mapping[str, str] = Wordlist(
    {
        Reentry.ONCE: later("Once"),
        Reentry.AFTER_EXIT: later("Again, after they were counted out"),
        Reentry.MANY: later("As often as they like"),
    }
)


@page(SIGNED_IN)
def points(event_id: int) -> str:
    """List the points."""
    tx = site().reading()
    event = get_kept(tx, event_id)
    kinds = {kind.id: kind.name for kind in list_types(tx, event.id)}
    shown = {"placed": list_points(tx, event.id), "kinds": kinds, "may_edit": is_host(tx, event)}
    return render("points.html", event=event, REENTRIES=REENTRIES, write_rules=write_rules, **shown)


@page(SIGNED_IN)
def new_point(event_id: int) -> str:
    """Show the form of a new point."""
    return _form(event_id, None, {"area": "Inside"})


@page(SIGNED_IN)
def add_point(event_id: int) -> Answer:
    """Add a point."""
    return _save(event_id, None)


@page(SIGNED_IN)
def edit_point(event_id: int, point_id: int) -> str:
    """Show the form of a point."""
    tx = site().reading()
    event = get_hosted(tx, event_id)
    return _form(event_id, point_id, _typed(event, get_point(tx, event_id, point_id)))


@page(SIGNED_IN)
def change_point(event_id: int, point_id: int) -> Answer:
    """Change a point."""
    return _save(event_id, point_id)


@page(SIGNED_IN)
def open_point(event_id: int, point_id: int, act: str) -> Answer:
    """Open a point or close it."""
    with site().writing() as tx:
        point = set_open(tx, event_id, point_id, act == "open")
    if act == "open":
        flash(gettext("%(name)s lets people in.", name=point.name), "good")
    else:
        back = url_for("events.open_point", event_id=event_id, point_id=point_id, act="open")
        site().offer_undo(f"{point.name} is closed. Nobody is let in there.", back)
    return redirect(url_for("events.points", event_id=event_id))


@page(SIGNED_IN)
def drop_point(event_id: int, point_id: int) -> Answer:
    """Remove a point."""
    with site().writing() as tx:
        remove_point(tx, event_id, point_id)
    flash(gettext("The check-in point is removed."), "good")
    return redirect(url_for("events.points", event_id=event_id))


def _save(event_id: int, point_id: int | None) -> Answer:
    try:
        with site().writing() as tx:
            point = save_point(tx, event_id, point_id, request.form, request.form.getlist("types"))
    except InvalidInput as error:
        typed = request.form.to_dict() | {"types": request.form.getlist("types")}
        return _form(event_id, point_id, typed, wrong_with(error)), error.status
    flash(gettext("%(name)s is saved. Phones have it within seconds.", name=point.name), "good")
    return redirect(url_for("events.points", event_id=event_id))


def _form(event_id: int, point_id: int | None, typed: Mapping[str, object], wrong: Mapping[str, str] = {}) -> str:
    tx = site().reading()
    event = get_hosted(tx, event_id)
    asked = {"kinds": list_types(tx, event.id), "questions": list_questions(tx, event.id)}
    return render("point.html", event=event, point_id=point_id, typed=typed, wrong=wrong, REENTRIES=REENTRIES, **asked)


def _typed(event: Event, placed: Placed) -> dict[str, object]:
    point, area = placed.point, placed.area
    typed: dict[str, object] = {"name": point.name, "area": area.name, "gates": "; ".join(point.gates)}
    typed["capacity"] = "" if area.capacity is None else str(area.capacity)
    for key, moment in (("opens_at", point.opens_at), ("closes_at", point.closes_at)):
        typed[key] = local(event, moment).strftime("%Y-%m-%dT%H:%M") if moment else ""
    typed |= {"reentry": point.reentry, "exits": point.exits, "rules": write_rules(point.rules)}
    return typed | {"types": [str(number) for number in point.types]}


RULES: tuple[Rule, ...] = (
    ("GET", "/<int:event_id>/points", "points", points),
    ("GET", "/<int:event_id>/points/new", "new_point", new_point),
    ("POST", "/<int:event_id>/points/new", "add_point", add_point),
    ("GET", "/<int:event_id>/points/<int:point_id>", "edit_point", edit_point),
    ("POST", "/<int:event_id>/points/<int:point_id>", "change_point", change_point),
    ("POST", "/<int:event_id>/points/<int:point_id>/<any(open, close):act>", "open_point", open_point),
    ("POST", "/<int:event_id>/points/<int:point_id>/remove", "drop_point", drop_point),
)
