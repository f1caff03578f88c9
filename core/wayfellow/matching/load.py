"""Read the question of a match run from the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from wayfellow.matching.exclusions import blocked_pairs, excluded_pairs
from wayfellow.matching.named import name_by_key
from wayfellow.matching.problem import PersonInput, build_problem
from wayfellow.matching.texts import matched_fields, read_texts
from wayfellow.people.models import Person
from wayfellow.programmes.models import Cycle, Membership, MembershipState
from wayfellow.types import MatchProblem, Role

IdPair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold what is settled already when a run starts, by the ids of people.

    ``taken`` places per mentor; how many ``partners`` people have already; pairs to keep ``apart``, of which nobody is
    told; ``locked`` pairs (mentee, mentor) to keep; ``current`` drafts that this run
    decides anew and that count more for it; ``met`` says how many rounds ago a pair met last.
    """

    taken: Mapping[int, int] = field(default_factory=dict)
    partners: Mapping[int, int] = field(default_factory=dict)
    apart: Collection[IdPair] = ()
    locked: Collection[IdPair] = ()
    current: Collection[IdPair] = ()
    met: Mapping[IdPair, int] = field(default_factory=dict)


def load_problem(
    session: Session, cycle: Cycle, standing: Standing, *, seed: int = 0, wanted: int = 1, per_place: int = 1
) -> MatchProblem:
    """Return the question of a run over the approved members of a cycle.

    Each mentee gets ``wanted`` mentors less those they have; a place is for ``per_place`` pairs.
    Columns are those that an imported file would have, so that the same people give the same problem either way.
    A locked or current pair that can't be any more, because someone left or the pair was ruled out, is let go.
    Raises InvalidInput when a mentor has fewer places left than locked pairs.
    """
    by_email = _addresses(session, cycle.id)
    mentees = _read(session, cycle.id, Role.MENTEE)
    left = {person_id: wanted - standing.partners.get(person_id, 0) for person_id in mentees}
    mentees = {number: replace(person, wanted=left[number]) for number, person in mentees.items() if left[number] > 0}
    mentors = {
        person_id: replace(person, capacity=max(0, per_place * person.capacity - standing.taken.get(person_id, 0)))
        for person_id, person in _read(session, cycle.id, Role.MENTOR).items()
    }
    selves = {(person_id, person_id) for person_id in mentees.keys() & mentors.keys()}
    blocked = blocked_pairs(session, cycle.id) | set(standing.apart)
    barred = blocked | excluded_pairs(session, cycle.programme_id) | selves

    def keys(ids: Iterable[IdPair]) -> list[tuple[str, str]]:
        known = (pair for pair in ids if pair[0] in mentees and pair[1] in mentors)
        return [(mentees[one].key, mentors[other].key) for one, other in sorted(known)]

    return build_problem(
        name_by_key(mentees.values(), by_email),
        name_by_key(mentors.values(), by_email),
        mentee_text_fields=_text_fields(session, Role.MENTEE, mentees.values()),
        mentor_text_fields=_text_fields(session, Role.MENTOR, mentors.values()),
        seed=seed,
        excluded=keys(barred),
        private=keys(blocked),
        locked=keys(set(standing.locked) - barred),
        current=keys(set(standing.current) - barred),
        met=_met(standing.met, mentees, mentors),
    )


def load_peers(
    session: Session, cycle: Cycle, standing: Standing, roles: Collection[Role], *, seed: int = 0
) -> MatchProblem:
    """Return the question of a run within one pool: the approved members of a cycle in some roles, each once.

    All that takes part in matching for one of the roles is compared with all of it, since mentees say little of what
    mentors offer. Who has a partner takes no part.
    """
    people: dict[int, PersonInput] = {}
    for role in roles:
        for number, person in _read(session, cycle.id, role).items():
            fields = {**people[number].fields, **person.fields} if number in people else person.fields
            people[number] = replace(person, fields=fields, capacity=1)
    people = {number: person for number, person in people.items() if not standing.partners.get(number)}
    blocked = blocked_pairs(session, cycle.id) | set(standing.apart)
    barred = _both_ways(blocked | excluded_pairs(session, cycle.programme_id))

    def keys(ids: Iterable[IdPair]) -> list[tuple[str, str]]:
        return [(people[one].key, people[other].key) for one, other in sorted(ids) if {one, other} <= people.keys()]

    named = name_by_key(people.values(), _addresses(session, cycle.id))
    compared = sorted({key for role in roles for key in _text_fields(session, role, people.values())})
    return build_problem(
        named,
        named,
        mentee_text_fields=compared,
        mentor_text_fields=compared,
        seed=seed,
        excluded=keys(barred),
        private=keys(blocked),
        locked=keys(_both_ways(standing.locked) - barred),
        current=keys(_both_ways(standing.current) - barred),
    )


def _both_ways(pairs: Iterable[IdPair]) -> set[IdPair]:
    return {pair for one, other in pairs for pair in ((one, other), (other, one))}


def _met(
    met: Mapping[IdPair, int], mentees: Mapping[int, PersonInput], mentors: Mapping[int, PersonInput]
) -> dict[tuple[str, str], int]:
    here = ((one, other) for one, other in met if one in mentees and other in mentors)
    return {(mentees[one].key, mentors[other].key): met[one, other] for one, other in here}


def _read(session: Session, cycle_id: int, role: Role) -> dict[int, PersonInput]:
    here = (
        (Membership.cycle_id == cycle_id) & (Membership.role == role) & (Membership.state == MembershipState.APPROVED)
    )
    people: Select[int] = select(Membership.person_id).where(here)
    texts = read_texts(session, people, role)
    query = select(Person.id, Person.reference, Person.timezone, Membership.capacity)
    rows = session.execute(query.join(Membership, Membership.person_id == Person.id).where(here))
    return {
        number: PersonInput(key, number, {"timezone": timezone} | texts.get(number, {}), capacity)
        for number, key, timezone, capacity in rows
    }


def _addresses(session: Session, cycle_id: int) -> dict[str, str]:
    members = select(Membership.person_id).where(
        Membership.cycle_id == cycle_id, Membership.state == MembershipState.APPROVED
    )
    query = select(Person.email, Person.reference).where(Person.id.in_(members))
    return {email: reference for email, reference in session.execute(query) if email}


def _text_fields(session: Session, role: Role, people: Collection[PersonInput]) -> list[str]:
    """Return the columns that take part in matching and hold something, as a file has only columns that do."""
    filled = {name for person in people for name in person.fields}
    return [key for key in matched_fields(session, role) if key in filled]
