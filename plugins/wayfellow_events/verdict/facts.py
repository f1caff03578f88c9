"""Hold what a verdict is made of. All of it is plain data, so that a phone that is offline can judge by the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wayfellow_events.verdict.codes import Code


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """Be a ticket as the door sees it.

    ``event`` is whose it is; ``registration``, ``state`` and ``code_state`` are as they are stored. ``answers`` holds
    the answers by question, as texts. ``asks`` names the questions of the door that must be answered and are not.
    """

    event: int
    type: int
    holder: str = ""
    type_name: str = ""
    registration: str = "confirmed"
    state: str = "valid"
    code_state: str = "current"
    answers: Mapping[str, str] = field(default_factory=dict)
    asks: Sequence[str] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class PointFacts:
    """Be a check-in point, with what it needs of its event.

    ``types`` empty lets every kind of ticket in. ``reentry`` is ``once``, ``after_exit`` or ``many``. ``capacity`` is
    of the area behind it. ``rules`` are described in :mod:`wayfellow_events.verdict.rules`.
    """

    event: int
    starts_at: datetime
    ends_at: datetime
    name: str = ""
    event_state: str = "scheduled"
    is_open: bool = True
    types: Sequence[int] = ()
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    reentry: str = "once"
    exits: bool = False
    capacity: int | None = None
    rules: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class PresenceFacts:
    """Be what happened to the ticket in the area behind the point, and how many people are in there.

    ``elsewhere`` names the other areas of the event in which the ticket is now. ``gate`` and ``by`` say where and by
    whom it was let in last.
    """

    inside: bool = False
    entries: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    gate: str = ""
    by: str = ""
    headcount: int = 0
    elsewhere: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Be the answer: a code, what fills the words for it, what else staff should know, and whether to look up."""

    code: Code
    words: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    attention: bool = False
