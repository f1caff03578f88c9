"""Take a scan: the key first, then the verdict, then who is inside, in one transaction of six statements at the most.

Nothing is locked to be read. What was judged is written only if nobody changed it in the meantime; else the scan is
judged again, from the start. So of any number of scans of one ticket at the same moment one comes in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import OperationalError

from wayfellow.deployment import Deployment, Transaction
from wayfellow.errors import NotAllowed
from wayfellow.privacy.audit import record
from wayfellow.types import ANONYMOUS
from wayfellow.words import gettext
from wayfellow_events.door import presence
from wayfellow_events.door.answering import keep_door_answers
from wayfellow_events.door.clocks import believed
from wayfellow_events.door.conflicts import dispute, note_conflict
from wayfellow_events.door.guessing import count_unknown
from wayfellow_events.door.models import Kind, Right
from wayfellow_events.door.outcomes import Outcome, after, from_log, require_own
from wayfellow_events.door.presence import Overtaken, Step
from wayfellow_events.door.reading import Found, Post, asked_of, hashes_of, read_post, read_short, read_tickets
from wayfellow_events.door.turns import turn
from wayfellow_events.hookspecs import on_checkin_recorded
from wayfellow_events.verdict.codes import ADMITTED, FINAL, Code
from wayfellow_events.verdict.facts import PresenceFacts, Verdict
from wayfellow_events.verdict.judge import judge

#: How often a scan is judged anew because others were faster; more than the gates that an event can have.
PATIENCE = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """Be a scan as a device sends it: what was read (``code``), or whom staff chose (``short``).

    ``late`` scans were taken before now, and are judged as of then. ``local`` is what the phone decided by itself while
    it was ``offline``. ``override`` is why somebody is let in all the same.
    """

    key: str
    code: str = ""
    short: str = ""
    point_id: int | None = None
    kind: Kind = Kind.ENTRY
    scanned_at: datetime | None = None
    sent_at: datetime | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    late: bool = False
    offline: bool = False
    local: Code = Code.OK
    override: str = ""


def take_scan(deployment: Deployment, token: str, asked: Asked) -> Outcome:
    """Judge a scan and write it down; the verdict is ``retry_later`` where the database is too busy to decide.

    Raises NotFound for a point of another event, NotAllowed for what the device may not do, TooMany for a device that
    guesses codes, InvalidInput for answers that do not fit.
    """
    return take_scans(deployment, token, [asked])[0]


def take_scans(deployment: Deployment, token: str, several: Sequence[Asked]) -> list[Outcome]:
    """Judge scans one after the other in one transaction: all of them are written, or none."""
    for _ in range(PATIENCE):
        try:
            with turn(deployment.engine), deployment.transaction(ANONYMOUS) as tx:
                return [_take(tx, token, asked) for asked in several]
        except Overtaken:
            continue
        except OperationalError:  # the database is locked for longer than anybody at a door waits
            break
    return [_later(deployment, token, asked) for asked in several]


def _later(deployment: Deployment, token: str, asked: Asked) -> Outcome:
    with deployment.reading(ANONYMOUS) as tx:
        return after(Verdict(Code.RETRY_LATER), read_post(tx, token, asked.point_id), None, asked.key, asked.kind)


def _take(tx: Transaction, token: str, asked: Asked) -> Outcome:
    post = read_post(tx, token, asked.point_id, asked.key)
    if post.stored is not None:
        require_own(post, post.stored)
        if asked.offline and asked.local in ADMITTED:
            dispute(tx, post.stored)
        return from_log(tx, post, post.stored)
    _require_rights(post, asked)
    now = believed(post.device, asked.scanned_at, asked.sent_at, tx.now()) if asked.late else tx.now()
    found = read_short(tx, post, asked.short) if asked.short else read_tickets(tx, post, hashes_of(asked.code))
    only = found[0] if len(found) == 1 and found[0].facts.event == post.event.id else None
    if only and asked.answers:
        only = keep_door_answers(tx, post, only, asked.answers)
        found = [only]
    verdict = _judged(post, asked, found, only, now)
    if verdict.code is Code.UNKNOWN:
        count_unknown(tx, post.device)
    return _write(tx, post, asked, verdict, only, now)


def _judged(post: Post, asked: Asked, found: Sequence[Found], only: Found | None, now: datetime) -> Verdict:
    was = only.presence if only else PresenceFacts(headcount=post.area.headcount)
    let_in = asked.offline and asked.local in ADMITTED
    tickets = [one.facts for one in found]
    verdict = judge(tickets, post.facts(), was, now, asked.kind, admitted_offline=let_in and not asked.override)
    if asked.override and asked.kind is Kind.ENTRY and verdict.code not in FINAL:
        note = f"Let in all the same: {asked.override}"
        words = dict(verdict.words) | {"overrode": verdict.code.value}
        return Verdict(Code.OK, words, (*verdict.notes, note), True)
    if asked.offline and not let_in and verdict.code is Code.OK:  # they were sent away, so they are not inside
        return replace(verdict, code=asked.local)
    return verdict


def _write(tx: Transaction, post: Post, asked: Asked, verdict: Verdict, only: Found | None, now: datetime) -> Outcome:
    counts = verdict.code is Code.OK and only is not None
    if counts and only is not None:
        move = presence.enter if asked.kind is Kind.ENTRY else presence.leave
        gate, by = post.device.gate or post.point.name, post.device.name
        move(tx.session, Step(post.area.id, only.ticket_id, only.version, asked.kind, now, gate, by, asked.key))
    if not presence.log(tx.session, _row(tx, post, asked, verdict, only, now, counts)):
        raise Overtaken
    if verdict.code is Code.OFFLINE_CONFLICT and only is not None:
        note_conflict(tx, post.event.id, asked.key, only.last_key)
    totals = (post.area.headcount, post.area.arrived)
    if counts and only is not None:
        totals = _count(tx, post, asked, only)
    if asked.override and counts:
        record(tx, "checkin.overridden", "ticket", only.ticket_id if only else None, post.event.programme_id)
    outcome = after(verdict, post, only, asked.key, asked.kind, scanned_at=now, totals=totals)
    return replace(outcome, asks=asked_of(tx, post, only)) if verdict.code is Code.NEEDS_ANSWERS and only else outcome


def _count(tx: Transaction, post: Post, asked: Asked, only: Found) -> tuple[int, int]:
    registration_id, kind = only.registration_id, asked.kind.value
    tx.tell(lambda host: host.tell(on_checkin_recorded, registration_id=registration_id, kind=kind))
    if asked.kind is Kind.EXIT:
        return presence.count(tx.session, post.area.id, -1, 0)
    came, arrived = int(not only.presence.inside), int(only.presence.entries == 0)
    if not came and not arrived:
        return post.area.headcount, post.area.arrived
    return presence.count(tx.session, post.area.id, came, arrived, beyond=bool(asked.override))


def _row(
    tx: Transaction, post: Post, asked: Asked, verdict: Verdict, only: Found | None, now: datetime, counts: bool
) -> dict[str, Any]:
    words = {key: value for key, value in verdict.words.items() if key not in ("holder", "type")}
    return {
        "key": asked.key,
        "event_id": post.event.id,
        "point_id": post.point.id,
        "area_id": post.area.id,
        "ticket_id": only.ticket_id if only else None,
        "device_id": post.device.id,
        "kind": asked.kind,
        "verdict": verdict.code,
        "counts": counts,
        "words": words,
        "gate": post.device.gate or post.point.name,
        "offline": asked.offline,
        "reason": asked.override,
        "scanned_at": now,
        "claimed_at": asked.scanned_at or now,
        "received_at": tx.now(),
    }


def _require_rights(post: Post, asked: Asked) -> None:
    rights = set(post.device.rights)
    if asked.override and Right.OVERRIDE not in rights:
        raise NotAllowed(gettext("This device may not let people in against a verdict. Ask somebody whose device may."))
    if asked.short and Right.SEARCH not in rights:
        raise NotAllowed(gettext("This device may not check people in by name. Scan the code of their ticket."))
