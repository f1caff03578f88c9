"""Give matching's tests scorers of their own, run through the real host."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from wayfellow.config import default_config
from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.matching.problem import PersonInput, build_problem
from wayfellow.types import Contribution, Explanation, MatchProblem


class Words:
    """Score by the words two people share, over the words they use together."""

    @hookimpl
    def score_matches(self, problem: MatchProblem) -> csr_array:
        mentors = [words(texts) for texts in problem.mentors.documents()]
        mentees = [words(texts) for texts in problem.mentees.documents(problem.rows)]
        scores = [[len(a & b) / max(1, len(a | b)) for b in mentors] for a in mentees]
        return csr_array(np.array(scores, dtype=np.float32).reshape(problem.shape))

    @hookimpl
    def explain_matches(self, problem: MatchProblem, pairs: np.ndarray) -> list[Explanation]:
        mentees, mentors = problem.mentees.documents(), problem.mentors.documents()
        return [self.explain(words(mentees[i]), words(mentors[j])) for i, j in pairs]

    def explain(self, a: set[str], b: set[str]) -> Explanation:
        share = 1 / max(1, len(a | b))
        return Explanation(share * len(a & b), tuple(Contribution(word, share) for word in sorted(a & b)))


class Table:
    """Score whom it is asked for by a table of (mentee key, mentor key): score; ``asked`` counts the blocks."""

    def __init__(self, scores: dict[tuple[str, str], float]) -> None:
        self.scores, self.asked = scores, 0

    @hookimpl
    def score_matches(self, problem: MatchProblem) -> csr_array:
        self.asked += 1
        mentees = problem.mentees.keys[problem.rows]
        rows = [[self.scores.get((i, j), 0.0) for j in problem.mentors.keys] for i in mentees]
        scores = np.array(rows, dtype=np.float32).reshape(problem.shape)
        return csr_array(scores if problem.asked is None else scores * problem.asked)


def words(texts: list[str]) -> set[str]:
    return set(" ".join(texts).split())


def _host(*plugins: object) -> PluginHost:
    """Load plugins as "words0", "table1" and so on: the class and the position."""
    named = tuple((f"{type(plugin).__name__.lower()}{i}", plugin) for i, plugin in enumerate(plugins))
    return PluginHost.load(default_config(Path("unused")), plugins=named)


def _problem(mentees: dict[str, str], mentors: dict[str, tuple[str, int]], **more: object) -> MatchProblem:
    """Build a problem from {key: text} and {key: (text, capacity)}."""
    return build_problem(
        [PersonInput(key, fields={"goals": text}) for key, text in mentees.items()],
        [PersonInput(key, fields={"expertise": text}, capacity=places) for key, (text, places) in mentors.items()],
        mentee_text_fields=["goals"],
        mentor_text_fields=["expertise"],
        **more,
    )


@pytest.fixture(scope="session")
def make_host() -> Callable[..., PluginHost]:
    return _host


@pytest.fixture(scope="session")
def make_problem() -> Callable[..., MatchProblem]:
    return _problem


@pytest.fixture(scope="session")
def words_host() -> PluginHost:
    return _host(Words())


@pytest.fixture(scope="session")
def table() -> type[Table]:
    return Table
