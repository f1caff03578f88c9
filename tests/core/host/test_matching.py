"""What plugins answer about matches is checked; a failure does what the hook's docstring promises."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_array, csr_array, csr_matrix

from wayfellow import hookimpl
from wayfellow.config import Config
from wayfellow.host import Health, PluginFailed, PluginHost
from wayfellow.testing.plugins import make_plugin
from wayfellow.testing.problems import match_problem
from wayfellow.types import (
    Assignment,
    BrokenRule,
    Explanation,
)

Load = Callable[..., PluginHost]

PROBLEM = match_problem(3, 2)
NOTHING = csr_array((3, 2), dtype=np.float32)
HALF = np.full((3, 2), 0.5, dtype=np.float32)


def test_scores_come_as_float32_arrays_by_plugin_in_order(calm: Config, load: Load) -> None:
    host = load(
        calm,
        b=make_plugin(score_matches=csr_matrix(HALF.astype(np.float64))),
        a=make_plugin(score_matches=coo_array(HALF)),
        silent=make_plugin(score_matches=None),
    )
    answers = host.score_matches(PROBLEM)
    assert [name for name, _ in answers.scores] == ["a", "b"]
    assert answers.failures == []
    for _, scores in answers.scores:
        assert type(scores) is csr_array
        assert scores.dtype == np.float32
        assert (scores.toarray() == HALF).all()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (HALF, "returned ndarray instead of a csr_array"),
        (csr_array((2, 3), dtype=np.float32), "returned shape (2, 3) instead of (3, 2)"),
        (csr_array(HALF * 3), "returned scores from 1.5 to 1.5, outside [0, 1]"),
        (csr_array(-HALF), "returned scores from -0.5 to -0.5, outside [0, 1]"),
        (csr_array(HALF * np.nan), "returned scores that are not finite numbers"),
        (csr_array(HALF * np.inf), "returned scores that are not finite numbers"),
    ],
)
def test_bad_scores_count_as_a_failure_of_that_scorer(answer: Any, reason: str, load: Load) -> None:
    good = make_plugin(score_matches=csr_array(HALF))
    host = load(bad=make_plugin(score_matches=answer), good=good)
    answers = host.score_matches(match_problem(3, 2))
    assert [name for name, _ in answers.scores] == ["good"]
    assert answers.failures == [("bad", reason)]
    assert host.plugin("bad").health is Health.FAILING
    assert reason in host.plugin("bad").error


def test_rounding_beyond_one_is_no_fault(load: Load) -> None:
    rounded = csr_array(np.full((3, 2), 1.000001, dtype=np.float32))
    host = load(cosine=make_plugin(score_matches=rounded))
    [(_, scores)] = host.score_matches(PROBLEM).scores
    assert scores.max() == 1


@pytest.mark.parametrize("error", [ValueError("no luck"), SystemExit("no luck")], ids=repr)
def test_a_scorer_that_fails_is_not_asked_again_in_the_run(error: BaseException, load: Load) -> None:
    calls: list[slice] = []

    def score_matches(problem: Any) -> Any:
        calls.append(problem.rows)
        raise error

    host = load(bad=make_plugin(score_matches=score_matches))
    run = match_problem(4, 2)
    blocks = [host.score_matches(run.block(rows)) for rows in (slice(0, 2), slice(2, 4))]
    assert calls == [slice(0, 2)]
    assert [[name for name, _ in block.failures] for block in blocks] == [["bad"], ["bad"]]
    host.score_matches(match_problem(4, 2))
    assert len(calls) == 2, "another run asks anew"


@pytest.mark.parametrize("answer", [RuntimeError("no luck"), SystemExit("no luck"), HALF, csr_array((1, 1))], ids=repr)
def test_nothing_is_matched_when_nobody_can_say_what_is_forbidden(answer: Any, load: Load) -> None:
    host = load(safe=make_plugin(forbid_matches=answer))
    with pytest.raises(PluginFailed, match="The plugin 'safe' failed while it was asked which pairs must never"):
        host.forbid_matches(PROBLEM)
    assert host.plugin("safe").health is Health.FAILING


def test_forbidden_pairs_come_as_bool_arrays(calm: Config, load: Load) -> None:
    host = load(calm, a=make_plugin(forbid_matches=csr_array(HALF)), b=make_plugin(forbid_matches=None))
    [forbidden] = host.forbid_matches(PROBLEM)
    assert forbidden.dtype == np.bool_
    assert forbidden.nnz == 6


def name_rules(host: PluginHost, plugin: str) -> list[tuple[str, list[bool], str]]:
    pairs = np.array([[0, 0], [1, 1]])
    found = host.explain_forbidden(PROBLEM, pairs).get(plugin, [])
    return [(rule.label, rule.broken.tolist(), rule.say(0, 1) if rule.say else "") for rule in found]


def test_a_plugin_names_its_own_rules(load: Load) -> None:
    distance = BrokenRule("the distance", np.array([True, False]), lambda mentee, mentor: f"{mentee} to {mentor}")
    host = load(
        a=make_plugin(explain_forbidden=[distance, BrokenRule("the hour", np.array([True, True]))]),
        b=make_plugin(explain_forbidden=None),
    )
    assert name_rules(host, "a") == [("the distance", [True, False], "0 to 1"), ("the hour", [True, True], "")]
    assert name_rules(host, "b") == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([BrokenRule("x", np.array([True]))], "returned bool of shape (1,) instead of bool of shape (2,)"),
        ([BrokenRule("x", np.array([1, 0]))], "returned int64 of shape (2,) instead of bool of shape (2,)"),
        ([BrokenRule("", np.array([True, True]))], "returned rules whose labels are empty or not all different"),
        ([BrokenRule("x", np.array([True, True]))] * 2, "returned rules whose labels are empty or not all different"),
        (["x"], "returned str instead of BrokenRule"),
        (ValueError("no luck"), "ValueError: no luck"),
    ],
    ids=repr,
)
def test_a_plugin_that_cannot_name_its_rules_names_none(answer: Any, reason: str, load: Load) -> None:
    host = load(bad=make_plugin(explain_forbidden=answer))
    assert name_rules(host, "bad") == []
    assert reason in host.plugin("bad").error


def test_a_rule_that_cannot_say_what_it_found_keeps_its_name(load: Load) -> None:
    def fails(mentee: int, mentor: int) -> str:
        raise ValueError("no luck")

    host = load(bad=make_plugin(explain_forbidden=[BrokenRule("the hour", np.array([True, True]), fails)]))
    assert name_rules(host, "bad") == [("the hour", [True, True], "")]
    assert host.plugin("bad").health is Health.FAILING


def assign(host: PluginHost) -> Assignment | None:
    return host.assign_matches(PROBLEM, NOTHING, NOTHING.astype(bool))


def pairs(*rows: tuple[int, int]) -> Assignment:
    both = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return Assignment(both[:, 0], both[:, 1])


def test_the_first_plugin_that_has_an_assignment_decides(calm: Config, load: Load) -> None:
    plugins = {
        "a": make_plugin(assign_matches=None),
        "b": make_plugin(assign_matches=pairs((0, 1))),
        "c": make_plugin(assign_matches=pairs((2, 0))),
    }
    first, moved = assign(load(**plugins)), assign(load(replace(calm, plugin_priority={"c": -1}), **plugins))
    assert first is not None
    assert moved is not None
    assert (first.mentee.tolist(), moved.mentee.tolist()) == ([0], [2])
    assert assign(load()) is None


def test_wrappers_work_around_assignments(load: Load) -> None:
    def assign_matches(problem: Any) -> Any:
        answer = yield
        return pairs(*zip(answer.mentee, answer.mentor[::-1], strict=True))

    swapping = make_plugin(assign_matches=hookimpl(wrapper=True)(assign_matches))
    host = load(a=make_plugin(assign_matches=pairs((0, 0), (1, 1))), swap=swapping)
    answer = assign(host)
    assert answer is not None
    assert answer.mentor.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ([(0, 0)], "returned list instead of an Assignment"),
        (pairs((0, 0), (0, 1)), "gave one mentee two mentors"),
        (pairs((0, 0), (1, 0)), "gave a mentor more mentees than there are places"),
        (pairs((3, 0)), "returned a mentee that is not among the 3 of the problem"),
        (pairs((0, -1)), "returned a mentor that is not among the 2 of the problem"),
        (Assignment(np.zeros(2, np.int64), np.zeros(1, np.int64)), "returned sides of different shapes"),
        (RuntimeError("no luck"), "RuntimeError: no luck"),
    ],
)
def test_a_bad_assignment_stops_the_run_and_names_the_plugin(answer: Any, reason: str, load: Load) -> None:
    quiet = make_plugin(assign_matches=None)
    host = load(solver=make_plugin(assign_matches=answer), a_quiet=quiet)
    with pytest.raises(PluginFailed, match="asked which pairs to choose") as caught:
        assign(host)
    assert reason in str(caught.value)
    assert caught.value.plugin == "solver"


def test_a_wrapper_that_fails_is_named_and_not_what_it_wraps(load: Load) -> None:
    def assign_matches() -> Any:
        yield
        raise RuntimeError("no luck")

    wrapping = make_plugin(assign_matches=hookimpl(wrapper=True)(assign_matches))
    for answer, culprit in ((pairs((0, 0)), "wrapping"), (ValueError("no luck"), "a")):
        host = load(a=make_plugin(assign_matches=answer), wrapping=wrapping)
        with pytest.raises(PluginFailed) as caught:
            assign(host)
        assert caught.value.plugin == culprit


def test_explanations_come_by_plugin_and_a_failing_one_is_missing(calm: Config, load: Load) -> None:
    two = np.array([[0, 0], [1, 1]])
    host = load(
        calm,
        good=make_plugin(explain_matches=[Explanation(0.1), Explanation(0.2)]),
        short=make_plugin(explain_matches=[Explanation(0.1)]),
        wrong=make_plugin(explain_matches=["because", "why not"]),
        bad=make_plugin(explain_matches=RuntimeError("no luck")),
    )
    assert host.explain_matches(PROBLEM, two) == {"good": [Explanation(0.1), Explanation(0.2)]}
    assert "returned 1 explanations for 2 pairs" in host.plugin("short").error
