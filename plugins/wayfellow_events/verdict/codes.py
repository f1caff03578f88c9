"""Name what the door can answer, and what each answer means for the person who stands there."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Name an answer of the door."""

    OK = "ok"
    OK_REPEAT = "ok_repeat"
    ALREADY_IN = "already_in"
    UNKNOWN = "unknown"
    FOREIGN_EVENT = "foreign_event"
    REPLACED = "replaced"
    BLOCKED = "blocked"
    CANCELED = "canceled"
    PENDING = "pending"
    UNAPPROVED = "unapproved"
    WAITLISTED = "waitlisted"
    NOT_ON_POINT = "not_on_point"
    OUTSIDE_WINDOW = "outside_window"
    RULE_DENIED = "rule_denied"
    NEEDS_ANSWERS = "needs_answers"
    AMBIGUOUS = "ambiguous"
    POINT_CLOSED = "point_closed"
    NOT_INSIDE = "not_inside"
    OFFLINE_CONFLICT = "offline_conflict"
    RETRY_LATER = "retry_later"


#: With these the person goes through the door.
ADMITTED = frozenset({Code.OK, Code.OK_REPEAT})
#: These can't be overridden: there is no ticket of this event to let in, or nothing to decide.
FINAL = frozenset(
    {
        Code.UNKNOWN,
        Code.FOREIGN_EVENT,
        Code.AMBIGUOUS,
        Code.NOT_INSIDE,
        Code.OFFLINE_CONFLICT,
        Code.RETRY_LATER,
        Code.OK,
        Code.OK_REPEAT,
    }
)
