"""Implement the hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wayfellow import hookimpl
from wayfellow.types import Actor, Explanation, MatchProblem, NavItem, Setting

if TYPE_CHECKING:
    import numpy as np
    from flask import Blueprint
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

WORDS = Setting(
    key="words",
    label="Themes of this year",
    default=["leadership", "career", "teaching"],
    help="A mentor who writes about the same of these as the mentee scores higher.",
)


@hookimpl
def register_settings() -> list[Setting]:
    return [WORDS]


@hookimpl
def score_matches(problem: MatchProblem) -> csr_array:
    from wayfellow_themes.scorer import score

    return score(problem, words_of(problem))


@hookimpl
def explain_matches(problem: MatchProblem, pairs: NDArray[np.int64]) -> list[Explanation]:
    from wayfellow_themes.scorer import explain

    return explain(problem, words_of(problem), pairs)


@hookimpl
def register_blueprints() -> list[Blueprint]:
    from wayfellow_themes.views import make_blueprint

    return [make_blueprint()]


@hookimpl
def list_nav_items(user: Actor) -> list[NavItem]:
    return [NavItem("themes.index", "Themes", order=75)]


def words_of(problem: MatchProblem) -> list[str]:
    """Return the themes as the operator set them."""
    return list(problem.settings.get("themes.words", WORDS.default))
