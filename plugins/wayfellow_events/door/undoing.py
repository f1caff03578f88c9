"""Take a scan back: a new row of the log that points at the old one, whose key stays used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotAllowed, NotFound
from wayfellow.privacy.audit import record
from wayfellow.words import gettext
from wayfellow_events.door import presence
from wayfellow_events.door.models import Kind, Presence, Right, Scan
from wayfellow_events.door.outcomes import Outcome, from_log
from wayfellow_events.door.reading import Post, read_post

#: For how long any device takes its own scan back: ten seconds on the screen, and some for the way here.
GRACE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Undo:
    """Be the wish to take the scan ``undoes`` back, under a key of its own."""

    key: str
    undoes: str
    reason: str = ""


def undo_scan(tx: Transaction, token: str, wish: Undo) -> Outcome:
    """Take a scan of the device's event back, and return what is left of it; the same wish twice is one.

    Any device takes back what it scanned itself a moment ago; later, or for others', it needs the right. Raises
    NotFound, NotAllowed, and Conflict where there is nothing to take back.
    """
    scan = tx.session.scalar(select(Scan).where(Scan.key == wish.undoes))
    post = read_post(tx, token, scan.point_id if scan else None, wish.key)
    if scan is None or scan.event_id != post.event.id or scan.kind == Kind.UNDO:
        raise NotFound(gettext("There is no such scan at this event, so nothing is taken back."))
    if post.stored is not None:
        _require_same(post.stored, wish)
        return from_log(tx, post, scan)
    _require_right(tx, post, scan)
    if not scan.counts:
        raise Conflict(gettext("This scan let nobody in or out, so there is nothing to take back."))
    _take_back(tx, post, scan, wish)
    return from_log(tx, post, scan)


def _take_back(tx: Transaction, post: Post, scan: Scan, wish: Undo) -> None:
    was = None
    if scan.area_id and scan.ticket_id:
        was = tx.session.get(Presence, (scan.area_id, scan.ticket_id), with_for_update=True)
    undone = tx.session.scalar(select(Scan.id).where(Scan.undoes == scan.key))
    if undone or not presence.log(tx.session, _row(tx, post, scan, wish)):
        raise Conflict(gettext("Somebody took this scan back a moment ago, so there is nothing left to do."))
    if was is not None:
        _put_right(tx, was)
        tx.session.refresh(post.area)
    record(tx, "checkin.undone", "ticket", scan.ticket_id, post.event.programme_id, device=post.device.id)


def _put_right(tx: Transaction, was: Presence) -> None:
    state = presence.replay(presence.counted(tx.session, was.area_id, was.ticket_id))
    inside, arrived = state.inside - was.inside, (state.entries > 0) - (was.entries > 0)
    was.inside, was.entries, was.version = state.inside, state.entries, was.version + 1
    was.first_at = state.first.scanned_at if state.first else None
    was.last_at = state.last.scanned_at if state.last else None
    if state.last is None or state.last.key != was.last_key:
        was.by = ""
    was.gate, was.last_key = (state.last.gate, state.last.key) if state.last else ("", "")
    tx.session.flush()
    if inside or arrived:
        presence.count(tx.session, was.area_id, inside, arrived, beyond=True)


def _row(tx: Transaction, post: Post, scan: Scan, wish: Undo) -> dict[str, Any]:
    taken_over = ("event_id", "point_id", "area_id", "ticket_id")
    now = tx.now()
    return {
        **{name: getattr(scan, name) for name in taken_over},
        "key": wish.key,
        "undoes": scan.key,
        "device_id": post.device.id,
        "kind": Kind.UNDO,
        "verdict": scan.verdict,
        "gate": post.device.gate,
        "reason": wish.reason,
        "scanned_at": now,
        "claimed_at": now,
        "received_at": now,
    }


def _require_right(tx: Transaction, post: Post, scan: Scan) -> None:
    own = scan.device_id == post.device.id and tx.now() - scan.received_at <= GRACE
    if not own and Right.UNDO not in post.device.rights:
        raise NotAllowed(gettext("This device takes back only its own last scans. Ask somebody whose device may."))


def _require_same(stored: Scan, wish: Undo) -> None:
    if stored.undoes != wish.undoes:
        raise Conflict(gettext("This key was used for something else. Make a new one for each act."))
