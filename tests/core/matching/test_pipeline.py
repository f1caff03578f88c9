"""A run, from people to explained pairs."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from wayfellow.config import default_config
from wayfellow.errors import InvalidInput, WayfellowError
from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.matching import settings as sizes
from wayfellow.matching.causes import Cause
from wayfellow.matching.explanations import read_parts, top_terms
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.problem import PersonInput, build_problem, input_hash
from wayfellow.matching.settings import MatchSettings
from wayfellow.types import Assignment, Contribution, Explanation, Setting


def keyed(result):
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    pairs = zip(result.assignment.mentee.tolist(), result.assignment.mentor.tolist(), strict=True)
    return {mentees[i]: mentors[j] for i, j in pairs}


def causes(result):
    return {result.problem.mentees.keys[item.mentee]: item.cause for item in result.unmatched}


class Failing:
    """Score the first blocks, then fail."""

    def __init__(self, good_blocks):
        self.left = good_blocks

    @hookimpl
    def score_matches(self, problem):
        self.left -= 1
        if self.left < 0:
            raise ZeroDivisionError("no more")
        return csr_array(np.ones(problem.shape, dtype=np.float32))


class Forbids:
    def __init__(self, *pairs):
        self.pairs = set(pairs)

    @hookimpl
    def forbid_matches(self, problem):
        mentees = problem.mentees.keys[problem.rows]
        return csr_array(np.array([[(i, j) in self.pairs for j in problem.mentors.keys] for i in mentees]))


class Chooses:
    def __init__(self, *pairs):
        self.pairs = pairs

    @hookimpl
    def assign_matches(self, problem, scores, forbidden):
        mentee = [problem.mentees.keys.index(i) for i, _ in self.pairs]
        mentor = [problem.mentors.keys.index(j) for _, j in self.pairs]
        return Assignment(np.array(mentee, dtype=np.int64), np.array(mentor, dtype=np.int64))


def test_pairs_are_chosen_and_explained(words_host, make_problem):
    problem = make_problem(
        {"ann": "sql data", "bob": "data cooking", "cy": "", "dee": "chess", "eve": "sql"},
        {"mo": ("sql data model", 1), "nia": ("cooking", 2), "oz": ("zen", 0)},
    )
    result = run_match(problem, words_host)
    assert keyed(result) == {"ann": "mo", "bob": "nia"}
    assert result.scores.tolist() == [0.666667, 0.5]
    assert result.ranks.tolist() == [1, 1]
    assert result.why(0, 0) == "data (50%), sql (50%)"
    assert causes(result) == {"cy": Cause.EMPTY_PROFILE, "dee": Cause.NOTHING_SHARED, "eve": Cause.ALL_FULL}


def test_explanations_add_up_to_the_score_and_name_what_is_left(words_host, make_problem):
    text = " ".join(f"word{i}" for i in range(7))
    result = run_match(make_problem({"a": text + " more"}, {"b": (text, 1)}), words_host, MatchSettings(terms=3))
    [part] = result.explanations[0, 0]
    assert [term.label for term in part.terms] == ["word0", "word1", "word2", "other terms"]
    assert sum(term.share for term in part.terms) == pytest.approx(result.scores[0], abs=1e-6)
    assert part.as_json()["terms"][3] == ["other terms", 0.5, None, None, False]


class BetweenTheLines:
    """Score by a word that both say, and more by what neither says."""

    @hookimpl
    def score_matches(self, problem):
        return csr_array(np.full(problem.shape, 0.5, dtype=np.float32))

    @hookimpl
    def explain_matches(self, problem, pairs):
        terms = Contribution("hints", 0.4, shared=False), Contribution("sql", 0.1, "goals", "expertise")
        return [Explanation(0.5, terms) for _ in pairs]


def test_what_people_do_not_say_themselves_counts_but_is_no_reason_that_they_share(make_host, make_problem):
    result = run_match(make_problem({"a": "sql"}, {"b": ("sql", 1)}), make_host(BetweenTheLines()))
    assert result.why(0, 0) == "sql (20%), hints (80%)"
    parts = read_parts([part.as_json() for part in result.explanations[0, 0]])
    assert top_terms(parts) == ("sql",)
    assert parts[0].terms[0] == Contribution("sql", 0.1, "goals", "expertise")


def test_several_scorers_are_a_weighted_mean_whose_parts_add_up(table, make_host, make_problem):
    host = make_host(table({("a", "b"): 0.8}), table({("a", "b"): 0.2}))
    problem = make_problem({"a": "x"}, {"b": ("y", 1)})
    result = run_match(problem, host, MatchSettings(weights={"table0": 3.0}))
    assert result.weights == {"table0": 0.75, "table1": 0.25}
    assert result.scores[0] == pytest.approx(0.65)
    parts = result.explanations[0, 0]
    assert [(part.scorer, pytest.approx(part.score)) for part in parts] == [("table0", 0.8), ("table1", 0.2)]
    assert sum(term.share for part in parts for term in part.terms) == pytest.approx(0.65)
    assert parts[0].terms[0].label == "not explained"


@pytest.mark.parametrize("good_blocks", [0, 1, 2])
@pytest.mark.parametrize("workers", [1, 3])
def test_a_scorer_that_fails_in_any_block_counts_for_none(table, make_host, make_problem, good_blocks, workers):
    mentees = {f"e{i:05}": "x" for i in range(2 * sizes.BLOCK_ROWS + 5)}
    scores = {(key, "r"): 0.5 for key in mentees}
    problem = make_problem(mentees, {"r": ("y", 30)})
    result = run_match(problem, make_host(table(scores), Failing(good_blocks)), MatchSettings(workers=workers))
    assert set(result.degraded) == {"failing1"}
    assert "no more" in result.degraded["failing1"]
    assert set(result.candidates.micro.tolist()) == {500_000}
    assert result.weights == {"table0": 1.0}


def test_when_every_scorer_fails_nothing_is_proposed(make_host, make_problem):
    with pytest.raises(WayfellowError, match=r"every scorer failed: failing0: .*no more"):
        run_match(make_problem({"a": "x"}, {"b": ("y", 1)}), make_host(Failing(0)))


def test_weights_must_be_sensible(table, make_host, make_problem):
    with pytest.raises(InvalidInput, match="weight of tfidf is -1"):
        MatchSettings(weights={"tfidf": -1})
    problem = make_problem({"a": "x"}, {"b": ("y", 1)})
    with pytest.raises(InvalidInput, match=r"weight 0 \(table0\)"):
        run_match(problem, make_host(table({("a", "b"): 1.0})), MatchSettings(weights={"table0": 0}))


def test_forbidden_pairs_never_become_candidates_and_leave_no_gap(table, make_host, make_problem):
    mentors = {f"r{j}": ("y", 1) for j in range(4)}
    scores = {("a", j): 0.9 - 0.1 * n for n, j in enumerate(mentors)}
    problem = make_problem({"a": "x"}, mentors, excluded=[("a", "r0")])
    result = run_match(problem, make_host(table(scores), Forbids(("a", "r1"))), MatchSettings(candidates=2))
    assert result.candidates.mentor.tolist() == [2, 3]
    assert result.candidates.rank.tolist() == [1, 2]


def test_nobody_is_their_own_mentor_whatever_the_side_of_the_name(table, make_host):
    people = [PersonInput("mentee 1", id=7, fields={"t": "x"}), PersonInput("b", id=8, fields={"t": "x"})]
    mentors = [PersonInput("mentor 1", id=7, fields={"t": "x"}), PersonInput("b", id=9, fields={"t": "x"})]
    problem = build_problem(people, mentors, mentee_text_fields=["t"], mentor_text_fields=["t"])
    scores = {(i, j): 1.0 if i[:6] == j[:6] else 0.1 for i in ("mentee 1", "b") for j in ("mentor 1", "b")}
    scores["mentee 1", "mentor 1"] = 1.0
    assert keyed(run_match(problem, make_host(table(scores)))) == {"b": "mentor 1", "mentee 1": "b"}


def test_a_locked_pair_is_kept_though_it_scores_nothing(words_host, make_problem):
    problem = make_problem(
        {"a": "sql", "b": "sql"}, {"m": ("sql", 1), "n": ("golf", 1)}, locked=[("a", "n"), ("b", "m")]
    )
    result = run_match(problem, words_host)
    assert keyed(result) == {"a": "n", "b": "m"}
    assert result.scores.tolist() == [0.0, 1.0]
    assert result.ranks.tolist() == [2, 1]
    assert result.locked.all()


def test_a_locked_pair_beyond_the_kept_candidates_has_its_true_rank(table, make_host, make_problem):
    mentors = {f"r{j}": ("y", 1) for j in range(6)}
    scores = {("a", j): 0.9 - 0.1 * n for n, j in enumerate(mentors)}
    problem = make_problem({"a": "x"}, mentors, locked=[("a", "r4")])
    result = run_match(problem, make_host(table(scores)), MatchSettings(candidates=2, alternates=0))
    assert result.ranks.tolist() == [5]
    assert result.candidates.rank.tolist() == [1, 2, 5]


def test_a_locked_pair_that_a_plugin_forbids_stops_the_run(words_host, make_host, make_problem):
    problem = make_problem({"a": "x"}, {"b": ("x", 1)}, locked=[("a", "b")])
    with pytest.raises(InvalidInput, match="a is to keep b, but a plugin forbids that pair"):
        run_match(problem, make_host(Forbids(("a", "b"))))


def test_ties_go_by_key(table, make_host, make_problem):
    mentors = {f"r{j}": ("y", 1) for j in range(6)}
    problem = make_problem({"a": "x"}, mentors)
    few = MatchSettings(candidates=3, alternates=0)
    result = run_match(problem, make_host(table({("a", j): 0.5 for j in mentors})), few)
    assert result.candidates.mentor.tolist() == [0, 1, 2]


def test_room_at_a_mentor_with_whom_nobody_shares_anything_makes_nobody_look_further(table, make_host, make_problem):
    scorer = table({(f"e{i}", f"r{j}"): 1 - j / 10 for i in range(4) for j in range(3)})
    problem = make_problem(dict.fromkeys(("e0", "e1", "e2", "e3"), "x"), {f"r{j}": ("x", 1) for j in range(4)})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "PAIRS_AT_ONCE", 0)
        result = run_match(problem, make_host(scorer), MatchSettings(candidates=3))
    assert result.quality.matched == 3
    assert scorer.asked == 1


def test_a_mentor_whom_nobody_ranks_high_is_still_found(table, make_host, make_problem):
    """One column is completed, not everybody's list: the others keep the single candidate they had."""
    scorer = table({(f"e{i}", f"r{j}"): 1 - j / 10 for i in range(4) for j in range(9)})
    mentors = {f"r{j}": ("x", 3 if j == 0 else int(j == 8)) for j in range(9)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sizes, "PAIRS_AT_ONCE", 0)
        problem = make_problem(dict.fromkeys(("e0", "e1", "e2", "e3"), "x"), mentors)
        result = run_match(problem, make_host(scorer), MatchSettings(candidates=1))
    assert sorted(keyed(result).values()) == ["r0", "r0", "r0", "r8"]
    assert sorted(result.ranks.tolist()) == [1, 1, 1, 9]
    # Once for all, once for that mentor, and once for the rank of whoever got them.
    assert scorer.asked == 3


def test_a_plugin_may_choose_the_pairs(table, make_host, make_problem):
    problem = make_problem({"a": "x", "b": "x"}, {"m": ("y", 1), "n": ("y", 1)})
    scores = {(i, j): 0.5 for i in "ab" for j in "mn"}
    result = run_match(problem, make_host(table(scores), Chooses(("b", "m"))))
    assert keyed(result) == {"b": "m"}
    assert causes(result) == {"a": Cause.LEFT_BY_PLUGIN}


@pytest.mark.parametrize(
    ("chosen", "more", "sentence"),
    [
        ([("a", "m"), ("b", "m")], {}, "more mentees than there are places"),
        ([("a", "m"), ("a", "n")], {}, "one mentee two mentors"),
        ([("a", "m")], {"excluded": [("a", "m")]}, "chose a with m, who is not among the candidates"),
        ([("a", "m")], {"locked": [("b", "n")]}, "did not keep b with n"),
    ],
)
def test_a_plugin_that_breaks_a_rule_is_named_by_what_it_broke(table, make_host, make_problem, chosen, more, sentence):
    problem = make_problem({"a": "x", "b": "x"}, {"m": ("y", 1), "n": ("y", 1)}, **more)
    scores = {(i, j): 0.5 for i in "ab" for j in "mn"}
    with pytest.raises(WayfellowError, match=sentence):
        run_match(problem, make_host(table(scores), Chooses(*chosen)))


@pytest.mark.parametrize(
    ("mentees", "mentors", "cause"),
    [
        ({"a": "x"}, {}, Cause.NO_MENTORS),
        ({"a": ""}, {"b": ("", 1)}, Cause.EMPTY_PROFILE),
        ({"a": "x"}, {"b": ("  ", 1)}, Cause.EMPTY_MENTORS),
        ({"a": "x"}, {"b": ("x", 0)}, Cause.NO_PLACES),
        ({"a": "x"}, {"b": ("x", 0), "c": ("y", 1)}, Cause.NO_PLACES),
        ({"a": "x"}, {"b": ("y", 1)}, Cause.NOTHING_SHARED),
    ],
)
def test_everyone_unmatched_is_an_answer(words_host, make_problem, mentees, mentors, cause):
    result = run_match(make_problem(mentees, mentors), words_host)
    assert [item.cause for item in result.unmatched] == [cause]
    assert result.quality.matched == 0
    assert result.quality.worst is None


def test_no_scorer_at_all_is_said(make_host, make_problem):
    assert causes(run_match(make_problem({"a": "x"}, {"b": ("x", 1)}), make_host())) == {"a": Cause.NO_SCORER}


def test_nobody_on_either_side(words_host, make_problem):
    assert run_match(make_problem({}, {}), words_host).quality.people == 0


def test_reasons_count_the_mentors(words_host, make_problem):
    mentors = {f"m{i}": ("sql", 1) for i in range(3)}
    result = run_match(make_problem({f"e{i}": "sql" for i in range(4)}, mentors), words_host)
    [item] = result.unmatched
    assert item.reason == "Each of the 3 mentors who have something in common with this person is full."


def test_progress_ends_at_the_whole_and_may_stop_the_run(words_host, make_problem):
    problem, told = make_problem({"a": "x"}, {"b": ("x", 1)}), []
    run_match(problem, words_host, progress=lambda *step: told.append(step))
    assert ("score", 1, 1) in told
    assert ("explain", 1, 1) in told

    def stop(stage, done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_match(problem, words_host, progress=stop)


def test_workers_change_nothing(words_host, make_problem):
    mentees = {f"e{i:05}": f"w{i % 7} w{i % 3}" for i in range(2 * sizes.BLOCK_ROWS + 9)}
    mentors = {f"r{j}": (f"w{j} w{j + 1}", 40) for j in range(6)}
    one, many = (run_match(make_problem(mentees, mentors), words_host, MatchSettings(workers=n)) for n in (1, 2))
    assert keyed(one) == keyed(many)
    assert one.candidates.micro.tolist() == many.candidates.micro.tolist()


def test_the_hash_changes_with_whatever_decides_the_result(make_problem):
    def fingerprint(text="x", places=1, settings=None, **more):
        return input_hash(make_problem({"a": text}, {"b": ("y", places)}, **more), settings or MatchSettings())

    same = fingerprint()
    assert same == fingerprint(settings=MatchSettings(workers=2, alternatives=0))
    others = [
        fingerprint(text="z"),
        fingerprint(places=2),
        fingerprint(seed=1),
        fingerprint(excluded=[("a", "b")]),
        fingerprint(locked=[("a", "b")]),
        fingerprint(settings=MatchSettings(weights={"words": 2})),
        fingerprint(settings=MatchSettings(candidates=9)),
    ]
    assert len({same, *others}) == len(others) + 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"locked": [("a", "m"), ("a", "n")]}, "a is to keep two mentors"),
        ({"locked": [("a", "m"), ("b", "m")]}, "m is to keep more mentees than the 1"),
        ({"locked": [("a", "m")], "excluded": [("a", "m")]}, "excluded or one person"),
        ({"locked": [("z", "m")]}, "names z, who is not among the mentees"),
        ({"locked": [("a", "z")]}, "names z, who is not among the mentors"),
    ],
)
def test_locked_pairs_that_cannot_be_are_refused(make_problem, more, sentence):
    with pytest.raises(InvalidInput, match=sentence):
        make_problem({"a": "x", "b": "x"}, {"m": ("y", 1), "n": ("y", 1)}, **more)


def test_people_twice_and_wild_capacities_are_refused():
    twice = [PersonInput("a"), PersonInput("a")]
    with pytest.raises(InvalidInput, match="a stands twice among the mentees"):
        build_problem(twice, [], mentee_text_fields=[], mentor_text_fields=[])
    for capacity in (-1, 40_000):
        with pytest.raises(InvalidInput, match=f"capacity of m is {capacity}"):
            build_problem([], [PersonInput("m", capacity=capacity)], mentee_text_fields=[], mentor_text_fields=[])


class Volume:
    """Score every pair as loudly as the operator says."""

    @hookimpl
    def register_settings(self):
        return [Setting("loudness", "Loudness", 0.5)]

    @hookimpl
    def score_matches(self, problem):
        return csr_array(np.full(problem.shape, problem.settings["volume.loudness"], dtype=np.float32))


def test_scorers_get_what_the_operator_set_and_it_counts_as_input(make_problem, tmp_path):
    problem = make_problem({"ann": "x"}, {"mo": ("x", 1)})

    def run(**table):
        config = replace(default_config(tmp_path), plugin_settings={"volume": table})
        return run_match(problem, PluginHost.load(config, plugins=(("volume", Volume()),)))

    plain, loud = run(), run(loudness=0.75)
    assert (plain.scores.tolist(), loud.scores.tolist()) == ([0.5], [0.75])
    assert plain.input_hash != loud.input_hash


class SilentOnTheFirst:
    @hookimpl
    def score_matches(self, problem):
        return None if "a" in problem.mentees.keys[problem.rows] else ones(problem.shape)


def ones(shape):
    return csr_array(np.ones(shape, dtype=np.float32))


def test_a_scorer_keeps_its_own_score_where_another_has_no_opinion(table, make_host, make_problem, monkeypatch):
    monkeypatch.setattr("wayfellow.matching.gather.BLOCK_ROWS", 1)
    host = make_host(table({("a", "m"): 0.8, ("b", "m"): 0.6}), SilentOnTheFirst())
    problem = make_problem({"a": "x", "b": "x"}, {"m": ("x", 2)})
    found = run_match(problem, host).candidates
    assert found.parts["table0"].tolist() == pytest.approx([0.8, 0.6])
    assert found.parts["silentonthefirst1"].tolist() == [0, 1]
    assert found.score.tolist() == pytest.approx([0.4, 0.8])
