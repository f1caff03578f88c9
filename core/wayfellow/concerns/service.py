"""Raise concerns, and let those whose duty it is read and settle them; nobody else learns of one."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Select, func, select

from wayfellow.concerns.models import Concern, ConcernState
from wayfellow.deployment import Transaction
from wayfellow.errors import InvalidInput, NotAllowed, NotFound, Problem
from wayfellow.notify.languages import speaking_to
from wayfellow.notify.service import tell
from wayfellow.people.models import Person
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import RoleAssignment
from wayfellow.programmes.service import get_programme
from wayfellow.types import SYSTEM, Role
from wayfellow.words import gettext

MAX_TEXT = 10_000


def raise_concern(tx: Transaction, programme_id: int, text: str, about_id: int | None = None) -> Concern:
    """Say in confidence that something is not right; the same words again are the same concern.

    The programme's safeguarding leads, or without any the administrators, are told that there is something to read,
    and not what. The audit log says that there is a concern, and not whose. Raises NotAllowed for strangers, NotFound,
    InvalidInput.
    """
    if tx.actor.person_id is None:
        raise NotAllowed(gettext("Sign in first, so that somebody can come back to you."))
    get_programme(tx, programme_id)
    words = _checked(text, "text", gettext("Say in a few words what is not right."))
    concern = tx.session.scalar(_same(programme_id, tx.actor.person_id, about_id, words))
    if concern is None:
        who = {"programme_id": programme_id, "person_id": tx.actor.person_id, "about_id": about_id}
        concern = Concern(**who, text=words, created_at=tx.now())
        tx.session.add(concern)
        tx.session.flush()
        record(replace(tx, actor=SYSTEM), "concern.raised", "concern", concern.id, programme_id)
        _tell(tx, concern)
    return concern


def settle(tx: Transaction, concern_id: int, outcome: str) -> Concern:
    """Say what came of a concern. Raises NotFound, NotAllowed, InvalidInput when nothing is said."""
    concern = find_concern(tx, concern_id)
    words = _checked(outcome, "outcome", gettext("Say in a few words what came of it, for whoever looks at it later."))
    if (concern.state, concern.outcome) != (ConcernState.SETTLED, words):
        concern.state, concern.outcome = ConcernState.SETTLED, words
        concern.settled_at, concern.settled_by = tx.now(), tx.actor.person_id
        record(tx, "concern.settled", "concern", concern.id, concern.programme_id)
    return concern


def reopen(tx: Transaction, concern_id: int) -> Concern:
    """Open a settled concern again; what was said of it stays. Raises NotFound, NotAllowed."""
    concern = find_concern(tx, concern_id)
    if concern.state == ConcernState.SETTLED:
        concern.state, concern.settled_at, concern.settled_by = ConcernState.OPEN, None, None
        record(tx, "concern.reopened", "concern", concern.id, concern.programme_id)
    return concern


def find_concern(tx: Transaction, concern_id: int) -> Concern:
    """Return a concern to those who may read it. Raises NotFound, also for those who may not."""
    concern = tx.session.get(Concern, concern_id)
    if concern is None or not tx.may("concerns.read", concern.programme_id):
        raise NotFound(gettext("There is no such concern. Go back to the list."))
    return concern


def count_open(tx: Transaction, programme_id: int) -> int:
    """Count the concerns of a programme that are not settled. Raises NotAllowed."""
    tx.require("concerns.read", programme_id)
    waiting = (Concern.programme_id == programme_id, Concern.state == ConcernState.OPEN)
    return tx.session.scalar(select(func.count()).select_from(Concern).where(*waiting)) or 0


def _tell(tx: Transaction, concern: Concern) -> None:
    for person_id in tx.session.scalars(_readers(tx, concern.programme_id)).all():
        key = f"concern.raised:{concern.id}:{person_id}"
        with speaking_to(tx, person_id):
            subject = gettext("A concern to read")
            body = gettext(
                "Somebody in a programme that you look after says that something is not right. Sign in to read it."
            )
        tell(tx, person_id, key=key, subject=subject, body=body, programme_id=None)


def _readers(tx: Transaction, programme_id: int) -> Select[int]:
    leads = (RoleAssignment.role == Role.SAFEGUARDING_LEAD, RoleAssignment.programme_id == programme_id)
    query = select(RoleAssignment.person_id).join(Person, Person.id == RoleAssignment.person_id).distinct()
    if tx.session.scalar(query.where(*leads).limit(1)) is not None:
        return query.where(*leads)
    return query.where(RoleAssignment.role == Role.ADMINISTRATOR)


def _same(programme_id: int, person_id: int, about_id: int | None, text: str) -> Select[Concern]:
    about = Concern.about_id.is_(None) if about_id is None else Concern.about_id == about_id
    same = (Concern.programme_id == programme_id, Concern.person_id == person_id, Concern.text == text)
    return select(Concern).where(*same, about, Concern.state == ConcernState.OPEN).limit(1)


def _checked(text: str, column: str, nothing: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise InvalidInput(nothing, (Problem(nothing, column=column),))
    if len(words) > MAX_TEXT:
        sentence = gettext(
            "This has %(count)s characters; keep it to %(most)s.", count=f"{len(words):,}", most=f"{MAX_TEXT:,}"
        )
        raise InvalidInput(sentence, (Problem(sentence, column=column),))
    return words
