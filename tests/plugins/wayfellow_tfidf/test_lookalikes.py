"""Words that only one side writes, and the words of the other that they count as."""

import pickle
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayfellow_tfidf import Reason, TfidfMatcher

WORDS = ["javascript", "javascirpt", "script", "java", "accounting", "acounting", "accounts", "C++", "nursing", "zzz"]
PEOPLE = st.lists(st.lists(st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join), max_size=2), max_size=5)


def matched(mentors: list[list[str]], mentees: list[list[str]], *, seen: bool = True) -> TfidfMatcher:
    matcher = TfidfMatcher(neighbours=0).fit(mentors, mentees if seen else None)
    matcher.score(mentees)
    return matcher


@pytest.mark.parametrize("seen", [True, False])
@pytest.mark.parametrize(
    ("wanted", "offered", "term"),
    [
        ("javascirpt", "JavaScript", "javascirpt ≈ JavaScript"),
        ("Java Script", "JavaScript", "Script ≈ JavaScript"),
        ("Datenbankadministration", "Administration", "Datenbankadministration ≈ Administration"),
        ("бухгалтерия", "бухгалтерский", "бухгалтерия ≈ бухгалтерский"),
    ],
)
def test_a_word_of_mentees_alone_counts_as_the_most_alike_of_mentors_and_both_are_named(wanted, offered, term, seen):
    matcher = matched([[offered], ["gardening"]], [[wanted]], seen=seen)
    [reason] = matcher.explain(0, 0)
    assert reason == Reason(term, pytest.approx(matcher.score([[wanted]])[0, 0], abs=1e-6), 0, 0)
    assert matcher.explain(0, 1) == []


def test_a_misspelling_of_a_mentor_counts_as_what_others_write():
    mentors = [["acounting for farms"], ["accounting"], ["gardening"]]
    mentees = [["I want to learn accounting"]]
    reasons = matched(mentors, mentees).explain(0, 0)
    assert [reason.term for reason in reasons] == ["accounting ≈ acounting"]


def test_the_word_as_it_is_counts_more_than_one_like_it():
    found = TfidfMatcher(neighbours=0).fit([["javascript"], ["javascirpt"]], [["javascript and rust"]])
    alike = found.score([["javascript and rust"]]).toarray()[0]
    assert alike[0] >= alike[1] > 0


@pytest.mark.parametrize(
    ("wanted", "offered"),
    [("nurse", "purse"), ("law", "lawn"), ("web2", "web3"), ("C++", "C+++"), ("数据科学", "数据库")],
)
def test_words_that_are_short_or_exact_or_hardly_alike_are_others(wanted, offered):
    reasons = matched([[offered]], [[wanted]]).explain(0, 0)
    assert not any("≈" in reason.term for reason in reasons)


def test_a_word_that_both_sides_write_stays_what_it_is():
    mentors, mentees = [["scripts"], ["javascript"]], [["javascript"], ["scripts"]]
    assert matched(mentors, mentees).score(mentees).toarray().tolist() == [[0, 1], [1, 0]]


def test_a_likeness_of_1_compares_words_as_they_are():
    matcher = TfidfMatcher(neighbours=0, likeness=1).fit([["javascript"]], [["javascirpt"]])
    assert matcher.score([["javascirpt"], ["javascrpit"]]).nnz == 0


@pytest.mark.parametrize("likeness", [0, -1, 1.5, float("nan"), "much", True])
def test_a_likeness_out_of_range_is_named(likeness):
    with pytest.raises(ValueError, match="likeness must be a number above 0, at most 1, not"):
        TfidfMatcher(likeness=likeness).fit([["a"]])


@settings(deadline=None, max_examples=30)
@given(mentors=PEOPLE, mentees=PEOPLE, seen=st.booleans(), random_=st.randoms(use_true_random=False))
def test_reasons_add_up_and_order_changes_nothing(mentors, mentees, seen, random_):
    def fitted(mentors: list[list[str]], mentees: list[list[str]]) -> TfidfMatcher:
        return TfidfMatcher(neighbours=2).fit(mentors, mentees if seen else None)

    matcher = fitted(mentors, mentees)
    scores = matcher.score(mentees).toarray()
    pairs = list(np.ndindex(scores.shape))
    for pair, reasons in zip(pairs, matcher.explain_pairs(mentees, pairs), strict=True):
        assert sum(reason.share for reason in reasons) == pytest.approx(scores[pair], abs=1e-6)
    order = list(range(len(mentors)))
    random_.shuffle(order)
    moved = fitted([mentors[j] for j in order], mentees[::-1])
    assert (moved.score(mentees).toarray() == scores[:, order]).all()
    assert all((moved.score([one]).toarray()[0] == row[order]).all() for one, row in zip(mentees, scores, strict=True))
    assert (pickle.loads(pickle.dumps(matcher)).score(mentees).toarray() == scores).all()  # noqa: S301 - our own bytes


def test_misspelt_people_are_ranked_nearly_as_well(sample):
    rng = random.Random(1)

    def misspell(word: str) -> str:
        place = rng.randrange(1, max(2, len(word) - 1))
        swapped = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
        return swapped if len(word) > 4 and rng.random() < 0.2 else word

    mentors, mentees = (
        [[" ".join(map(misspell, text.split())) for text in person] for person in side]
        for side in (sample.mentors, sample.mentees)
    )
    alike, exact = (
        sample.ndcg(TfidfMatcher(likeness=likeness).fit(mentors, mentees).score(mentees).toarray())
        for likeness in (TfidfMatcher().likeness, 1)
    )
    assert alike > exact
    assert alike >= 0.55
