"""Give a person another e-mail address."""

from __future__ import annotations

from sqlalchemy import or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, NotAllowed
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.words import gettext


def is_taken(tx: Transaction, email: str, person_id: int) -> bool:
    """Tell whether an address, in small letters, is somebody else's, or somebody else goes by it."""
    others = select(Person.id).where(or_(Person.email == email, Person.reference == email), Person.id != person_id)
    return tx.session.scalar(others.limit(1)) is not None


def change_email(tx: Transaction, person_id: int, email: str) -> None:
    """Change an address that was shown to be the person's; only the program itself does so.

    Raises NotAllowed for everybody else, and Conflict when the address is taken.
    """
    if not tx.actor.is_system:
        raise NotAllowed(gettext("An address is changed with a link that goes to it. Ask for one under Me."))
    if is_taken(tx, email, person_id):
        raise Conflict(gettext("Somebody else has this address. Ask a coordinator of your programme."))
    tx.session.get_one(Person, person_id).email = email
    tx.session.flush()
    record(tx, "profile.saved", "person", person_id, fields=["email"])
    tx.tell(lambda host: host.on_profile_saved(person_id=person_id, changed=frozenset({"email"})))
