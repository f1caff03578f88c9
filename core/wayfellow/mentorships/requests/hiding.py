"""Let people hide others from their own directory; nobody is told, and nothing is barred by it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotAllowed
from wayfellow.matching.refs import job_title
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.requests.models import HiddenPerson
from wayfellow.people.audience import require_visible
from wayfellow.people.models import Person
from wayfellow.words import gettext


def hide(tx: Transaction, person_id: int) -> None:
    """Hide somebody from the actor's directory; twice is the same as once. Raises NotAllowed, NotFound."""
    me = _me(tx)
    if me == person_id:
        raise InvalidInput(gettext("You are not in your own directory. Choose somebody else."))
    require_visible(tx, person_id)
    if tx.session.get(HiddenPerson, (me, person_id)) is None:
        tx.session.add(HiddenPerson(person_id=me, hidden_id=person_id, created_at=tx.now()))
        tx.session.flush()


def show_again(tx: Transaction, person_id: int) -> None:
    """Let somebody stand in the actor's directory again; without hiding nothing happens. Raises NotAllowed."""
    hidden = delete(HiddenPerson).where(HiddenPerson.person_id == _me(tx), HiddenPerson.hidden_id == person_id)
    tx.session.execute(hidden)


def list_hidden(tx: Transaction) -> Sequence[PersonRef]:
    """Return everybody whom the actor hid, by name. Raises NotAllowed."""
    query = select(Person.id, Person.name, job_title()).join(HiddenPerson, HiddenPerson.hidden_id == Person.id)
    rows = tx.session.execute(query.where(HiddenPerson.person_id == _me(tx)).order_by(Person.sort_name, Person.id))
    return [PersonRef(number, name, title or "") for number, name, title in rows]


def _me(tx: Transaction) -> int:
    if tx.actor.person_id is None:
        raise NotAllowed(gettext("Only a person can hide somebody. Sign in first."))
    return tx.actor.person_id
