"""Keep the list of those who were let in offline though they should not have been; a person settles each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict as Refused
from wayfellow.errors import NotFound
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.words import Wordlist, gettext, later
from wayfellow_events.door.access import get_kept
from wayfellow_events.door.models import Conflict, Device, Kind, Presence, Scan
from wayfellow_events.registration.models import Registration
from wayfellow_events.tickets.models import Ticket

#: How a conflict may be settled.
OUTCOMES: Mapping[str, str] = Wordlist(
    {
        "same": later("The same person, scanned twice"),
        "sent": later("Somebody went to look"),
        "fine": later("They may stay"),
        "out": later("They were asked to leave"),
    }
)


@dataclass(frozen=True, slots=True)
class Open:
    """Be a conflict as it is shown: who, where and when they were let in, and what stays the admission."""

    id: int
    holder: str
    gate: str
    device: str
    at: datetime
    was: str
    first_at: datetime | None
    first_gate: str
    settled_at: datetime | None = None
    outcome: str = ""


def note_conflict(tx: Transaction, event_id: int, scan_key: str, first_key: str) -> None:
    """Put a scan on the list."""
    tx.session.add(Conflict(event_id=event_id, scan_key=scan_key, first_key=first_key or None, found_at=tx.now()))
    tx.session.flush()


def dispute(tx: Transaction, scan: Scan) -> None:
    """Put a scan on the list whose refusal came too late: the answer was lost, and the phone decided by itself."""
    if scan.kind == Kind.ENTRY and not scan.counts and scan.ticket_id is not None:
        known = tx.session.scalar(select(Conflict.id).where(Conflict.scan_key == scan.key))
        if known is None:
            presence = tx.session.get(Presence, (scan.area_id, scan.ticket_id)) if scan.area_id else None
            note_conflict(tx, scan.event_id, scan.key, presence.last_key if presence else "")


def list_conflicts(tx: Transaction, event_id: int, *, settled: bool = False) -> Sequence[Open]:
    """Return an event's conflicts, the newest first: those that are open, or those that are settled; one statement.

    The caller has checked that the actor or the device may see them.
    """
    first = aliased(Scan)
    query = select(Conflict, Scan, Device.name, Registration.badge_name, Person.name, first)
    query = query.join(Scan, Scan.key == Conflict.scan_key).outerjoin(first, first.key == Conflict.first_key)
    query = query.outerjoin(Device, Device.id == Scan.device_id).outerjoin(Ticket, Ticket.id == Scan.ticket_id)
    query = query.outerjoin(Registration, Registration.id == Ticket.registration_id)
    query = query.outerjoin(Person, Person.id == Registration.person_id).where(Conflict.event_id == event_id)
    open_ones = Conflict.settled_at.is_not(None) if settled else Conflict.settled_at.is_(None)
    rows = tx.session.execute(query.where(open_ones).order_by(Conflict.id.desc()).limit(200))
    return [_shown(*row) for row in rows]


def settle_conflict(tx: Transaction, event_id: int, conflict_id: int, outcome: str) -> None:
    """Settle a conflict. Raises NotFound, NotAllowed, and Refused for one that is settled or an unknown outcome."""
    event = get_kept(tx, event_id)
    conflict = tx.session.get(Conflict, conflict_id, with_for_update=True)
    if conflict is None or conflict.event_id != event.id:
        raise NotFound(gettext("This conflict is not on the list. Reload the page."))
    if conflict.settled_at is not None:
        raise Refused("Somebody settled this a moment ago. Reload the page.")
    if outcome not in OUTCOMES:
        raise Refused("Choose how it was settled from the buttons.")
    conflict.settled_at, conflict.settled_by, conflict.outcome = tx.now(), tx.actor.person_id, outcome
    record(tx, "checkin.conflict_settled", "event", event.id, event.programme_id, outcome=outcome)


def _shown(
    conflict: Conflict, scan: Scan, device: str | None, badge: str | None, name: str | None, first: Scan | None
) -> Open:
    at, gate = (first.scanned_at, first.gate) if first else (None, "")
    was = str(scan.words.get("was", scan.verdict))
    who = badge or name or "Somebody who is not known any more"
    place = scan.gate or str(scan.words.get("point", ""))
    return Open(
        conflict.id, who, place, device or "", scan.scanned_at, was, at, gate, conflict.settled_at, conflict.outcome
    )
