"""List all proposals of a cycle, wherever they come from; each page takes a bounded number of SQL statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from wayfellow.deployment import Transaction
from wayfellow.matching.refs import person_refs
from wayfellow.matching.runs import find_cycle
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.models import Asks, Consent, Origin, Proposal, TieKind
from wayfellow.mentorships.states import ANSWERABLE, LIVE
from wayfellow.paging import Page
from wayfellow.people.models import Person
from wayfellow.people.search import search_words
from wayfellow.privacy.audit import record
from wayfellow.programmes.models import Cycle, Programme
from wayfellow.programmes.rules import last_day
from wayfellow.types import MatchState

#: How many proposals an export reads at a time; SQLite takes at most 32,766 parameters.
_CHUNK = 10_000
#: The tabs of the list, and the states that each shows; drafts are on their run's board.
TABS: Mapping[str, Collection[MatchState]] = MappingProxyType(
    {
        "waiting": (*ANSWERABLE, MatchState.MORE_INFO, MatchState.QUEUED),
        "to-approve": (MatchState.AWAITING_ADMIN,),
        "accepted": (MatchState.ACCEPTED,),
        "expired": (MatchState.EXPIRED,),
        "ended": (MatchState.DECLINED, MatchState.WITHDRAWN, MatchState.SUPERSEDED),
    }
)
Ts = TypeVarTuple("Ts")
_Mentee, _Mentor = aliased(Person), aliased(Person)
_COLUMNS: Mapping[str, Any] = {
    "mentee": _Mentee.sort_name,
    "mentor": _Mentor.sort_name,
    "changed": Proposal.changed_at,
    "until": Proposal.expires_at,
}


@dataclass(frozen=True, slots=True)
class ListedProposal:
    """Hold one proposal as coordinators see it in a list; ``answer_until`` is the last day on which one may answer.

    ``said`` maps the ids of the people who answered to what they said.
    """

    id: int
    run_id: int | None
    mentee: PersonRef
    mentor: PersonRef
    state: MatchState
    origin: Origin
    asks: Asks
    why_arranged: str
    said: Mapping[int, bool]
    answer_until: date | None
    changed_at: datetime

    @property
    def is_live(self) -> bool:
        """Tell whether it can be taken back."""
        return self.state in LIVE

    @property
    def came_to_nothing(self) -> bool:
        """Tell whether it can be proposed again."""
        return self.state in (*TABS["expired"], *TABS["ended"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold what of a cycle's proposals a list shows; ``sort`` has ``-`` in front for the other direction."""

    tab: str = ""
    origin: str = ""
    search: str = ""
    sort: str = "-changed"


def list_proposals(
    tx: Transaction, cycle_id: int, wanted: Wanted, *, page: int = 1, size: int = 50
) -> Page[ListedProposal]:
    """List the proposals of a cycle. Each word of the search is part of either name. Needs ``matching.read``."""
    find_cycle(tx, cycle_id, "matching.read")
    ids = _matching(select(Proposal.id), cycle_id, wanted)
    total = tx.session.scalar(select(func.count()).select_from(ids.subquery())) or 0
    ordered = ids.order_by(*_order(wanted.sort)).limit(size).offset((page - 1) * size)
    return Page(_read(tx, tx.session.scalars(ordered).all()), total, page, size)


def count_tabs(tx: Transaction, cycle_id: int, wanted: Wanted) -> Mapping[str, int]:
    """Count the proposals of each tab, "" for all, as the rest of what is wanted narrows them."""
    find_cycle(tx, cycle_id, "matching.read")
    rest = Wanted("", wanted.origin, wanted.search)
    states = _matching(select(Proposal.state, func.count()), cycle_id, rest).group_by(Proposal.state)
    found = dict(tx.session.execute(states).all())
    counts = {tab: sum(found.get(state.value, 0) for state in TABS[tab]) for tab in TABS}
    return {"": sum(counts.values())} | counts


def export_proposals(tx: Transaction, cycle_id: int, wanted: Wanted) -> Sequence[ListedProposal]:
    """Return all that a list shows, and record that it was handed over. Needs ``people.export``."""
    cycle = find_cycle(tx, cycle_id, "people.export")
    first = list_proposals(tx, cycle_id, wanted, size=_CHUNK)
    found = list(first.items)
    for number in range(2, first.pages + 1):
        found += list_proposals(tx, cycle_id, wanted, page=number, size=_CHUNK).items
    record(tx, "proposals.exported", "cycle", cycle_id, cycle.programme_id, count=len(found))
    return found


def get_proposals(tx: Transaction, cycle_id: int, ids: Collection[int]) -> Sequence[ListedProposal]:
    """Return those of some proposals that are of a cycle, by mentee. Needs ``matching.read``."""
    find_cycle(tx, cycle_id, "matching.read")
    here = _matching(select(Proposal.id), cycle_id, Wanted()).where(Proposal.id.in_(ids))
    return _read(tx, tx.session.scalars(here.order_by(*_order("mentee"))).all())


def _matching(query: Select[*Ts], cycle_id: int, wanted: Wanted) -> Select[*Ts]:
    shown = TABS.get(wanted.tab) or [state for states in TABS.values() for state in states]
    where: list[ColumnElement[bool]] = [
        Proposal.cycle_id == cycle_id,
        Proposal.kind != TieKind.CHAT,
        Proposal.state.in_(shown),
    ]
    if wanted.origin:
        where.append(Proposal.origin == wanted.origin)
    for word in search_words(wanted.search):
        where.append(or_(*(who.search.contains(word, autoescape=True) for who in (_Mentee, _Mentor))))
    joined = query.select_from(Proposal).join(_Mentee, _Mentee.id == Proposal.mentee_id)
    return joined.join(_Mentor, _Mentor.id == Proposal.mentor_id).where(*where)


def _order(sort: str) -> tuple[Any, ...]:
    column = _COLUMNS.get(sort.removeprefix("-"), Proposal.changed_at)
    return (column.desc() if sort.startswith("-") else column, Proposal.id)


def _read(tx: Transaction, ids: Sequence[int]) -> list[ListedProposal]:
    """Return proposals by their ids, in that order; three statements."""
    query = select(Proposal, Programme).join(Cycle, Cycle.id == Proposal.cycle_id)
    query = query.join(Programme, Programme.id == Cycle.programme_id).where(Proposal.id.in_(ids))
    rows = {one.id: (one, programme) for one, programme in tx.session.execute(query)}
    people = person_refs(tx.session, {who for one, _ in rows.values() for who in (one.mentee_id, one.mentor_id)})
    said: dict[int, dict[int, bool]] = {}
    answers = select(Consent.proposal_id, Consent.person_id, Consent.agrees).where(Consent.proposal_id.in_(ids))
    for proposal_id, person_id, agrees in tx.session.execute(answers):
        said.setdefault(proposal_id, {})[person_id] = agrees
    return [_view(*rows[number], people, said.get(number, {})) for number in ids]


def _view(
    one: Proposal, programme: Programme, people: Mapping[int, PersonRef], said: Mapping[int, bool]
) -> ListedProposal:
    until = last_day(programme, one.expires_at) if one.expires_at and one.state in ANSWERABLE else None
    return ListedProposal(
        id=one.id,
        run_id=one.run_id,
        mentee=people[one.mentee_id],
        mentor=people[one.mentor_id],
        state=MatchState(one.state),
        origin=Origin(one.origin),
        asks=Asks(one.asks),
        why_arranged=one.why_arranged,
        said=said,
        answer_until=until,
        changed_at=one.changed_at,
    )
