"""The checks for plugin authors pass good plugins and name each fault of bad ones."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from flask import Blueprint, Flask
from scipy.sparse import csr_array

import wayfellow_sample.plugin as sample
import wayfellow_tfidf.plugin as tfidf
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost, PluginRefused
from wayfellow.pages import SIGNED_IN, page
from wayfellow.testing.checks import check_matcher, check_plugin
from wayfellow.testing.plugins import make_plugin
from wayfellow.testing.problems import match_problem
from wayfellow.types import SYSTEM, Explanation, MatchProblem, Migrations
from wayfellow_sample.shelf import list_books


def test_our_own_plugins_pass() -> None:
    check_plugin("sample", sample)
    check_plugin("tfidf", tfidf)
    check_matcher(tfidf)
    check_matcher(tfidf.score_matches)


def by_length(problem: MatchProblem) -> Any:
    """Score by how alike the lengths of the texts are: simple, and right."""
    mentees, mentors = (
        np.array([sum(map(len, texts)) for texts in documents], dtype=np.float32)
        for documents in (problem.mentees.documents(problem.rows), problem.mentors.documents())
    )
    return csr_array(1 / (1 + np.abs(mentees[:, None] - mentors[None, :])))


def remembering() -> Callable[[MatchProblem], Any]:
    calls: list[int] = []

    def score(problem: MatchProblem) -> Any:
        calls.append(1)
        return by_length(problem) * (1 - 0.01 * len(calls))

    return score


@pytest.mark.parametrize(
    ("score", "fault"),
    [
        (lambda problem: by_length(problem) * 2, "outside [0, 1]"),
        (lambda problem: by_length(problem).T, "returned shape (3, 0) instead of (0, 3)"),
        (lambda problem: None, "it has no opinion on people with texts"),
        (lambda problem: csr_array(1 / np.zeros(problem.shape).max() * np.ones(problem.shape)), "it fails: ValueError"),
        (remembering(), "it scores the same people differently when it is asked again"),
        (lambda problem: by_length(problem) * (0.1 if problem.shape[0] == 15 else 1), "a block of mentees differently"),
        (
            lambda problem: by_length(problem) * (1 if problem.asked is None else 0.5),
            "mentors differently when they alone are asked for",
        ),
        (
            lambda problem: csr_array(np.linspace(0, 1, 1 + np.prod(problem.shape))[1:].reshape(problem.shape)),
            "it scores people differently when they stand in another order",
        ),
    ],
)
def test_a_scorer_with_a_fault_is_named(score: Any, fault: str) -> None:
    with pytest.raises(AssertionError, match="The scorer has faults:") as caught:
        check_matcher(score)
    assert fault in str(caught.value)


@pytest.mark.parametrize(
    ("explain", "fault"),
    [
        (lambda problem, pairs: None, "it scores these people, and has no opinion when it is asked to explain"),
        (lambda problem, pairs: [Explanation(0.0)] * len(pairs), "it explains the score 0 where it gave"),
        (
            lambda problem, pairs: [Explanation(float(by_length(problem)[i, j])) for i, j in pairs],
            "the shares of an explanation add up to 0 instead of",
        ),
    ],
)
def test_explanations_with_a_fault_are_named(explain: Any, fault: str) -> None:
    with pytest.raises(AssertionError) as caught:
        check_matcher(make_plugin(score_matches=by_length, explain_matches=explain))
    assert fault in str(caught.value)


def test_a_good_scorer_passes_and_nothing_is_no_scorer() -> None:
    check_matcher(by_length)
    with pytest.raises(AssertionError, match="it has no score_matches"):
        check_matcher(make_plugin())


def blueprint(view: Callable[..., str], folder: str | None = None) -> Blueprint:
    made = Blueprint("shop", __name__, template_folder=folder)
    made.add_url_rule("/", "index", view)
    return made


def unmarked() -> str:
    return ""


@page("shop.read")
def undeclared() -> str:
    return ""


@page(SIGNED_IN)
def fine() -> str:
    return ""


@pytest.mark.parametrize(
    ("hooks", "fault"),
    [
        ({"register_blueprints": lambda: [blueprint(unmarked)]}, "its page index does not say who may see it"),
        ({"register_blueprints": lambda: [blueprint(undeclared)]}, "needs the permission 'shop.read', which nobody"),
        (
            {"register_blueprints": lambda: [blueprint(fine, str(Path(sample.__file__).parent / "templates"))]},
            "its template sample/_books.html must lie in a folder named 'shop'",
        ),
    ],
)
def test_a_plugin_with_a_fault_is_named(hooks: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match="The plugin 'shop' has faults:") as caught:
        check_plugin("shop", make_plugin(**hooks))
    assert fault in str(caught.value)


def test_a_plugin_with_pages_in_order_passes() -> None:
    check_plugin("shop", make_plugin(register_blueprints=lambda: [blueprint(fine)]))


@pytest.mark.parametrize("hook", ["collect_person_data", "erase_person_data"])
def test_who_keeps_data_about_people_must_hand_it_over_and_erase_it(hook: str) -> None:
    silent = make_plugin(**{name: value for name, value in vars(sample).items() if hasattr(value, "wayfellow_impl")})
    delattr(silent, hook)
    with pytest.raises(AssertionError, match=f"its table sample_book refers to people, .* implement {hook}"):
        check_plugin("sample", silent)


def test_tables_need_revisions_that_make_them(tmp_path: Path) -> None:
    hooks = {name: value for name, value in vars(sample).items() if hasattr(value, "wayfellow_impl")}
    without = make_plugin(**{**hooks, "register_migrations": None})
    with pytest.raises(AssertionError, match="it has tables, and no revisions that make them"):
        check_plugin("sample", without)
    revision = (Path(sample.__file__).parent / "migrations" / "0001_books.py").read_text()
    (tmp_path / "0001_books.py").write_text(revision.replace("length=200), nullable=False", "length=200)"))
    drifted = make_plugin(**{**hooks, "register_migrations": lambda: Migrations(tmp_path)})
    with pytest.raises(AssertionError, match="its revisions make other tables than its models describe"):
        check_plugin("sample", drifted)


def test_a_plugin_that_cannot_be_loaded_is_refused() -> None:
    with pytest.raises(PluginRefused, match="did you mean 'on_goal_saved'"):
        check_plugin("shop", make_plugin(on_goal_svaed=None))


def test_made_up_problems_are_the_same_every_time() -> None:
    one, again, other = match_problem(5, 3, seed=1), match_problem(5, 3, seed=1), match_problem(5, 3, seed=2)
    assert one.mentees.fields == again.mentees.fields != other.mentees.fields
    assert (one.shape, list(one.mentees.keys)) == ((5, 3), sorted(one.mentees.keys))


def test_the_fixtures_load_what_they_are_handed(
    wayfellow_host: Callable[..., PluginHost], wayfellow_deployment: Callable[..., Deployment], match_problem: Any
) -> None:
    assert [plugin.name for plugin in wayfellow_host(sample=sample).plugins] == ["sample"]
    assert wayfellow_host().plugins == ()
    with wayfellow_deployment(sample=sample).reading(SYSTEM) as tx:
        assert list_books(tx.session) == []
    assert match_problem(2, 1).shape == (2, 1)


def test_the_web_is_made_when_it_is_asked_for(wayfellow_app: Callable[..., Flask]) -> None:
    assert isinstance(wayfellow_app(), Flask)


def test_the_pytest_plugin_imports_nothing_heavy() -> None:
    code = "import sys, wayfellow.testing.plugin\nprint(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules = set(done.stdout.replace("'", "").strip("[]\n").split(", "))
    assert modules.isdisjoint({"numpy", "scipy", "sqlalchemy", "flask", "click", "structlog", "wayfellow.host"})
