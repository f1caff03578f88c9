"""The estimator: what it promises for any people, and how well it ranks known ones."""

import pickle

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from wayfellow_tfidf import TfidfMatcher

WORDS = st.sampled_from(
    [
        "data",
        "analysis",
        "analyses",
        "C++",
        "teaching",
        "teaches",
        "数据科学",
        "مرحبا",
        "हिन्दी",
        "😀",
        "<b>law</b>",
        "the",
    ]
)
TEXT = st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=20)
PEOPLE = st.lists(st.lists(TEXT, max_size=3), max_size=7)

MENTORS = [["Data analyst", "I evaluate models and analyse data."], ["Nurse", "I care for patients."], ["", ""]]
MENTEES = [["I want to evaluate models"], ["caring for a patient", "nursing"], []]


def scores(mentors: list[list[str]], mentees: list[list[str]], **parameters: object) -> np.ndarray:
    return TfidfMatcher(**parameters).fit(mentors, mentees).score(mentees).toarray()


def test_the_mentor_who_writes_of_the_same_things_scores_highest():
    found = scores(MENTORS, MENTEES)
    assert found[0].argmax() == 0
    assert found[1].argmax() == 1
    assert not found[2].any()
    assert not found[:, 2].any()


@settings(deadline=None, max_examples=60)
@given(mentors=PEOPLE, mentees=PEOPLE, neighbours=st.integers(0, 4))
def test_any_people_give_scores_from_0_to_1_that_their_reasons_add_up_to(mentors, mentees, neighbours):
    matcher = TfidfMatcher(neighbours=neighbours).fit(mentors, mentees)
    found = matcher.score(mentees)
    assert isinstance(found, csr_array)
    assert found.dtype == np.float32
    assert found.shape == (len(mentees), len(mentors))
    dense = found.toarray()
    assert np.isfinite(dense).all()
    assert ((dense >= 0) & (dense <= 1)).all()
    pairs = list(np.ndindex(dense.shape))
    for pair, reasons in zip(pairs, matcher.explain_pairs(mentees, pairs), strict=True):
        assert sum(reason.share for reason in reasons) == pytest.approx(dense[pair], abs=1e-6)
        assert all(reason.share > 0 for reason in reasons)


@settings(deadline=None, max_examples=40)
@given(mentors=PEOPLE, mentees=PEOPLE, random=st.randoms(use_true_random=False))
def test_reordering_people_reorders_scores_and_changes_none(mentors, mentees, random):
    rows, columns = list(range(len(mentees))), list(range(len(mentors)))
    random.shuffle(rows)
    random.shuffle(columns)
    moved = scores([mentors[j] for j in columns], [mentees[i] for i in rows], neighbours=2)
    assert (moved == scores(mentors, mentees, neighbours=2)[np.ix_(rows, columns)]).all()


def test_reordering_real_people_changes_no_bit_of_a_score(sample):
    rng = np.random.default_rng(5)
    rows, columns = rng.permutation(len(sample.mentees)), rng.permutation(len(sample.mentors))
    moved = scores([sample.mentors[j] for j in columns], [sample.mentees[i] for i in rows])
    assert (moved == scores(sample.mentors, sample.mentees)[np.ix_(rows, columns)]).all()


def test_scores_are_the_same_in_one_call_in_blocks_and_one_by_one(sample):
    matcher = TfidfMatcher().fit(sample.mentors, sample.mentees)
    whole = matcher.score(sample.mentees).toarray()
    blocks = [matcher.score(sample.mentees[i : i + 60]).toarray() for i in range(0, len(sample.mentees), 60)]
    assert (np.vstack(blocks) == whole).all()
    assert (matcher.score(sample.mentees[7:8]).toarray() == whole[7]).all()


def test_more_mentees_than_an_inner_block_score_like_few():
    matcher = TfidfMatcher().fit(MENTORS, MENTEES)
    many = matcher.score(MENTEES * 700)
    assert many.shape == (2100, 3)
    assert (many.toarray() == np.tile(matcher.score(MENTEES).toarray(), (700, 1))).all()


def test_the_same_input_gives_the_same_bytes_even_after_a_round_trip(sample):
    first = TfidfMatcher().fit(sample.mentors, sample.mentees)
    second = pickle.loads(pickle.dumps(clone(first).fit(sample.mentors, sample.mentees)))  # noqa: S301
    one, two = first.score(sample.mentees), second.score(sample.mentees)
    for part in ("data", "indices", "indptr"):
        assert getattr(one, part).tobytes() == getattr(two, part).tobytes()


@pytest.mark.parametrize("with_mentees", [True, False])
def test_nobody_scores_higher_than_the_one_with_the_same_text(sample, with_mentees):
    twins = [[" ".join(person)] for person in sample.mentors[:20]]
    matcher = TfidfMatcher().fit(twins, twins if with_mentees else None)
    found = matcher.score(twins).toarray()
    assert found.diagonal() == pytest.approx(1, abs=1e-6)
    assert (found.max(axis=1) == found.diagonal()).all()


@pytest.mark.parametrize(
    ("mentors", "mentees"),
    [
        ([], []),
        ([], MENTEES),
        (MENTORS, []),
        ([[]], [[]]),
        ([["", ""]], [[""]]),
        ([["😀🎉"]], [["😀🎉"]]),
        ([["the of and"]], [["to be or not to be"]]),
    ],
)
def test_where_nothing_is_said_every_score_is_0(mentors, mentees):
    found = TfidfMatcher().fit(mentors, mentees).score(mentees)
    assert found.shape == (len(mentees), len(mentors))
    assert found.nnz == 0


@pytest.mark.parametrize(
    "text",
    [
        "Python",
        "x" * 200_000,
        "data science " * 16_000,
        "女性工程师想学习",
        "<p>Hello &amp; <b>law</b></p>",
        "مرحبا بالعالم",
        "<tag" * 9999,
    ],
)
def test_unusual_texts_still_meet_their_like(text):
    found = scores([["gardening"], [text]], [[text]])
    assert found[0, 1] == pytest.approx(1, abs=1e-6)
    assert found[0, 0] < found[0, 1]


def test_words_that_only_similar_people_use_count_and_are_marked():
    mentors = [["welding steel"], ["poetry"]]
    mentees = [["bridges"], ["bridges welding"]]
    assert scores(mentors, mentees, neighbours=0)[0, 0] == 0
    matcher = TfidfMatcher(neighbours=3).fit(mentors, mentees)
    assert matcher.score(mentees).toarray()[0, 0] > 0
    reasons = {reason.term: reason for reason in matcher.explain(0, 0)}
    assert reasons["welding"].mentee_document is None
    assert reasons["welding"].mentor_document == 0
    assert reasons["bridges"].mentee_document == 0
    assert reasons["bridges"].mentor_document is None


@settings(deadline=None, max_examples=40)
@given(mentors=PEOPLE, mentees=PEOPLE, most=st.integers(1, 3), fitted=st.booleans())
def test_of_each_mentee_the_best_mentors_alone_are_scored_and_explained(mentors, mentees, most, fitted):
    given = (mentors, mentees) if fitted else (mentors,)
    everything = TfidfMatcher(pool_size=3).fit(*given).score(mentees).toarray()
    matcher = TfidfMatcher(pool_size=3, max_mentors=most).fit(*given)
    pairs = list(np.ndindex(everything.shape))
    explained = matcher.explain_pairs(mentees, pairs)
    found = matcher.score(mentees).toarray()
    last = -np.sort(-everything, axis=1)[:, : min(most, len(mentors))][:, -1:] if mentors else 0
    assert (found == np.where(everything >= last, everything, 0)).all()
    for pair, reasons in zip(pairs, explained, strict=True):
        assert sum(reason.share for reason in reasons) == pytest.approx(found[pair], abs=1e-6)


def test_neighbours_are_looked_for_among_a_sample_that_hangs_on_texts_alone(sample):
    moved = scores(sample.mentors[::-1], sample.mentees[::-1], pool_size=50)[::-1, ::-1]
    few = scores(sample.mentors, sample.mentees, pool_size=50)
    assert (moved == few).all()
    assert (few != scores(sample.mentors, sample.mentees)).any()
    assert sample.ndcg(few) >= 0.56


def test_a_block_scored_in_a_thread_or_another_process_is_the_same(sample):
    matcher = TfidfMatcher(max_mentors=20).fit(sample.mentors, sample.mentees)
    blocks = [sample.mentees[start : start + 30] for start in range(0, len(sample.mentees), 30)]
    alone = [matcher.score(block).toarray() for block in blocks]
    for prefer in ("threads", "processes"):
        with joblib.parallel_config(n_jobs=2, prefer=prefer):
            found = joblib.Parallel()(joblib.delayed(matcher.score)(block) for block in blocks)
        assert all((one.toarray() == two).all() for one, two in zip(found, alone, strict=True))


@pytest.mark.parametrize("asked_before", [True, False])
def test_mentors_who_alone_are_asked_for_score_as_among_all(sample, asked_before):
    """Also where only the best mentors of a mentee get a score, and whether or not it is known yet which."""
    whole = TfidfMatcher(max_mentors=20).fit(sample.mentors, sample.mentees).score(sample.mentees).toarray()
    matcher = TfidfMatcher(max_mentors=20).fit(sample.mentors, sample.mentees)
    if asked_before:
        matcher.score(sample.mentees)
    asked = np.arange(len(sample.mentors)) % 7 == 0
    some = matcher.score(sample.mentees, asked)
    assert (some.toarray() == np.where(asked, whole, 0)).all()
    assert some.has_sorted_indices
    assert 0 < some.nnz < (whole > 0).sum()


def test_a_pasted_text_counts_once():
    pasted = scores(MENTORS, [*MENTEES, *[["I use this programme's template"]] * 50])[:3]
    assert (pasted == scores(MENTORS, [*MENTEES, ["I use this programme's template"]])[:3]).all()


def test_ranking_of_known_people_is_good_and_better_than_bare_words(sample):
    bare = sample.ndcg(scores(sample.mentors, sample.mentees, neighbours=0))
    full = sample.ndcg(scores(sample.mentors, sample.mentees))
    assert bare >= 0.56
    assert full >= 0.60


def test_parameters_are_only_stored_until_fit():
    matcher = TfidfMatcher(neighbours=-1).set_params(max_terms=50)
    assert matcher.get_params()["neighbours"] == -1
    assert matcher.get_params()["max_terms"] == 50
    assert clone(matcher).get_params() == matcher.get_params()
    assert not [name for name in vars(matcher) if name.endswith("_")]
    assert matcher.set_params(neighbours=2).fit(MENTORS) is matcher


@pytest.mark.parametrize(
    "parameters",
    [
        {"neighbours": -1},
        {"neighbours": 2.5},
        {"neighbours": True},
        {"max_terms": 0},
        {"pool_size": 0},
        {"max_mentors": 0.5},
        {"neighbour_weight": -0.1},
        {"neighbour_weight": float("nan")},
        {"neighbour_weight": "much"},
    ],
)
def test_a_parameter_out_of_range_is_named(parameters):
    name, value = next(iter(parameters.items()))
    with pytest.raises(ValueError, match=f"{name} must be .* not {value!r}"):
        TfidfMatcher(**parameters).fit(MENTORS)


@pytest.mark.parametrize(
    ("people", "place"),
    [
        ("a text", "mentors must be"),
        ([["fine"], "a text"], r"mentors\[1\] must be"),
        ([["fine", 3]], r"mentors\[0\]\[1\] must be a str"),
    ],
)
def test_people_who_are_no_documents_are_pointed_at(people, place):
    with pytest.raises(TypeError, match=place):
        TfidfMatcher().fit(people)


def test_fewer_terms_keep_the_heaviest():
    matcher = TfidfMatcher(neighbours=0, max_terms=1).fit([["common rare", "rare"], ["common"]])
    matcher.score([["common rare rare"]])
    assert [reason.term for reason in matcher.explain(0, 0)] == ["rare"]


def test_nothing_is_scored_or_explained_before_fit():
    for call in (lambda m: m.score(MENTEES), lambda m: m.explain(0, 0), lambda m: m.explain_pairs(MENTEES, [(0, 0)])):
        with pytest.raises(NotFittedError):
            call(TfidfMatcher())
