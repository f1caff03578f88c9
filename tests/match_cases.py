"""Make up small whole problems, and judge choices by trying all."""

from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from wayfellow.matching.candidates import Candidates
from wayfellow.types import MatchProblem, Pool

SCORES = st.sampled_from([0, 0, 100_000, 250_000, 250_000, 500_000, 500_500, 1_000_000]) | st.integers(0, 1_000_000)


@dataclass(frozen=True)
class Case:
    """Hold a table of scores in millionths (0: no candidate), and what people want, offer and must keep."""

    table: np.ndarray
    capacity: tuple[int, ...]
    minimum: tuple[int, ...]
    wanted: tuple[int, ...]
    locked: tuple[tuple[int, int], ...] = ()
    current: tuple[tuple[int, int], ...] = ()
    teams: tuple[tuple[str, ...], ...] = ()

    @property
    def problem(self) -> MatchProblem:
        n, m = self.table.shape
        return MatchProblem(
            mentees=pool("e", n, {f"team{k}": team for k, team in enumerate(self.teams)}),
            mentors=pool("r", m),
            capacity=np.array(self.capacity, np.int16),
            locked=as_pairs(self.locked),
            excluded=as_pairs([]),
            minimum=np.array(self.minimum, np.int16),
            wanted=np.array(self.wanted, np.int16),
            current=as_pairs(self.current),
        )

    @property
    def candidates(self) -> Candidates:
        locked = np.zeros(self.table.shape, bool)
        locked[tuple(as_pairs(self.locked).T)] = True
        rows = [
            sorted(np.flatnonzero((row > 0) | kept), key=lambda j: (-row[j], j))
            for row, kept in zip(self.table, locked, strict=True)
        ]
        mentee = np.repeat(np.arange(len(rows)), [len(row) for row in rows]).astype(np.int64)
        mentor = np.array([j for row in rows for j in row], np.int64)
        counts = (self.table > 0).sum(axis=1)
        return Candidates(
            indptr=np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64),
            mentor=mentor,
            micro=self.table[mentee, mentor].astype(np.int64),
            rank=np.array([place for row in rows for place in range(1, len(row) + 1)], np.int64),
            parts={},
            positive=counts,
            allowed=counts,
            open=counts,
            sought=(self.table > 0).sum(axis=0),
        )


def pool(letter: str, size: int, fields=None) -> Pool:
    return Pool(np.arange(size), tuple(f"{letter}{i:03}" for i in range(size)), fields or {}, ())


def as_pairs(pairs) -> np.ndarray:
    return np.array(sorted(pairs), np.int64).reshape(-1, 2)


@st.composite
def cases(draw, people=4, several=True, minima=True, currents=True) -> Case:
    n, m = draw(st.integers(0, people)), draw(st.integers(0, people))
    table = np.array(draw(st.lists(SCORES, min_size=n * m, max_size=n * m)), np.int64).reshape(n, m)
    capacity = [draw(st.integers(0, 3)) for _ in range(m)]
    minimum = [draw(st.integers(0, places)) if minima else 0 for places in capacity]
    wanted = [draw(st.integers(1, 2)) if several and n * m <= 9 else 1 for _ in range(n)]
    locked, room, left = [], list(capacity), list(wanted)
    for i, j in product(range(n), range(m)):
        if room[j] and left[i] and draw(st.integers(0, 6)) == 0:
            locked.append((i, j))
            room[j], left[i] = room[j] - 1, left[i] - 1
    pairs = list(product(range(n), range(m)))
    current = draw(st.sets(st.sampled_from(pairs), max_size=3)) if pairs and currents else set()
    return Case(table, tuple(capacity), tuple(minimum), tuple(wanted), tuple(locked), tuple(sorted(current)))


def all_choices(case: Case):
    """Yield every choice of pairs (a set) that keeps to places, wants and locks, and has only candidates besides."""
    n, m = case.table.shape
    options = []
    for i in range(n):
        kept = {j for one, j in case.locked if one == i}
        free = [j for j in range(m) if case.table[i, j] > 0 and j not in kept]
        options.append(
            [kept | set(more) for size in range(case.wanted[i] - len(kept) + 1) for more in combinations(free, size)]
        )
    for choice in product(*options):
        load = [sum(j in own for own in choice) for j in range(m)]
        if all(have <= places for have, places in zip(load, case.capacity, strict=True)):
            yield {(i, j) for i, own in enumerate(choice) for j in own}


def filled(case: Case, pairs) -> int:
    """Return how many places of the minimum are filled."""
    load = [sum(j == mentor for _, mentor in pairs) for j in range(len(case.capacity))]
    return sum(min(have, least) for have, least in zip(load, case.minimum, strict=True))


def people(pairs) -> int:
    return len({i for i, _ in pairs})


def total(case: Case, pairs, bonus=0.0) -> int:
    """Return the sum of scores in millionths; current pairs count more by a part of their score."""
    free = set(pairs) - set(case.locked)
    return sum(
        int(case.table[pair]) + (int(np.rint(case.table[pair] * bonus)) if pair in case.current else 0) for pair in free
    )


def worst(case: Case, pairs) -> int | None:
    return min((int(case.table[pair]) for pair in set(pairs) - set(case.locked)), default=None)
