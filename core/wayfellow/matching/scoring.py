"""Ask every scorer about blocks of mentees, and combine their scores into one."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from wayfellow.errors import InvalidInput, WayfellowError
from wayfellow.host.records import FAILED_SCORERS
from wayfellow.matching.candidates import MICRO
from wayfellow.matching.lottery import LOTTERY, draw, explain_lots
from wayfellow.matching.settings import MatchSettings, Mode
from wayfellow.types import Explanation, MatchProblem

if TYPE_CHECKING:
    from wayfellow.host import PluginHost


class ScorersChanged(Exception):
    """Say that a scorer failed or spoke up late, so that blocks scored before must be scored again.

    It may come from another process, and so holds what was found out: who is ``active``, and the ``failures``.
    """

    def __init__(self, active: frozenset[str], failures: Mapping[str, str]) -> None:
        super().__init__(active, failures)
        self.active, self.failures = active, failures


class Scoring:
    """Hold which scorers count in a run; once one has failed it counts for no block of the run.

    ``active`` names the scorers that answered, ``failures`` those that failed and why. A scorer that has no opinion on
    one block but on others counts as 0 there.
    """

    def __init__(self, problem: MatchProblem, host: PluginHost, settings: MatchSettings) -> None:
        self.problem, self.host, self.settings = problem, host, settings
        self.active: frozenset[str] = frozenset()
        self.failures: dict[str, str] = {}
        self._is_under_way = False

    @property
    def weights(self) -> dict[str, float]:
        """Return the weight of each active scorer, by name; they add up to 1.

        Raises InvalidInput when the settings give every active scorer the weight 0.
        """
        given = {name: self.settings.weight(name) for name in sorted(self.active)}
        total = sum(given.values())
        if given and total == 0:
            raise InvalidInput(
                f"Every scorer that answered has the weight 0 ({', '.join(given)}); give one of them more than 0."
            )
        return {name: weight / total for name, weight in given.items()}

    def block(self, rows: slice, asked: NDArray[np.bool_] | None = None) -> tuple[csr_array, dict[str, csr_array]]:
        """Return the combined scores of a block in millionths (int32, only above 0), and each scorer's own.

        Where ``asked`` marks mentors, nothing is said of the others.
        Raises ScorersChanged when the scorers are not those that the blocks before were scored with, and
        WayfellowError when all that were asked have failed.
        """
        block = self.problem.block(rows, asked)
        parts = self._ask(block)
        return _combine(parts, self.weights, block.shape), parts

    def explain(self, pairs: NDArray[np.int64]) -> Mapping[str, Sequence[Explanation]]:
        """Return what each scorer says of pairs (k, 2), by its name; one that says nothing is left out."""
        if self.settings.mode == Mode.LOTTERY:
            return {LOTTERY: explain_lots(self.problem, pairs)}
        return self.host.explain_matches(self.problem, pairs)

    def forbidden(self, rows: slice) -> Mapping[str, csr_array]:
        """Return the pairs of a block that plugins forbid, bool, by the plugin's name; raise what the host raises."""
        return self.host.forbidden_by_plugin(self.problem.block(rows))

    def _ask(self, block: MatchProblem) -> dict[str, csr_array]:
        if self.settings.mode == Mode.LOTTERY:
            self.active = frozenset({LOTTERY})
            return {LOTTERY: draw(block)}
        answers = self.host.score_matches(block)
        parts = {name: scores for name, scores in answers.scores if name not in self.failures}
        self._update(dict(answers.failures), frozenset(parts))
        return parts

    def _update(self, failed: Mapping[str, str], answered: frozenset[str]) -> None:
        self.failures = {**failed, **self.failures}
        before, self.active = self.active, (self.active | answered) - self.failures.keys()
        if self.failures and not self.active:
            raise WayfellowError("No pair can be proposed, because every scorer failed: " + told(self.failures))
        if self.active != before and self._is_under_way:
            self._is_under_way = False
            raise ScorersChanged(self.active, self.failures)
        self._is_under_way = True

    def begin_again(self, change: ScorersChanged) -> None:
        """Take over what a block found out about the scorers, wherever it was scored; the next block is the first."""
        self.failures = {**change.failures, **self.failures}
        self.active = (self.active | change.active) - self.failures.keys()
        self.problem.memo.setdefault(FAILED_SCORERS, {}).update(self.failures)
        self._is_under_way = False

    def __getstate__(self) -> dict[str, Any]:
        """Travel with what scorers learnt once, except what can't be sent: that is learnt again where it is missed."""
        learnt = dict(_sendable(self.problem.memo))
        return {**self.__dict__, "problem": replace(self.problem, memo={}), "learnt": learnt}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Unpack what was learnt."""
        learnt = state.pop("learnt")
        self.__dict__.update(state)
        self.problem.memo.update((key, pickle.loads(value)) for key, value in learnt.items())  # noqa: S301 - our own


def _sendable(memo: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    for key, value in memo.items():
        with suppress(Exception):
            yield key, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def told(failures: Mapping[str, str]) -> str:
    """Return failures by plugin as one line."""
    return "; ".join(f"{name}: {error}" for name, error in sorted(failures.items()))


def _combine(parts: Mapping[str, csr_array], weights: Mapping[str, float], shape: tuple[int, int]) -> csr_array:
    # Typed loosely because SciPy's stubs lose the shape in sums.
    total: Any = None
    for name in sorted(parts):
        weighted = parts[name] if weights[name] == 1 else parts[name].astype(np.float64) * weights[name]
        total = weighted if total is None else total + weighted
    if total is None:
        total = csr_array(shape, dtype=np.float32)
    scaled = total.data.astype(np.float64)
    scaled *= MICRO
    micro = np.rint(scaled, out=scaled).astype(np.int32)
    combined: csr_array = csr_array((micro, total.indices, total.indptr), shape=shape)
    if not micro.all():
        # A copy, because the array shares its indices with what a plugin may still hold.
        combined = combined.copy()
        combined.eliminate_zeros()
    return combined
