"""Judge a scan: a pure function of the ticket, the point, who is inside, and the clock.

``static/door/verdict.js`` says the same in the phone's language. The file ``verdict_vectors.json`` of the tests holds
both to the same answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from wayfellow_events.verdict.codes import Code
from wayfellow_events.verdict.facts import PointFacts, PresenceFacts, TicketFacts, Verdict
from wayfellow_events.verdict.rules import first_broken

_STANDINGS = {
    "unconfirmed": Code.PENDING,
    "offered": Code.PENDING,
    "requested": Code.UNAPPROVED,
    "waitlisted": Code.WAITLISTED,
}
_NOBODY = frozenset({Code.UNKNOWN, Code.AMBIGUOUS, Code.FOREIGN_EVENT})
#: Staff should look up from the phone: somebody may try what is not theirs.
_ATTENTION = frozenset({Code.ALREADY_IN, Code.REPLACED, Code.BLOCKED, Code.FOREIGN_EVENT, Code.OFFLINE_CONFLICT})


def judge(
    tickets: Sequence[TicketFacts],
    point: PointFacts,
    presence: PresenceFacts,
    now: datetime,
    kind: str = "entry",
    *,
    admitted_offline: bool = False,
) -> Verdict:
    """Return the verdict on what was scanned at a moment; ``tickets`` are those whose codes it held.

    ``admitted_offline``: a phone without a network let the person in, so a refusal comes too late and is a conflict.
    """
    code, words = _judge(tickets, point, presence, now, kind)
    if admitted_offline and kind == "entry" and code is not Code.OK and code not in _NOBODY:
        code, words = Code.OFFLINE_CONFLICT, _when_in(presence) | {"was": code.value}
    ours = tickets[0] if len(tickets) == 1 and tickets[0].event == point.event else None
    who = {"holder": ours.holder, "type": ours.type_name} if ours else {}
    notes = tuple(ours.notes) if ours else ()
    attention = code in _ATTENTION or (code is Code.OK and bool(notes))
    return Verdict(code, {"point": point.name} | who | words, notes, attention)


def _judge(
    tickets: Sequence[TicketFacts], point: PointFacts, presence: PresenceFacts, now: datetime, kind: str
) -> tuple[Code, dict[str, str]]:
    if not tickets:
        return Code.UNKNOWN, {}
    if len(tickets) > 1:
        return Code.AMBIGUOUS, {}
    ticket = tickets[0]
    if ticket.event != point.event:
        return Code.FOREIGN_EVENT, {}
    if kind == "exit":
        return _leave(point, presence)
    for found in (_standing(ticket, point), _place(ticket, point, now), _past(point, presence)):
        if found is not None:
            return found
    if point.capacity is not None and presence.headcount >= point.capacity and not presence.inside:
        return Code.RULE_DENIED, {"why": f"It is full: {presence.headcount} of {point.capacity} are inside."}
    if broken := first_broken(point.rules, ticket, point, presence, now):
        return Code.RULE_DENIED, {"why": str(broken.get("say") or "A rule of this point does not allow it.")}
    return (Code.NEEDS_ANSWERS, {}) if ticket.asks else (Code.OK, {})


def _leave(point: PointFacts, presence: PresenceFacts) -> tuple[Code, dict[str, str]]:
    """Let people out whatever the time and the rules: nobody is kept inside by a program."""
    if not point.exits:
        return Code.RULE_DENIED, {"why": "Nobody is counted out at this point."}
    return (Code.OK if presence.inside else Code.NOT_INSIDE), {}


def _standing(ticket: TicketFacts, point: PointFacts) -> tuple[Code, dict[str, str]] | None:
    if ticket.code_state == "replaced":
        return Code.REPLACED, {}
    if point.event_state != "scheduled":
        return Code.CANCELED, {}
    if ticket.registration in _STANDINGS:
        return _STANDINGS[ticket.registration], {}
    if ticket.registration != "confirmed" or ticket.state == "revoked":
        return Code.CANCELED, {}
    return (Code.BLOCKED, {}) if ticket.state == "blocked" else None


def _place(ticket: TicketFacts, point: PointFacts, now: datetime) -> tuple[Code, dict[str, str]] | None:
    if not point.is_open:
        return Code.POINT_CLOSED, {}
    if point.types and ticket.type not in point.types:
        return Code.NOT_ON_POINT, {}
    early = point.opens_at is not None and now < point.opens_at
    late = point.closes_at is not None and now >= point.closes_at
    return (Code.OUTSIDE_WINDOW, {"when": "yet" if early else "any more"}) if early or late else None


def _past(point: PointFacts, presence: PresenceFacts) -> tuple[Code, dict[str, str]] | None:
    barred = {"once": presence.entries > 0, "after_exit": presence.inside}.get(point.reentry, False)
    if not barred:
        return None
    return Code.ALREADY_IN, _when_in(presence)


def _when_in(presence: PresenceFacts) -> dict[str, str]:
    if presence.entries == 0:
        return {}
    at = "" if presence.last_at is None else presence.last_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"at": at, "gate": presence.gate, "by": presence.by}
