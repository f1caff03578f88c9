"""Let hosts say where tickets are checked: areas that people are counted in, and the points that lead to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound, Problem
from wayfellow.privacy.audit import record
from wayfellow.tabular.values import clean_line, split_tags
from wayfellow.words import gettext, later
from wayfellow_events.door.access import get_kept
from wayfellow_events.door.models import Area, Point, Reentry, Scan
from wayfellow_events.door.rule_lines import read_rules
from wayfellow_events.events.access import get_hosted, get_watched
from wayfellow_events.events.facts import Reader, clean_moment, clean_places
from wayfellow_events.events.models import Event, TicketType

#: The most points that an event has.
MOST = 50


@dataclass(frozen=True, slots=True)
class Placed:
    """Be a point with the area that it leads to."""

    point: Point
    area: Area


def list_points(tx: Transaction, event_id: int) -> list[Placed]:
    """Return an event's points by name, with their areas. Raises NotFound."""
    return points_of(tx, get_watched(tx, event_id).id)


def points_of(tx: Transaction, event_id: int) -> list[Placed]:
    """Return an event's points by name; the caller has checked who asks."""
    query = select(Point, Area).join(Area, Area.id == Point.area_id).where(Point.event_id == event_id)
    return [Placed(*row) for row in tx.session.execute(query.order_by(Point.name, Point.id))]


def get_point(tx: Transaction, event_id: int, point_id: int) -> Placed:
    """Return a point of an event. Raises NotFound."""
    found = next((one for one in list_points(tx, event_id) if one.point.id == point_id), None)
    if found is None:
        raise NotFound(gettext("This check-in point is not here any more. Reload the page."))
    return found


def save_point(
    tx: Transaction, event_id: int, point_id: int | None, form: Mapping[str, str], types: Sequence[str]
) -> Point:
    """Add a point (None) or change one, with the area that it leads to.

    Areas are known by their name: points that name the same one count the same people. Raises NotFound, NotAllowed, and
    InvalidInput with a problem per field.
    """
    event = get_hosted(tx, event_id, lock=True)
    known = points_of(tx, event.id)
    point = get_point(tx, event_id, point_id).point if point_id else Point(event_id=event.id)
    reader = Reader(form)
    values = _read(tx, reader, event, types)
    if any(other.point.id != point_id and other.point.name == values["name"] for other in known):
        reader.problems.append(Problem(gettext("There is a point of that name. Choose another."), column="name"))
    if point_id is None and len(known) >= MOST:
        reader.problems.append(
            Problem(gettext("An event has at most %(most)s points. Remove one first.", most=MOST), column="name")
        )
    area = reader.read("area", lambda text: clean_line(text, later("The area"), 80) if text else "Inside", "")
    capacity = reader.read("capacity", clean_places, None)
    reader.refuse(gettext("The check-in point is not saved yet. Mend what is marked."))
    for key, value in values.items():
        setattr(point, key, value)
    point.area_id = _area(tx, event.id, area, capacity).id
    tx.session.add(point)
    tx.session.flush()
    _drop_empty_areas(tx, event.id)
    record(tx, "point.saved", "point", point.id, event.programme_id, event=event.id)
    return point


def set_open(tx: Transaction, event_id: int, point_id: int, is_open: bool) -> Point:
    """Open a point, or close it so that nobody is let in there. Raises NotFound, NotAllowed."""
    event = get_kept(tx, event_id)
    point = get_point(tx, event_id, point_id).point
    point.is_open = is_open
    tx.session.flush()
    record(tx, "point.opened" if is_open else "point.closed", "point", point.id, event.programme_id, event=event.id)
    return point


def remove_point(tx: Transaction, event_id: int, point_id: int) -> None:
    """Remove a point that nothing was scanned at. Raises NotFound, NotAllowed, Conflict."""
    event = get_hosted(tx, event_id)
    point = get_point(tx, event_id, point_id).point
    if tx.session.scalar(select(Scan.id).where(Scan.point_id == point.id).limit(1)):
        raise Conflict(gettext("Tickets were scanned at this point, so it stays. Close it instead."))
    tx.session.delete(point)
    tx.session.flush()
    _drop_empty_areas(tx, event.id)
    record(tx, "point.removed", "point", point_id, event.programme_id, event=event.id)


def _read(tx: Transaction, reader: Reader, event: Event, types: Sequence[str]) -> dict[str, object]:
    def moment(key: str, what: str) -> object:
        return reader.read(key, lambda text: clean_moment(text, event.timezone, what) if text else None, None)

    opens, closes = moment("opens_at", later("When it opens")), moment("closes_at", later("When it closes"))
    none: tuple[str, ...] = ()
    no_rules: list[dict[str, Any]] = []
    values = {
        "name": reader.read("name", lambda text: clean_line(text, later("The name"), 80), ""),
        "gates": list(reader.read("gates", split_tags, none)),
        "reentry": reader.read("reentry", _reentry, Reentry.ONCE),
        "exits": bool(reader.form.get("exits")),
        "rules": reader.read("rules", read_rules, no_rules),
        "opens_at": opens,
        "closes_at": closes,
        "types": _types(tx, event.id, types),
    }
    if opens and closes and str(closes) <= str(opens):
        reader.problems.append(
            Problem(gettext("It would close before it opens. Choose a later time."), column="closes_at")
        )
    if values["reentry"] == Reentry.AFTER_EXIT and not values["exits"]:
        why = gettext("Count people out too, or nobody who left can come in again.")
        reader.problems.append(Problem(why, column="reentry"))
    return values


def _reentry(text: str) -> Reentry:
    try:
        return Reentry(text or Reentry.ONCE)
    except ValueError as error:
        raise ValueError(gettext("Choose how often a ticket counts from the list.")) from error


def _types(tx: Transaction, event_id: int, chosen: Sequence[str]) -> list[int]:
    """Return the kinds of tickets that count; none of them chosen, or all, means all, also those that come later."""
    known = set(tx.session.scalars(select(TicketType.id).where(TicketType.event_id == event_id)))
    wanted = {int(text) for text in chosen if text.isascii() and text.isdigit() and len(text) < 10}
    if wanted - known:
        raise InvalidInput(gettext("One of these kinds of tickets is not here any more. Reload the page."))
    return [] if wanted == known else sorted(wanted)


def _area(tx: Transaction, event_id: int, name: str, capacity: int | None) -> Area:
    area = tx.session.scalar(select(Area).where(Area.event_id == event_id, Area.name == name))
    if area is None:
        area = Area(event_id=event_id, name=name)
        tx.session.add(area)
    area.capacity = capacity
    tx.session.flush()
    return area


def _drop_empty_areas(tx: Transaction, event_id: int) -> None:
    used = select(Point.area_id).where(Point.event_id == event_id)
    counted = select(Scan.area_id).where(Scan.event_id == event_id, Scan.area_id.is_not(None))
    idle = select(Area).where(Area.event_id == event_id, Area.id.not_in(used), Area.id.not_in(counted))
    for area in tx.session.scalars(idle):
        tx.session.delete(area)
    tx.session.flush()
