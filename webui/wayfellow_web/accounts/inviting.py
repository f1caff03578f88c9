"""Invite everybody of a cycle who was never signed in, and remind those who were invited a while ago."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict
from wayfellow.jobs.models import JobRow
from wayfellow.jobs.service import ask
from wayfellow.notify.kinds import EMAIL
from wayfellow.notify.models import Delivery, Notice
from wayfellow.notify.texts import Words
from wayfellow.paging import Page
from wayfellow.people.audience import GONE
from wayfellow.people.models import Person
from wayfellow.permissions import may
from wayfellow.programmes.models import Cycle, Membership, RoleAssignment
from wayfellow.programmes.roles import actor_for
from wayfellow.programmes.service import get_cycle
from wayfellow.types import JSON, SYSTEM, Actor, Role
from wayfellow.words import gettext
from wayfellow_web.accounts.letters import INVITATION, write_letter
from wayfellow_web.accounts.mailing import can_mail, write_invitations
from wayfellow_web.accounts.models import Account
from wayfellow_web.plugin import INVITATION as INVITATION_KIND
from wayfellow_web.plugin import INVITE_ALL

if TYPE_CHECKING:
    from wayfellow.jobs.context import JobContext

#: Nobody is invited again by list within this time, however often somebody presses the button.
SOONEST = timedelta(days=1)
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Counts:
    """Count a cycle's people who were never signed in: whom a list can invite, and why not the others.

    ``new`` were never invited, ``invited`` were; ``no_address`` have none; ``others`` also belong to programmes of
    others, or have a duty, so that an administrator has to invite them.
    """

    new: int
    invited: int
    no_address: int
    others: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Be somebody who was never signed in; ``invited_at`` and ``delivery`` (a state) are of the last invitation."""

    person_id: int
    name: str
    email: str | None
    invited_at: datetime | None
    delivery: str | None


def preview(tx: Transaction, name: str) -> Words:
    """Return the letter that somebody would get, without its link."""
    return write_letter(tx, INVITATION, name)


def count_waiting(tx: Transaction, cycle_id: int) -> Counts:
    """Count whom a list of invitations would reach. Raises NotFound, NotAllowed; one statement."""
    programme_id = _require(tx, cycle_id)
    mine = _may_make_links(tx.actor, programme_id)
    last = _last_invited().subquery()
    reachable = and_(Person.email.is_not(None), mine)
    columns = (
        _count(and_(reachable, last.c.at.is_(None))),
        _count(and_(reachable, last.c.at.is_not(None))),
        _count(Person.email.is_(None)),
        _count(and_(Person.email.is_not(None), ~mine)),
    )
    query = select(*columns).select_from(Person).outerjoin(last, last.c.person_id == Person.id)
    return Counts(*(number or 0 for number in tx.session.execute(query.where(_never_in(cycle_id))).one()))


def list_waiting(tx: Transaction, cycle_id: int, *, page: int = 1, size: int = 50) -> Page[Waiting]:
    """Return who was never signed in, by name, with their last invitation. Raises NotFound, NotAllowed."""
    _require(tx, cycle_id)
    total = tx.session.scalar(select(func.count()).select_from(Person).where(_never_in(cycle_id))) or 0
    last = _last_invited().subquery()
    query = (
        select(Person.id, Person.name, Person.email, last.c.at, Delivery.state)
        .outerjoin(last, last.c.person_id == Person.id)
        .outerjoin(Delivery, and_(Delivery.notice_id == last.c.notice_id, Delivery.channel == EMAIL))
        .where(_never_in(cycle_id))
        .order_by(Person.sort_name, Person.id)
    )
    rows = tx.session.execute(query.limit(size).offset((page - 1) * size))
    return Page([Waiting(*row) for row in rows], total, page, size)


def invite_all(tx: Transaction, cycle_id: int, *, again_after: int | None = None) -> JobRow:
    """Ask that everybody who was never invited is; ``again_after`` instead reminds those invited so many days ago.

    Raises NotFound, NotAllowed, and Conflict where no mail is sent.
    """
    programme_id = _require(tx, cycle_id)
    if not can_mail(tx):
        raise Conflict(gettext("No mail is sent from here. Make links on the pages of the people, and hand them over."))
    payload = {"cycle_id": cycle_id, "again_after": again_after, "asked_by": tx.actor.person_id}
    return ask(tx, INVITE_ALL, payload, key=f"{INVITE_ALL}:{uuid.uuid4()}", programme_id=programme_id)


def run_invite_all(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Write the invitations that were asked for, with the rights of who asked; all of them or none."""
    result: dict[str, JSON] = {"invited": 0}
    with context.finish(result) as tx:
        cycle = tx.session.get(Cycle, payload["cycle_id"])
        asked_by = payload["asked_by"]
        actor = actor_for(tx.session, asked_by) if asked_by else SYSTEM
        if cycle is not None and may(actor, "accounts.invite", cycle.programme_id):
            people = _due(tx, cycle, actor, payload["again_after"])
            for start in range(0, len(people), _CHUNK):
                write_invitations(tx, people[start : start + _CHUNK], cycle.programme_id, by="list")
            result["invited"] = len(people)
    return result


def _due(tx: Transaction, cycle: Cycle, actor: Actor, again_after: int | None) -> Sequence[tuple[int, str]]:
    last = _last_invited().subquery()
    query = select(Person.id, Person.name).outerjoin(last, last.c.person_id == Person.id)
    query = query.where(_never_in(cycle.id), Person.email.is_not(None), _may_make_links(actor, cycle.programme_id))
    if again_after is None:
        query = query.where(last.c.at.is_(None))
    else:
        query = query.where(last.c.at <= tx.now() - max(timedelta(days=again_after), SOONEST))
    return [(person_id, name) for person_id, name in tx.session.execute(query.order_by(Person.id))]


def _require(tx: Transaction, cycle_id: int) -> int:
    programme_id = get_cycle(tx, cycle_id).programme_id
    tx.require("accounts.invite", programme_id)
    return programme_id


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _never_in(cycle_id: int) -> ColumnElement[bool]:
    here = exists().where(
        Membership.person_id == Person.id, Membership.cycle_id == cycle_id, Membership.state.not_in(GONE)
    )
    return and_(here, ~exists().where(Account.person_id == Person.id))


def _may_make_links(actor: Actor, programme_id: int) -> ColumnElement[bool]:
    """Return who may be invited, as ``service.may_invite`` judges one by one: a link lets its maker be that person."""
    if actor.is_system or actor.holds([Role.ADMINISTRATOR], None):
        return Person.id.is_not(None)
    duty = exists().where(RoleAssignment.person_id == Person.id)
    if actor.holds([Role.COORDINATOR], None):
        return ~duty
    mine = [grant.programme_id for grant in actor.grants if grant.role is Role.COORDINATOR]
    elsewhere = exists().where(
        Membership.person_id == Person.id,
        Membership.cycle_id == Cycle.id,
        Membership.state.not_in(GONE),
        Cycle.programme_id.not_in([number for number in mine if number is not None]),
    )
    return ~or_(duty, elsewhere)


def _last_invited() -> Select[int, datetime, int]:
    last = func.max(Notice.created_at).label("at"), func.max(Notice.id).label("notice_id")
    return select(Notice.person_id, *last).where(Notice.kind == INVITATION_KIND).group_by(Notice.person_id)
