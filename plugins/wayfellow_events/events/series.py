"""Let events belong together, such as the evenings of a circle."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.people.records import insert_ignoring
from wayfellow_events.events.access import visible_to
from wayfellow_events.events.models import Event, EventState, Series

#: How many other events of a series a page names.
MOST = 10


def join_series(tx: Transaction, programme_id: int, name: str) -> int | None:
    """Return the series of a programme with a name, made now if it is new; None for no name."""
    if not name:
        return None
    insert_ignoring(tx.session, Series, [{"programme_id": programme_id, "name": name}])
    same = select(Series.id).where(Series.programme_id == programme_id, Series.name == name)
    return tx.session.scalars(same).one()


def series_of(tx: Transaction, event: Event) -> str:
    """Return the name of an event's series, "" for none."""
    return tx.session.scalar(select(Series.name).where(Series.id == event.series_id)) or ""


def others_of(tx: Transaction, event: Event) -> Sequence[Event]:
    """Return the next events of the same series that the actor finds."""
    if event.series_id is None:
        return ()
    others = select(Event).where(Event.series_id == event.series_id, Event.id != event.id, visible_to(tx))
    others = others.where(Event.state == EventState.SCHEDULED, Event.ends_at > tx.now())
    return tx.session.scalars(others.order_by(Event.starts_at, Event.id).limit(MOST)).all()
