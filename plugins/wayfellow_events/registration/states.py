"""Hold the one table of how a registration may move, and what its states mean."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from wayfellow_events.registration.models import RegistrationState as State

#: These hold a place of the event.
HOLDING = frozenset({State.CONFIRMED, State.OFFERED})
#: These are under way; the others are over, and whoever is in one may register again.
ACTIVE = frozenset({State.UNCONFIRMED, State.REQUESTED, State.CONFIRMED, State.WAITLISTED, State.OFFERED})

_OVER = frozenset({State.CANCELLED, State.DECLINED, State.EXPIRED})
_OUT = frozenset({State.CANCELLED, State.DECLINED})
_IN = frozenset({State.CONFIRMED, State.WAITLISTED})

#: Where each state leads.
MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.UNCONFIRMED: _IN | _OUT | {State.REQUESTED},
        State.REQUESTED: _IN | _OUT,
        State.WAITLISTED: _OUT | {State.OFFERED, State.CONFIRMED},
        State.OFFERED: _OUT | {State.CONFIRMED, State.EXPIRED},
        State.CONFIRMED: _OUT,
        **{state: _IN | {State.UNCONFIRMED, State.REQUESTED} for state in _OVER},
    }
)


def may_move(before: State, after: State) -> bool:
    """Tell whether a registration may go from one state to another."""
    return after in MOVES[before]
