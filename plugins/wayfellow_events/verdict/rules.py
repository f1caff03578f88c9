"""Judge the rules of a point: a small declarative form that a phone judges just the same.

A rule is an object whose ``rule`` names its kind; all rules of a point must hold for an entry::

    {"rule": "not_before", "of": "start", "minutes": -60}     from an hour before the event starts
    {"rule": "not_after", "of": "end", "minutes": 15}         until a quarter of an hour after its end
    {"rule": "entries", "most": 3}                            at most three entries
    {"rule": "pause", "minutes": 10}                          ten minutes since the last entry
    {"rule": "elsewhere", "area": "Main hall", "is": true}    in another area at present, or not
    {"rule": "answer", "question": "7", "is": "yes"}          what the holder answered
    {"rule": "any", "of": [...]}                              one of several

``say`` in any of them is what staff read when it does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from wayfellow_events.verdict.facts import PointFacts, PresenceFacts, TicketFacts

Rule: TypeAlias = Mapping[str, Any]
Judge: TypeAlias = Callable[[Rule, TicketFacts, PointFacts, PresenceFacts, datetime], bool]


def first_broken(
    rules: Sequence[Rule], ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime
) -> Rule | None:
    """Return the first rule that does not hold, or None."""
    return next((rule for rule in rules if not holds(rule, ticket, point, presence, now)), None)


def holds(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    """Tell whether one rule holds; one of a kind that is not known does not."""
    judge = _KINDS.get(rule["rule"])
    return judge is not None and judge(rule, ticket, point, presence, now)


def _not_before(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    return now >= _moment(rule, point)


def _not_after(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    return now <= _moment(rule, point)


def _entries(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    most: int = rule["most"]
    return presence.entries < most


def _pause(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    return presence.last_at is None or now - presence.last_at >= timedelta(minutes=rule["minutes"])


def _elsewhere(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    return (rule["area"] in presence.elsewhere) is bool(rule["is"])


def _answer(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    return ticket.answers.get(str(rule["question"]), "") == str(rule["is"])


def _any(rule: Rule, ticket: TicketFacts, point: PointFacts, presence: PresenceFacts, now: datetime) -> bool:
    return any(holds(one, ticket, point, presence, now) for one in rule["of"])


def _moment(rule: Rule, point: PointFacts) -> datetime:
    anchor = point.starts_at if rule["of"] == "start" else point.ends_at
    return anchor + timedelta(minutes=rule["minutes"])


_KINDS: Mapping[str, Judge] = {
    "not_before": _not_before,
    "not_after": _not_after,
    "entries": _entries,
    "pause": _pause,
    "elsewhere": _elsewhere,
    "answer": _answer,
    "any": _any,
}
