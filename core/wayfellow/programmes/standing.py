"""Hold the one table of how members may move between states, and the one function that moves them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotAllowed, NotFound
from wayfellow.notify.languages import languages_of
from wayfellow.notify.service import NewNotice, tell_all
from wayfellow.notify.texts import changed_words
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record_all
from wayfellow.programmes import letters
from wayfellow.programmes.models import Cycle, Membership, MembershipState, Programme, RejectReason
from wayfellow.words import gettext

_S = MembershipState


class Who(StrEnum):
    """Say on whose behalf a member moves."""

    SELF = "self"
    STAFF = "staff"


_STAY = frozenset({_S.APPROVED, _S.WAITLISTED, _S.REJECTED, _S.REMOVED, _S.WITHDRAWN})
#: Where coordinators may move a member from each state; going back to "applied" is how a decision is taken back.
_STAFF: Mapping[MembershipState, frozenset[MembershipState]] = MappingProxyType(
    {
        _S.INVITED: _STAY,
        _S.APPLIED: _STAY,
        _S.WAITLISTED: _STAY | {_S.APPLIED},
        _S.APPROVED: _STAY | {_S.APPLIED, _S.PAUSED, _S.INVITED},
        _S.PAUSED: _STAY,
        _S.REJECTED: _STAY | {_S.APPLIED, _S.PAUSED, _S.INVITED},
        _S.WITHDRAWN: _STAY | {_S.APPLIED, _S.PAUSED, _S.INVITED},
        _S.REMOVED: _STAY | {_S.APPLIED, _S.PAUSED, _S.INVITED},
    }
)
#: Where people may move themselves. To apply takes an open registration, see ``programmes.applying``.
_SELF: Mapping[MembershipState, frozenset[MembershipState]] = MappingProxyType(
    {
        _S.INVITED: frozenset({_S.APPLIED, _S.WITHDRAWN}),
        _S.APPLIED: frozenset({_S.WITHDRAWN}),
        _S.WAITLISTED: frozenset({_S.WITHDRAWN}),
        _S.APPROVED: frozenset({_S.PAUSED, _S.WITHDRAWN}),
        _S.PAUSED: frozenset({_S.APPROVED, _S.WITHDRAWN}),
        _S.REJECTED: frozenset({_S.APPLIED}),
        _S.WITHDRAWN: frozenset({_S.APPLIED}),
    }
)
ALLOWED: Mapping[Who, Mapping[MembershipState, frozenset[MembershipState]]] = MappingProxyType(
    {Who.STAFF: _STAFF, Who.SELF: _SELF}
)


@dataclass(frozen=True, slots=True)
class Held:
    """Be a member whose row is locked, and where they belong."""

    member: Membership
    cycle: Cycle
    programme: Programme


@dataclass(frozen=True, slots=True)
class Why:
    """Say why a member moves: a reason and a note for who is turned down, a day for who pauses."""

    reason: RejectReason | None = None
    note: str = ""
    back_on: date | None = None


def hold(tx: Transaction, ids: Collection[int]) -> list[Held]:
    """Lock members and return them by id. Raises NotFound when one is gone; three statements.

    Locks go from cycles over people to members, as everywhere: no answer to a proposal comes between, and no two wait
    for each other.
    """
    wanted = sorted(set(ids))
    fresh = {"populate_existing": True}
    mine = select(Membership.cycle_id).where(Membership.id.in_(wanted))
    places = select(Cycle, Programme).join(Programme, Programme.id == Cycle.programme_id)
    places = places.where(Cycle.id.in_(mine)).order_by(Cycle.id).with_for_update(read=True, of=Cycle)
    found = {cycle.id: (cycle, programme) for cycle, programme in tx.session.execute(places)}
    people = select(Membership.person_id).where(Membership.id.in_(wanted))
    tx.session.execute(select(Person.id).where(Person.id.in_(people)).order_by(Person.id).with_for_update())
    rows = select(Membership).where(Membership.id.in_(wanted)).order_by(Membership.id)
    members = tx.session.scalars(rows.with_for_update().execution_options(**fresh)).all()
    if len(members) != len(wanted):
        raise NotFound(gettext("Somebody is not in the cycle any more. Load the list again."))
    return [Held(member, *found[member.cycle_id]) for member in members]


def choices(state: str, who: Who) -> frozenset[MembershipState]:
    """Return where a member may be moved from a state."""
    return ALLOWED[who].get(MembershipState(state), frozenset())


def move(tx: Transaction, held: Sequence[Held], to: MembershipState, who: Who, why: Why) -> list[Held]:
    """Move members that are held to a state, record each once and tell each once; return those that were not there.

    Staff need ``people.edit`` in each programme; people move themselves alone. Raises NotAllowed, and Conflict, moving
    nobody, when the table does not allow a move. The same move again does nothing. What hangs on it, such as proposals,
    is moved by ``mentorships.standing``: call that.
    """
    for one in held:
        _require(tx, one, who)
    moving = [one for one in held if one.member.state != to]
    for one in moving:
        _check(one, to, who)
    for one in moving:
        _write(tx, one, to, why)
    tx.session.flush()
    _record(tx, moving)
    _tell(tx, moving, who)
    return moving


def _require(tx: Transaction, one: Held, who: Who) -> None:
    if who is Who.STAFF:
        tx.require("people.edit", one.cycle.programme_id)
    elif one.member.person_id != tx.actor.person_id:
        raise NotAllowed(gettext("This is somebody else's place. You can change your own on your home page."))


def _check(one: Held, to: MembershipState, who: Who) -> None:
    if to not in choices(one.member.state, who):
        raise Conflict(
            gettext(
                "Somebody is %(before)s by now and can't become %(after)s from there. Load the page again.",
                before=one.member.state,
                after=to.value,
            )
        )


def _write(tx: Transaction, one: Held, to: MembershipState, why: Why) -> None:
    member, before = one.member, one.member.state
    member.state, member.state_before, member.state_since = to, before, tx.now()
    is_out = to is MembershipState.REJECTED
    member.reason, member.note = (why.reason or RejectReason.OTHER, why.note) if is_out else (None, "")
    member.back_on = why.back_on if to is MembershipState.PAUSED else None
    if to is MembershipState.APPLIED and tx.actor.person_id == member.person_id:
        member.applied_at = tx.now()


def _record(tx: Transaction, moved: Sequence[Held]) -> None:
    alike: dict[tuple[int, str | None, str, str], list[int]] = {}
    for one in moved:
        key = (one.cycle.programme_id, one.member.state_before, one.member.state, one.member.role)
        alike.setdefault(key, []).append(one.member.person_id)
    for (programme_id, before, after, role), people in alike.items():
        record_all(tx, "member.moved", "person", people, programme_id, before=before, after=after, role=role)


def _tell(tx: Transaction, moved: Sequence[Held], who: Who) -> None:
    """Leave each person the letter of their new state, if it has one, in their language; six statements at most."""
    ids = {one.member.person_id for one in moved}
    names = dict(tx.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))).all()) if ids else {}
    spoken = languages_of(tx, ids)
    by_self = who is Who.SELF
    forms = [(one, letters.form_for(one.member.state_before, one.member.state, by_self=by_self)) for one in moved]
    written = [(one, form) for one, form in forms if form is not None]
    changed = changed_words(tx, {form.key for _, form in written}) if written else {}
    notices = []
    for one, form in written:
        member, name = one.member, names[one.member.person_id]
        with tx.host.words.speaking(spoken[member.person_id]):
            words = letters.write(form, member, one.cycle, one.programme, name, changed)
        key = f"member.{member.state}:{member.id}:{uuid.uuid4()}"
        notice = NewNotice(member.person_id, key, *words, letters.KIND, one.cycle.programme_id)
        notices.append(notice)
    tell_all(tx, notices)
