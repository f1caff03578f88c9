"""Keep whom people never want to be matched with, shown to or introduced to."""

from __future__ import annotations

from sqlalchemy import delete, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotAllowed
from wayfellow.people.models import Block, Person
from wayfellow.people.service import find_person
from wayfellow.words import gettext


def block(tx: Transaction, person_id: int) -> None:
    """Block someone for the actor; both directions hold, and blocking twice is the same as once.

    The other is not told, and coordinators do not see who blocked whom. Raises NotAllowed, NotFound, InvalidInput.
    """
    me = _me(tx)
    if me == person_id:
        raise InvalidInput(gettext("You can't block yourself. Choose somebody else."))
    find_person(tx, person_id)
    if tx.session.scalar(select(Block.id).where(Block.person_id == me, Block.blocked_id == person_id)) is None:
        tx.session.add(Block(person_id=me, blocked_id=person_id, created_at=tx.now()))
        tx.session.flush()


def unblock(tx: Transaction, person_id: int) -> None:
    """Take the actor's block of someone back; without one nothing happens. Raises NotAllowed."""
    tx.session.execute(delete(Block).where(Block.person_id == _me(tx), Block.blocked_id == person_id))


def list_blocks(tx: Transaction) -> list[tuple[int, str]]:
    """Return (id, name) of everyone whom the actor blocked, by name. Raises NotAllowed."""
    query = select(Person.id, Person.name).join(Block, Block.blocked_id == Person.id)
    query = query.where(Block.person_id == _me(tx)).order_by(Person.sort_name, Person.id)
    return [(person_id, name) for person_id, name in tx.session.execute(query)]


def _me(tx: Transaction) -> int:
    if tx.actor.person_id is None:
        raise NotAllowed(gettext("Only a person can block somebody. Sign in first."))
    return tx.actor.person_id
