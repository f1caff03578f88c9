"""List what a participant asked for and was asked, with what was written about it and what they may do now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, and_, case, or_, select

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.matching.exclusions import is_blocked
from wayfellow.matching.refs import person_refs
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships.models import Consent, Origin, Proposal, Remark, TieKind
from wayfellow.mentorships.requests.choices import other_of
from wayfellow.mentorships.requests.facets import open_fields
from wayfellow.mentorships.states import LIVE
from wayfellow.people.models import FieldValue
from wayfellow.programmes.models import Cycle, Membership, Programme
from wayfellow.programmes.rules import last_day
from wayfellow.types import MatchState, Role
from wayfellow.words import Wordlist, gettext, later

_MOST = 100
_Row = Row[Proposal, str, Programme, int]


@dataclass(frozen=True, slots=True)
class RemarkView:
    """Hold one thing that was written about a request; ``mine`` tells whether by the reader."""

    mine: bool
    text: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class RequestView:
    """Hold a request or an offer as one of its two people sees it.

    ``membership_id`` is the reader's place in the cycle, ``side`` what they are in it, ``by_me`` whether they asked.
    ``said`` is what the profile of who asks says to the whole programme, by label, empty for one's own. ``outcome`` is
    a sentence on where it stands.
    """

    id: int
    membership_id: int | None
    programme: str
    cycle: str
    side: Role
    kind: TieKind
    by_me: bool
    other: PersonRef
    state: MatchState
    message: str
    remarks: tuple[RemarkView, ...]
    said: Mapping[str, str]
    choice: int | None
    answer_by: date | None
    changed_at: datetime
    outcome: str

    @property
    def is_live(self) -> bool:
        """Tell whether it may yet come to something."""
        return self.state in LIVE

    @property
    def may_answer(self) -> bool:
        """Tell whether the reader can say yes or not now, or ask to hear more."""
        return not self.by_me and self.state is MatchState.REQUESTED

    @property
    def may_reply(self) -> bool:
        """Tell whether the reader was asked to say more."""
        return self.by_me and self.state is MatchState.MORE_INFO

    @property
    def is_offer(self) -> bool:
        """Tell whether the mentor of the two asked."""
        return self.by_me is (self.side is Role.MENTOR)


def list_my_requests(tx: Transaction) -> Sequence[RequestView]:
    """List what the actor asked for and was asked, what is live first, their line in its order, at most 100.

    Left out is what became a mentorship or a conversation, and all while either of the two blocks the other.
    """
    live = Proposal.state.in_(LIVE)
    shown = and_(Proposal.state != MatchState.ACCEPTED, ~is_blocked(Proposal.mentee_id, Proposal.mentor_id))
    return _views(tx, shown, case((live, 0), else_=1), case((Proposal.state == MatchState.QUEUED, 1), else_=0))


def get_my_request(tx: Transaction, request_id: int) -> RequestView:
    """Return one request of the actor's. Raises NotFound when it is not theirs, or not sent to them yet."""
    found = _views(tx, Proposal.id == request_id)
    if not found:
        raise NotFound(gettext("There is no such request among yours. Go back to your home page."))
    return found[0]


def _views(tx: Transaction, where: ColumnElement[bool], *order: ColumnElement[int]) -> list[RequestView]:
    """Read someone's requests: at most nine statements, whatever their number."""
    me = tx.actor.person_id
    if me is None:
        return []
    role = Membership.role == case((Proposal.mentee_id == me, Role.MENTEE), else_=Role.MENTOR)
    query = (
        select(Proposal, Cycle.name, Programme, Membership.id)
        .join(Cycle, Cycle.id == Proposal.cycle_id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .outerjoin(Membership, and_(Membership.cycle_id == Proposal.cycle_id, Membership.person_id == me, role))
        .where(
            or_(Proposal.mentee_id == me, Proposal.mentor_id == me),
            Proposal.origin == Origin.REQUEST,
            or_(Proposal.asked_by == me, Proposal.asked_at.is_not(None)),
            where,
        )
        .order_by(*order, Proposal.choice, Proposal.changed_at.desc(), Proposal.id.desc())
        .limit(_MOST)
    )
    rows = tx.session.execute(query).all()
    if not rows:
        return []
    people = person_refs(tx.session, (other_of(row[0], me) for row in rows))
    remarks, refused = _remarks(tx, me, rows), _refused(tx, me, rows)
    said = _profiles(tx, me, [row[0] for row in rows])
    return [_view(me, row, people, remarks, refused, said) for row in rows]


def _view(
    me: int,
    row: _Row,
    people: Mapping[int, PersonRef],
    remarks: Mapping[int, list[RemarkView]],
    refused: set[int],
    said: Mapping[int, Mapping[str, str]],
) -> RequestView:
    one, cycle, programme, membership_id = row
    other, by_me, state = people[other_of(one, me)], one.asked_by == me, MatchState(one.state)
    is_open = state is MatchState.REQUESTED
    return RequestView(
        id=one.id,
        membership_id=membership_id,
        programme=programme.name,
        cycle=cycle,
        side=Role.MENTEE if one.mentee_id == me else Role.MENTOR,
        kind=TieKind(one.kind),
        by_me=by_me,
        other=other,
        state=state,
        message=one.message,
        remarks=tuple(remarks.get(one.id, ())),
        said=said.get(one.id, {}),
        choice=one.choice,
        answer_by=last_day(programme, one.expires_at) if is_open and one.expires_at else None,
        changed_at=one.changed_at,
        outcome=_outcome(state, by_me, one.id in refused, other.name),
    )


def _outcome(state: MatchState, by_me: bool, i_said_no: bool, other: str) -> str:
    if state is MatchState.DECLINED:
        return gettext("You said not now.") if i_said_no else gettext("%(name)s can't take this on now.", name=other)
    if state is MatchState.WITHDRAWN:
        return gettext("You took it back.") if by_me else gettext("%(name)s took it back.", name=other)
    if state is MatchState.MORE_INFO:
        if by_me:
            return gettext("%(name)s would like to hear more.", name=other)
        return gettext("You asked to hear more. %(name)s replies next.", name=other)
    sentence = _SENTENCES[state] if state in _SENTENCES else gettext("It can't go ahead.")
    return sentence % {"name": other}


_SENTENCES: Mapping[str, str] = Wordlist(
    {
        MatchState.QUEUED: later("In line: %(name)s is asked when what is open before comes to nothing."),
        MatchState.REQUESTED: later("An answer is waited for."),
        MatchState.AWAITING_ADMIN: later("Both of you said yes. Now it is up to a coordinator."),
        MatchState.ACCEPTED: later("You and %(name)s both said yes."),
        MatchState.EXPIRED: later("No answer came in time."),
    }
)


def _remarks(tx: Transaction, me: int, rows: Iterable[_Row]) -> dict[int, list[RemarkView]]:
    query = select(Remark).where(Remark.proposal_id.in_([row[0].id for row in rows])).order_by(Remark.id)
    found: dict[int, list[RemarkView]] = {}
    for one in tx.session.scalars(query):
        found.setdefault(one.proposal_id, []).append(RemarkView(one.person_id == me, one.text, one.written_at))
    return found


def _refused(tx: Transaction, me: int, rows: Iterable[_Row]) -> set[int]:
    """Return the requests to which the actor said no."""
    mine = (Consent.person_id == me, Consent.agrees.is_(False))
    query = select(Consent.proposal_id).where(*mine, Consent.proposal_id.in_([row[0].id for row in rows]))
    return set(tx.session.scalars(query))


def _profiles(tx: Transaction, me: int, requests: Sequence[Proposal]) -> dict[int, dict[str, str]]:
    """Return what those who wait for the actor's answer say to the whole programme, by the request's id."""
    found: dict[int, dict[str, str]] = {}
    for role in (Role.MENTOR, Role.MENTEE):
        asking = {
            one.id: other_of(one, me)
            for one in requests
            if one.asked_by != me and one.state in LIVE and (one.mentor_id == me) is (role is Role.MENTEE)
        }
        if not asking:
            continue
        labels = {
            one.id: gettext(one.definition.label) for one in open_fields(tx, role) if one.definition.key != "job_title"
        }
        query = select(FieldValue.person_id, FieldValue.field_id, FieldValue.value).where(
            FieldValue.person_id.in_(set(asking.values())), FieldValue.field_id.in_(labels)
        )
        values = {(person, field): value for person, field, value in tx.session.execute(query)}
        for number, person in asking.items():
            said = {label: values[person, field] for field, label in labels.items() if (person, field) in values}
            found[number] = said
    return found
