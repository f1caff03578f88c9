"""Erase a person: what is theirs goes, and what is others' too stays without their name."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select, update

from wayfellow.db import Base
from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotAllowed, Problem
from wayfellow.goals.models import Goal
from wayfellow.matching.models import Candidate, Exclusion, Unmatched
from wayfellow.mentorships.models import ChatRating, Consent, Proposal, Remark
from wayfellow.mentorships.requests.models import Fit, HiddenPerson
from wayfellow.mentorships.standing import leave
from wayfellow.notify.models import MessageChoice, MessageTimes, Notice
from wayfellow.people.models import Block, FieldValue, Person, PersonSkill
from wayfellow.people.service import find_person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import ApplicationDraft, Membership, MembershipState, RoleAssignment
from wayfellow.programmes.roles import require_another
from wayfellow.programmes.standing import Who, choices
from wayfellow.types import Role
from wayfellow.words import gettext

#: What an erased person is called wherever a trace of them has to stay.
ERASED = "Somebody who left"
_OWN: Sequence[type[Base]] = (
    FieldValue,
    PersonSkill,
    Goal,
    ApplicationDraft,
    Notice,
    MessageChoice,
    MessageTimes,
    ChatRating,
)


def erase_me(tx: Transaction, typed: str) -> None:
    """Erase the actor, who typed their e-mail address (or, without one, their name) to confirm it.

    They leave every cycle first, so that their proposals and mentorships end; who has a proposal is told. Then plugins
    erase what is theirs. Proposals, mentorships, memberships and the audit log stay, since they are the others' history
    too, and name somebody without a name. Raises NotAllowed, InvalidInput for a wrong confirmation, Conflict for the
    last administrator, and PluginFailed, erasing nothing, when a plugin can't.
    """
    me = tx.actor.person_id
    if me is None:
        raise NotAllowed(gettext("Only a person can erase themselves. Sign in first."))
    person = find_person(tx, me)
    if typed.strip().casefold() != (person.email or person.name).casefold():
        sentence = (
            gettext("That is not your address, so nothing was erased. Type it again.")
            if person.email
            else gettext("That is not your name, so nothing was erased. Type it again.")
        )
        raise InvalidInput(sentence, (Problem(sentence, column="confirm"),))
    administers = (RoleAssignment.person_id == me, RoleAssignment.role == Role.ADMINISTRATOR)
    if tx.session.scalar(select(RoleAssignment.id).where(*administers).limit(1)) is not None:
        require_another(tx, me)
    for member_id, state in tx.session.execute(
        select(Membership.id, Membership.state).where(Membership.person_id == me)
    ):
        if MembershipState.WITHDRAWN in choices(state, Who.SELF):
            leave(tx, member_id)
    tx.host.erase_person_data(me, tx.session)
    _erase_rows(tx, me)
    _forget_name(tx, person)
    record(tx, "person.erased", "person", me)


def _erase_rows(tx: Transaction, me: int) -> None:
    for model in _OWN:
        tx.session.execute(delete(model).where(model.__table__.c.person_id == me))
    tx.session.execute(delete(RoleAssignment).where(RoleAssignment.person_id == me))
    tx.session.execute(delete(Block).where(or_(Block.person_id == me, Block.blocked_id == me)))
    for pairs in (Candidate, Exclusion):
        tx.session.execute(delete(pairs).where(or_(pairs.mentee_id == me, pairs.mentor_id == me)))
    tx.session.execute(delete(Unmatched).where(Unmatched.mentee_id == me))
    tx.session.execute(update(Consent).where(Consent.person_id == me).values(note="", reason=None))
    tx.session.execute(delete(Remark).where(Remark.person_id == me))
    tx.session.execute(update(Proposal).where(Proposal.asked_by == me).values(message=""))
    tx.session.execute(delete(HiddenPerson).where(or_(HiddenPerson.person_id == me, HiddenPerson.hidden_id == me)))
    cycles = select(Membership.cycle_id).where(Membership.person_id == me)
    tx.session.execute(delete(Fit).where(Fit.cycle_id.in_(cycles)))  # others' fits name this person; they come again
    tx.session.execute(update(Membership).where(Membership.person_id == me).values(note="", reason=None, back_on=None))


def _forget_name(tx: Transaction, person: Person) -> None:
    person.name, person.email, person.timezone = ERASED, None, "UTC"
    person.reference = f"erased-{person.id}"
    person.search, person.sort_name = "", ERASED.casefold()
    person.updated_at = tx.now()
    tx.session.flush()
