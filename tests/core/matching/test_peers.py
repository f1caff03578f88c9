"""Pairs within one pool: the best there are, nobody twice, nobody with themselves, whatever the order of people."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from wayfellow.errors import InvalidInput
from wayfellow.markers import hookimpl
from wayfellow.matching import choose
from wayfellow.matching import settings as defaults
from wayfellow.matching.candidates import MICRO
from wayfellow.matching.causes import Cause
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.problem import PersonInput, build_problem
from wayfellow.matching.settings import MatchSettings

PEERS = MatchSettings(mode="peers", alternatives=0)
BEST_TOTAL = MatchSettings(mode="peers", alternatives=0, objective="best_total")
SCORES = st.sampled_from([0, 0, 0.25, 0.5, 0.5, 1]) | st.floats(0, 1, width=32)


class Forbids:
    """Forbid pairs of keys, one way only."""

    def __init__(self, pairs):
        self.pairs = pairs

    @hookimpl
    def forbid_matches(self, problem):
        asked = problem.mentees.keys[problem.rows]
        return csr_array(np.array([[(i, j) in self.pairs for j in problem.mentors.keys] for i in asked], bool))


class Fails:
    @hookimpl
    def score_matches(self, problem):
        raise ZeroDivisionError("no more")


def pool_of(texts, *, locked=(), excluded=(), current=(), seed=0):
    """Return a problem of peers from {key: (what they look for, what they offer)}."""
    people = [PersonInput(key, fields={"goals": asks, "skills": offers}) for key, (asks, offers) in texts.items()]

    def both(pairs):
        return [*pairs, *((b, a) for a, b in pairs)]

    return build_problem(
        people,
        people,
        mentee_text_fields=["goals"],
        mentor_text_fields=["skills"],
        locked=both(locked),
        excluded=both(excluded),
        current=both(current),
        seed=seed,
    )


def keyed(result):
    keys = result.problem.mentees.keys
    pairs = zip(result.assignment.mentee.tolist(), result.assignment.mentor.tolist(), strict=True)
    return {keys[i]: keys[j] for i, j in pairs}


def as_pairs(partners):
    """Return each pair once, after checking that both find each other and nobody themselves."""
    assert all(partners[other] == one != other for one, other in partners.items())
    return {tuple(sorted(pair)) for pair in partners.items()}


def all_choices(people, able):
    """Yield every set of pairs among those that can be in which nobody stands twice."""
    if len(people) < 2:
        yield frozenset()
        return
    first, *rest = people
    yield from all_choices(rest, able)
    for other in rest:
        if (first, other) in able:
            left = [one for one in rest if one != other]
            yield from (more | {(first, other)} for more in all_choices(left, able))


@st.composite
def pools(draw):
    keys = [f"p{i}" for i in range(draw(st.integers(0, 7)))]
    ways = [(a, b) for a in keys for b in keys if a != b]
    scores = dict(zip(ways, draw(st.lists(SCORES, min_size=len(ways), max_size=len(ways))), strict=True))
    pairs = list(combinations(keys, 2))
    some = st.sets(st.sampled_from(pairs), max_size=3) if pairs else st.just(set())
    excluded, ruled, current = draw(some), draw(some), draw(some)
    locked, used = set(), set()
    for pair in sorted(draw(some) - excluded - ruled):
        if not used & set(pair):
            locked.add(pair)
            used |= set(pair)
    return keys, scores, locked, excluded, ruled, current


@settings(deadline=None, max_examples=200)
@given(case=pools(), chosen=st.sampled_from([PEERS, BEST_TOTAL]), data=st.data())
def test_the_pairs_are_the_best_of_all_and_the_order_of_people_is_nothing(make_host, table, case, chosen, data):
    keys, scores, locked, excluded, ruled, current = case
    host = make_host(table(scores), Forbids(ruled))
    problem = pool_of(dict.fromkeys(keys, ("a", "b")), locked=locked, excluded=excluded, current=current)
    result = run_match(problem, host, chosen)
    pairs = as_pairs(keyed(result))

    def micro(pair):
        mean = (np.float32(scores[pair]) + np.float32(scores[pair[::-1]])) / np.float32(2)
        return int(np.rint(float(mean) * MICRO))

    def gain(pair):
        return micro(pair) + (int(np.rint(micro(pair) * chosen.incumbent_bonus)) if pair in current else 0)

    used = {key for pair in locked for key in pair}
    free = [key for key in keys if key not in used]
    able = {pair for pair in combinations(free, 2) if micro(pair) and pair not in excluded | ruled}
    choices = list(all_choices(free, able))
    assert locked <= pairs
    assert pairs - locked in choices

    def worth(choice):
        total = sum(map(gain, choice))
        return (len(choice), total) if chosen is PEERS else total

    assert worth(pairs - locked) == max(map(worth, choices))
    assert result.quality.total == pytest.approx(sum(map(micro, pairs)) / MICRO, abs=1e-9)
    assert result.quality.upper_bound >= result.quality.total - 1e-9
    assert (result.quality.matched, result.quality.pairs) == (2 * len(pairs), len(pairs))
    assert {item.mentee for item in result.unmatched} == set(range(len(keys))) - set(result.assignment.mentee.tolist())
    shuffled = data.draw(st.permutations(keys))
    again = pool_of(dict.fromkeys(shuffled, ("a", "b")), locked=locked, excluded=excluded, current=current)
    assert keyed(run_match(again, host, chosen)) == keyed(result)


@settings(deadline=None, max_examples=60)
@given(
    texts=st.lists(
        st.tuples(*(st.lists(st.sampled_from("abcdefg"), max_size=4).map(" ".join) for _ in range(2))),
        min_size=2,
        max_size=8,
    )
)
def test_the_reasons_of_both_ways_add_up_to_the_score(words_host, texts):
    result = run_match(pool_of({f"p{i}": one for i, one in enumerate(texts)}), words_host, PEERS)
    for i, j, score in zip(result.assignment.mentee, result.assignment.mentor, result.scores, strict=True):
        own, other = result.explanations[int(i), int(j)], result.explanations[int(j), int(i)]
        assert sum(term.share for part in own for term in part.terms) == pytest.approx(score, abs=1e-6)
        assert {term.label for part in own for term in part.terms} == {t.label for part in other for t in part.terms}


def test_a_reason_names_the_fields_that_each_person_wrote(make_host):
    class Says:
        @hookimpl
        def score_matches(self, problem):
            return csr_array(np.full(problem.shape, 0.5, np.float32))

        @hookimpl
        def explain_matches(self, problem, pairs):
            from wayfellow.types import Contribution, Explanation

            return [
                Explanation(0.5, (Contribution(f"{problem.mentees.keys[i]} asks", 0.5, "goals", "skills"),))
                for i, _ in pairs.tolist()
            ]

    result = run_match(pool_of({"a": ("x", "y"), "b": ("y", "x")}), make_host(Says()), PEERS)
    (part,) = result.explanations[0, 1]
    assert {(t.label, t.share, t.mentee_field, t.mentor_field) for t in part.terms} == {
        ("a asks", 0.25, "goals", "skills"),
        ("b asks", 0.25, "skills", "goals"),
    }


def test_who_is_left_over_is_told_why(make_host, table):
    texts = dict.fromkeys(("a", "b", "c", "d"), ("x", "x")) | {"e": ("", "")}
    triangle = {("a", "b"): 0.4, ("b", "c"): 0.3, ("c", "a"): 0.2, ("d", "a"): 0.9}
    result = run_match(pool_of(texts, excluded=[("a", "d")]), make_host(table(triangle)), PEERS)
    causes = {result.problem.mentees.keys[item.mentee]: item.cause for item in result.unmatched}
    assert causes == {"c": Cause.ODD_ONE_OUT, "d": Cause.ALL_FORBIDDEN, "e": Cause.EMPTY_PROFILE}
    star = {("hub", key): 0.5 for key in "abc"}
    texts = dict.fromkeys(("a", "b", "c", "hub", "far"), ("x", "x"))
    result = run_match(pool_of(texts), make_host(table(star)), PEERS)
    causes = {result.problem.mentees.keys[item.mentee]: item.cause for item in result.unmatched}
    assert sorted(causes.values()) == [Cause.ALL_PAIRED, Cause.ALL_PAIRED, Cause.NOTHING_SHARED]
    alone = run_match(pool_of({"a": ("x", "x")}), make_host(table({})), PEERS)
    assert [item.cause for item in alone.unmatched] == [Cause.NO_MENTORS]


def test_a_scorer_that_fails_is_named_and_the_others_count(make_host, table):
    result = run_match(pool_of({"a": ("x", "x"), "b": ("x", "x")}), make_host(Fails(), table({("a", "b"): 1})), PEERS)
    assert list(result.degraded) == ["fails0"]
    assert result.scores.tolist() == [0.5, 0.5]


def test_who_stands_on_nobodys_list_is_found_all_the_same(make_host, table, monkeypatch):
    """Everybody's best three are hubs; the others find each other only where one looks further."""
    monkeypatch.setattr(defaults, "PEER_PAIRS_AT_ONCE", 1)
    hubs, others = ["h0", "h1", "h2"], [f"o{i}" for i in range(9)]
    scores = {(a, h): 0.9 for a in others for h in hubs} | dict.fromkeys(combinations(others, 2), 0.1)
    few = MatchSettings(mode="peers", alternatives=0, candidates=3)
    problem = pool_of(dict.fromkeys([*hubs, *others], ("x", "x")))
    assert run_match(problem, make_host(table(scores)), few).quality.matched == 12
    monkeypatch.setattr(choose, "MOST_PEER_PAIRS", 0)
    assert run_match(problem, make_host(table(scores)), few).quality.matched < 12


def test_what_is_no_single_pool_is_refused(make_problem, words_host):
    with pytest.raises(InvalidInput, match="one list of people"):
        run_match(make_problem({"a": "x"}, {"b": ("x", 1)}), words_host, PEERS)
