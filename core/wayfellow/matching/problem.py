"""Put two lists of people into the arrays that matching works on, and fingerprint them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wayfellow.errors import InvalidInput
from wayfellow.matching.settings import MatchSettings
from wayfellow.types import JSON, MatchProblem, Pool

MAX_CAPACITY = int(np.iinfo(np.int16).max)
KeyPair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PersonInput:
    """Hold one person as matching sees them.

    ``key`` identifies the person on both sides; ``id`` is the database's number, None without a database; ``fields``
    one text per profile field; ``capacity`` the places a mentor offers and ``minimum`` the mentees a mentor should get
    at least (ignored for mentees); ``wanted`` the mentors a mentee is to get (ignored for mentors).
    """

    key: str
    id: int | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    capacity: int = 1
    minimum: int = 0
    wanted: int = 1


def build_problem(
    mentees: Iterable[PersonInput],
    mentors: Iterable[PersonInput],
    *,
    mentee_text_fields: Sequence[str],
    mentor_text_fields: Sequence[str],
    excluded: Iterable[KeyPair] = (),
    private: Iterable[KeyPair] = (),
    locked: Iterable[KeyPair] = (),
    current: Iterable[KeyPair] = (),
    met: Mapping[KeyPair, int] | None = None,
    seed: int = 0,
    settings: Mapping[str, JSON] | None = None,
) -> MatchProblem:
    """Return the question of a run, sorted by key, so that the order of the input does not matter.

    ``excluded``, ``locked`` and ``current`` are (mentee key, mentor key); ``private`` are excluded as well, and nobody
    is told of them. ``met`` says how many rounds ago a pair met last. An excluded, current or met pair of which one is
    not in the pools is left out, since it cannot be matched anyway. ``settings`` is handed to plugins as it is.
    Raises InvalidInput: a key twice on one side, a capacity below 0 or above 32,767, a minimum above the capacity,
    fewer than one mentor wanted, or locked pairs that name someone unknown, give a mentee more mentors than wanted,
    are excluded, or fill a mentor beyond capacity.
    """
    mentee_rows, mentor_rows = _sorted("mentees", mentees), _sorted("mentors", mentors)
    problem = MatchProblem(
        mentees=_pool(mentee_rows, mentee_text_fields, first_id=-1),
        mentors=_pool(mentor_rows, mentor_text_fields, first_id=-1 - len(mentee_rows)),
        capacity=np.array([_checked_capacity(person) for person in mentor_rows], dtype=np.int16),
        locked=np.zeros((0, 2), np.int64),
        excluded=np.zeros((0, 2), np.int64),
        seed=seed,
        settings=dict(settings or {}),
        minimum=np.array([_checked_minimum(person) for person in mentor_rows], dtype=np.int16),
        wanted=np.array([_checked_wanted(person) for person in mentee_rows], dtype=np.int16),
    )
    return _with_pairs(
        problem,
        locked=list(locked),
        excluded=list(excluded),
        private=list(private),
        current=list(current),
        met=met or {},
    )


def same_person(problem: MatchProblem) -> NDArray[np.int64]:
    """Return the pairs (k, 2) of positions that are one person on both sides: the same key or the same id."""
    by_key = {key: j for j, key in enumerate(problem.mentors.keys)}
    by_id = {number: j for j, number in enumerate(problem.mentors.ids.tolist())}
    found = {(i, by_key[key]) for i, key in enumerate(problem.mentees.keys) if key in by_key}
    found |= {(i, by_id[number]) for i, number in enumerate(problem.mentees.ids.tolist()) if number in by_id}
    return _pairs(sorted(found))


def input_hash(problem: MatchProblem, settings: MatchSettings) -> str:
    """Return the SHA-256 (hex) over everything in the input that decides the result.

    People's own keys count and the database's ids do not, so that the same people in another database hash alike.
    Versions of programs are not part of it: they are stored beside it.
    """
    digest = hashlib.sha256()
    for part in _hash_parts(problem, settings):
        digest.update(json.dumps(part, sort_keys=True, separators=(",", ":")).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _hash_parts(problem: MatchProblem, settings: MatchSettings) -> Iterable[object]:
    for pool in (problem.mentees, problem.mentors):
        yield [list(pool.keys), list(pool.text_fields)]
        yield from ([name, list(pool.fields[name])] for name in sorted(pool.fields))
    yield [problem.capacity.tolist(), _canonical(problem.locked), _canonical(problem.excluded)]
    yield [problem.minimum.tolist(), problem.wanted.tolist(), _canonical(problem.current)]
    yield problem.met.tolist()
    weights = {name: float(weight) for name, weight in settings.weights.items()}
    yield [problem.seed, dict(problem.settings), weights, settings.candidates]
    yield settings.choice()


def _canonical(pairs: NDArray[np.int64]) -> list[list[int]]:
    return sorted({(int(i), int(j)): [int(i), int(j)] for i, j in pairs}.values())


def _sorted(side: str, people: Iterable[PersonInput]) -> list[PersonInput]:
    rows = sorted(people, key=lambda person: person.key)
    for one, other in pairwise(rows):
        if one.key == other.key:
            raise InvalidInput(f"{one.key} stands twice among the {side}; give each person one entry.")
    return rows


def _checked_capacity(person: PersonInput) -> int:
    if not 0 <= person.capacity <= MAX_CAPACITY:
        raise InvalidInput(
            f"The capacity of {person.key} is {person.capacity}; give a whole number from 0 to {MAX_CAPACITY:,}."
        )
    return person.capacity


def _checked_minimum(person: PersonInput) -> int:
    if not 0 <= person.minimum <= person.capacity:
        raise InvalidInput(
            f"{person.key} should get at least {person.minimum} mentees and has {person.capacity} places; "
            "give a minimum from 0 to the capacity."
        )
    return person.minimum


def _checked_wanted(person: PersonInput) -> int:
    if not 1 <= person.wanted <= MAX_CAPACITY:
        raise InvalidInput(f"{person.key} is to get {person.wanted} mentors; give a whole number, 1 or more.")
    return person.wanted


def _pool(people: list[PersonInput], text_fields: Sequence[str], first_id: int) -> Pool:
    """Return aligned columns; people without an id get negative ones, which no database gives."""
    names = sorted({name for person in people for name in person.fields} | set(text_fields))
    ids = [person.id if person.id is not None else first_id - i for i, person in enumerate(people)]
    return Pool(
        ids=np.array(ids, dtype=np.int64),
        keys=tuple(person.key for person in people),
        fields={name: [person.fields.get(name, "") for person in people] for name in names},
        text_fields=tuple(sorted(text_fields)),
    )


def _with_pairs(
    problem: MatchProblem,
    *,
    locked: list[KeyPair],
    excluded: list[KeyPair],
    private: list[KeyPair],
    current: list[KeyPair],
    met: Mapping[KeyPair, int],
) -> MatchProblem:
    mentee_at = {key: i for i, key in enumerate(problem.mentees.keys)}
    mentor_at = {key: j for j, key in enumerate(problem.mentors.keys)}

    def known(pairs: list[KeyPair]) -> NDArray[np.int64]:
        return _pairs(sorted({(mentee_at[i], mentor_at[j]) for i, j in pairs if i in mentee_at and j in mentor_at}))

    for mentee, mentor in locked:
        _check_known(mentee, mentee_at, "mentees")
        _check_known(mentor, mentor_at, "mentors")
    result = replace(
        problem,
        locked=known(locked),
        excluded=known([*excluded, *private]),
        private=known(private),
        current=known(current),
        met=_met(met, mentee_at, mentor_at),
    )
    _check_locked(result)
    return result


def _met(met: Mapping[KeyPair, int], mentee_at: Mapping[str, int], mentor_at: Mapping[str, int]) -> NDArray[np.int64]:
    rows = [(mentee_at[i], mentor_at[j], ago) for (i, j), ago in met.items() if i in mentee_at and j in mentor_at]
    return np.array(sorted(rows), dtype=np.int64).reshape(-1, 3)


def _check_known(key: str, positions: Mapping[str, int], side: str) -> None:
    if key not in positions:
        raise InvalidInput(f"A pair to keep names {key}, who is not among the {side}; correct or remove the pair.")


def _check_locked(problem: MatchProblem) -> None:
    barred = {(int(i), int(j)) for pairs in (problem.excluded, same_person(problem)) for i, j in pairs}
    left = problem.capacity.astype(np.int64)
    wanted = problem.wanted.astype(np.int64)
    for i, j in problem.locked.tolist():
        mentee, mentor = problem.mentees.keys[i], problem.mentors.keys[j]
        wanted[i] -= 1
        if wanted[i] < 0:
            raise InvalidInput(_too_many_mentors(mentee, int(problem.wanted[i])))
        if (i, j) in barred:
            raise InvalidInput(
                f"{mentee} is to keep {mentor}, but that pair is excluded or one person; remove one of the two."
            )
        left[j] -= 1
        if left[j] < 0:
            raise InvalidInput(
                f"{mentor} is to keep more mentees than the {problem.capacity[j]} they have room for; "
                "keep fewer or raise the capacity."
            )


def _too_many_mentors(mentee: str, wanted: int) -> str:
    if wanted == 1:
        return f"{mentee} is to keep two mentors; keep one of them."
    return f"{mentee} is to keep {wanted + 1} mentors, and is to get {wanted}; keep fewer of them."


def _pairs(pairs: Sequence[tuple[int, int]]) -> NDArray[np.int64]:
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)
