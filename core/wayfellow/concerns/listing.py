"""List the concerns of a programme for those whose duty it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from wayfellow.concerns.models import Concern, ConcernState
from wayfellow.deployment import Transaction
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.privacy.audit import record

#: How many concerns an export holds at most.
MOST = 10_000
_Raiser, _About, _Settler = aliased(Person), aliased(Person), aliased(Person)
_ORDERS: dict[str, tuple[Any, ...]] = {
    "raised": (Concern.created_at, Concern.id),
    "-raised": (Concern.created_at.desc(), Concern.id.desc()),
    "by": (_Raiser.sort_name, Concern.id),
    "about": (_About.sort_name, Concern.id),
}


@dataclass(frozen=True, slots=True)
class ConcernView:
    """Hold one concern; a name is "" where there is nobody, or nobody any more."""

    id: int
    raised_by: str
    person_id: int | None
    about: str
    about_id: int | None
    text: str
    state: ConcernState
    created_at: datetime
    settled_at: datetime | None
    settled_by: str
    outcome: str


def list_concerns(
    tx: Transaction,
    programme_id: int,
    *,
    search: str = "",
    state: ConcernState | None = None,
    sort: str = "-raised",
    page: int = 1,
    size: int = 50,
) -> Page[ConcernView]:
    """List concerns of a programme. Each word of ``search`` is part of one of the two names. Raises NotAllowed."""
    tx.require("concerns.read", programme_id)
    wanted = [Concern.programme_id == programme_id]
    wanted += [Concern.state == state] if state else []
    for word in search_words(search):
        wanted.append(or_(*(who.search.contains(word, autoescape=True) for who in (_Raiser, _About))))
    joined = select(Concern.id).outerjoin(_Raiser, _Raiser.id == Concern.person_id)
    joined = joined.outerjoin(_About, _About.id == Concern.about_id).where(*wanted)
    total = tx.session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    ordered = joined.order_by(*_ORDERS.get(sort, _ORDERS["-raised"])).limit(size).offset((page - 1) * size)
    return Page(_read(tx, tx.session.scalars(ordered).all()), total, page, size)


def get_concern(tx: Transaction, programme_id: int, concern_id: int) -> ConcernView | None:
    """Return a concern of a programme, None when there is none. Raises NotAllowed."""
    tx.require("concerns.read", programme_id)
    here = select(Concern.id).where(Concern.id == concern_id, Concern.programme_id == programme_id)
    return next(iter(_read(tx, tx.session.scalars(here).all())), None)


def export_concerns(tx: Transaction, programme_id: int, search: str, state: ConcernState | None) -> list[ConcernView]:
    """Return the concerns that a list shows, and record that they were handed over. Raises NotAllowed."""
    found = list_concerns(tx, programme_id, search=search, state=state, size=MOST).items
    record(tx, "concerns.exported", "programme", programme_id, programme_id, count=len(found))
    return list(found)


def _read(tx: Transaction, ids: Sequence[int]) -> list[ConcernView]:
    """Return concerns by their ids, in that order."""
    query = select(Concern, _Raiser.name, _About.name, _Settler.name)
    query = query.outerjoin(_Raiser, _Raiser.id == Concern.person_id).outerjoin(_About, _About.id == Concern.about_id)
    query = query.outerjoin(_Settler, _Settler.id == Concern.settled_by).where(Concern.id.in_(ids))
    found = {
        one.id: ConcernView(
            id=one.id,
            raised_by=raiser or "",
            person_id=one.person_id,
            about=about or "",
            about_id=one.about_id,
            text=one.text,
            state=ConcernState(one.state),
            created_at=one.created_at,
            settled_at=one.settled_at,
            settled_by=settler or "",
            outcome=one.outcome,
        )
        for one, raiser, about, settler in tx.session.execute(query)
    }
    return [found[number] for number in ids]
