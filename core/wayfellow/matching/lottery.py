"""Draw lots for pairs: the same for the same people and seed, whatever the order of rows, and low for who has met."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow.matching.candidates import MICRO, Ints
from wayfellow.types import Contribution, Explanation, MatchProblem
from wayfellow.wording import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

LOTTERY = "lottery"
#: Lots above this are pairs that have never met.
FRESH = 0.5
#: The lots of pairs that have met end here, well below the others after rounding.
_MET_UP_TO = 0.49
#: The solver multiplies costs by the number of people; all of it must stay within 63 bits.
_COST_BITS = 61

Words = NDArray[np.uint64]


def draw(problem: MatchProblem) -> csr_array:
    """Return the lots of a block of mentees: float32 (rows, mentors), above :data:`FRESH` for who has never met.

    Of the others, those who met longest ago have the highest. A lot is a hash of seed and keys, so that it needs no
    state and no order.
    """
    start, stop, _ = problem.rows.indices(len(problem.mentees))
    lots = _lots(problem, np.arange(start, stop)[:, None], np.arange(len(problem.mentors)))
    met = problem.met[(problem.met[:, 0] >= start) & (problem.met[:, 0] < stop)]
    here = (met[:, 0] - start, met[:, 1])
    lots[here] = _lowered(lots[here], met[:, 2], _longest(problem))
    return csr_array(lots)


def explain_lots(problem: MatchProblem, pairs: Ints) -> Sequence[Explanation]:
    """Return for pairs (k, 2) that a lot drew them, and how long ago those met who have met before."""
    ago = {(i, j): rounds for i, j, rounds in problem.met.tolist()}
    lots = _lots(problem, pairs[:, 0], pairs[:, 1])
    longest = _longest(problem)
    return [
        _explained(_lowered(lot, ago[i, j], longest) if (i, j) in ago else lot, ago.get((i, j)))
        for (i, j), lot in zip(pairs.tolist(), lots.tolist(), strict=True)
    ]


def ranked_lots(lots: Ints, pairs: int, people: int) -> Ints:
    """Return lots (millionths) as gains of which one fresh pair outweighs all that ``pairs`` pairs could gain else.

    So the sum of gains is highest where the fewest pairs meet again. Lots are rounded where ``people`` (of both sides)
    are so many that sums would grow too large.
    """
    most = max(1, pairs)
    steps = max(1, min(MICRO, 2**_COST_BITS // (8 * most * max(1, people) ** 2)))
    step = MICRO // steps
    outweighs = most * (MICRO // step + 1)
    gains: Ints = np.maximum(lots // step, 1) + outweighs * (lots > FRESH * MICRO)
    return gains


def count_met(problem: MatchProblem, mentee: Ints, mentor: Ints) -> int:
    """Return how many of the aligned pairs have met before."""
    before = {(i, j) for i, j, _ in problem.met.tolist()}
    return sum(pair in before for pair in zip(mentee.tolist(), mentor.tolist(), strict=True))


def _explained(lot: float, ago: int | None) -> Explanation:
    label = "drawn by lot"
    if ago is not None:
        label = f"met {plural(ago, 'round', 'rounds')} ago; nobody new was left"
    return Explanation(lot, (Contribution(label, lot),))


def _longest(problem: MatchProblem) -> int:
    return int(problem.met[:, 2].max(initial=1))


def _lowered(lot: Any, ago: Any, longest: int) -> Any:
    """Return the lot of a pair that met so many rounds ago: in a band of its own, below all that are fresh."""
    return _MET_UP_TO * (ago - 1 + (lot - FRESH) / (1 - FRESH)) / longest


def _lots(problem: MatchProblem, mentee: Ints, mentor: Ints) -> NDArray[np.float32]:
    """Return the lots of positions that NumPy can broadcast, as if nobody had met: above :data:`FRESH`, up to 1."""
    mentees = problem.once(f"{LOTTERY}.mentees", lambda: _hashes(problem.mentees.keys, problem.seed, "mentee"))
    mentors = problem.once(f"{LOTTERY}.mentors", lambda: _hashes(problem.mentors.keys, problem.seed, "mentor"))
    lots = _mixed(mentees[mentee], mentors[mentor])
    lots *= 1 - FRESH
    lots += FRESH
    return lots


def _hashes(keys: Sequence[str], seed: int, side: str) -> Words:
    words = [blake2b(f"{seed}\0{side}\0{key}".encode(), digest_size=8).digest() for key in keys]
    return np.frombuffer(b"".join(words), dtype="<u8").astype(np.uint64)


def _mixed(one: Words, other: Words) -> NDArray[np.float32]:
    """Return a number in (0, 1] for each pair of hashes, by the finaliser of splitmix64 (Steele, Lea, Flood 2014)."""
    mixed = one + other * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(30)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed >>= np.uint64(41)
    lots = mixed.astype(np.float32)
    lots += 1
    lots /= np.float32(2**23)
    return lots
