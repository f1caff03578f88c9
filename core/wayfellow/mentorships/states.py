"""Hold the one table of how proposals may move, and the one function that moves them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict
from wayfellow.mentorships.models import Proposal
from wayfellow.privacy.audit import record, record_all
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import JSON, MatchState
from wayfellow.words import gettext

_ENDED = frozenset({MatchState.DECLINED, MatchState.EXPIRED, MatchState.WITHDRAWN, MatchState.SUPERSEDED})
_AGREED = frozenset({MatchState.ACCEPTED, MatchState.AWAITING_ADMIN})

#: Where a proposal may go from each state. A discarded draft may come back, since review has undo; the others end.
ALLOWED: Mapping[MatchState, frozenset[MatchState]] = MappingProxyType(
    {
        MatchState.DRAFTED: frozenset({MatchState.PROPOSED, MatchState.DISCARDED}),
        MatchState.DISCARDED: frozenset({MatchState.DRAFTED}),
        MatchState.QUEUED: frozenset({MatchState.REQUESTED, MatchState.WITHDRAWN, MatchState.SUPERSEDED}),
        MatchState.REQUESTED: _AGREED | _ENDED | {MatchState.MORE_INFO},
        MatchState.MORE_INFO: _ENDED | {MatchState.REQUESTED},
        MatchState.PROPOSED: _AGREED | _ENDED,
        MatchState.AWAITING_ADMIN: _ENDED | {MatchState.ACCEPTED},
    }
)

#: The states in which one of the two people may answer.
ANSWERABLE = (MatchState.PROPOSED, MatchState.REQUESTED)

#: The states from which a proposal may yet become a mentorship, drafts aside.
LIVE = (*ANSWERABLE, MatchState.MORE_INFO, MatchState.QUEUED, MatchState.AWAITING_ADMIN)

#: The states in which a proposal reserves one of the mentor's places.
RESERVING = (MatchState.PROPOSED, MatchState.AWAITING_ADMIN)

#: The states in which a mentorship takes up one of the mentor's places.
OCCUPYING = (MatchState.ACTIVE, MatchState.PAUSED)


def move(tx: Transaction, proposal: Proposal, to: MatchState, programme_id: int, **details: JSON) -> AuditEntry:
    """Move a proposal to another state, record it, and tell plugins after commit.

    The caller holds the row's lock, or the lock of its run. Raises Conflict when the table does not allow the move.
    """
    before = _change(tx, proposal, to)
    return note_move(tx, proposal, before, programme_id, **details)


def move_all(
    tx: Transaction, proposals: Iterable[Proposal], to: MatchState, programme_id: int, **details: JSON
) -> None:
    """Move many proposals as ``move`` does, in two statements for each state that they come from."""
    moved: dict[MatchState, list[int]] = {}
    for proposal in proposals:
        before = _change(tx, proposal, to)
        moved.setdefault(before, []).append(proposal.id)
        _tell(tx, proposal, before)
    tx.session.flush()
    for before, ids in moved.items():
        record_all(tx, f"proposal.{to.value}", "proposal", ids, programme_id, before=before.value, **details)


def note_move(
    tx: Transaction, proposal: Proposal, before: MatchState | None, programme_id: int, **details: JSON
) -> AuditEntry:
    """Record a move that was made, and tell plugins after commit; ``before`` is None for a new proposal."""
    _tell(tx, proposal, before)
    shown = before.value if before else None
    return record(tx, f"proposal.{proposal.state}", "proposal", proposal.id, programme_id, before=shown, **details)


def _change(tx: Transaction, proposal: Proposal, to: MatchState) -> MatchState:
    """Change the state, if the table allows it, and return the one before."""
    before = MatchState(proposal.state)
    if to not in ALLOWED.get(before, frozenset()):
        raise Conflict(
            gettext("Something has become of this pair meanwhile, so this can't be done any more. Load the page again.")
        )
    proposal.state, proposal.changed_at = to, tx.now()
    return before


def _tell(tx: Transaction, proposal: Proposal, before: MatchState | None) -> None:
    after, match_id, actor_id = MatchState(proposal.state), proposal.id, tx.actor.person_id
    tx.tell(lambda host: host.on_match_changed(match_id=match_id, before=before, after=after, actor_id=actor_id))
