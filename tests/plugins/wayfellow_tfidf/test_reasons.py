"""Explanations: readable terms, the documents they come from, and pairs asked about by their texts."""

import pytest

from wayfellow_tfidf import Reason, TfidfMatcher

MENTORS = [["Trainer", "Evaluating SQL models. Evaluating people.", "SQL; Excel"], ["Nurse", "caring", ""]]
MENTEES = [["I evaluate and excel", "evaluating with sql"], ["nurses", ""]]


@pytest.fixture
def matcher() -> TfidfMatcher:
    matcher = TfidfMatcher(neighbours=0).fit(MENTORS, MENTEES)
    matcher.score(MENTEES)
    return matcher


def test_terms_are_words_as_people_write_them(matcher):
    assert {reason.term for reason in matcher.explain(0, 0)} == {"evaluating", "sql", "excel"}


def test_capitals_stay_where_nobody_writes_without():
    matcher = TfidfMatcher().fit([["SQL"]], [["SQL"]])
    matcher.score([["sql"]])
    assert matcher.explain(0, 0) == [Reason("SQL", pytest.approx(1), 0, 0)]


def test_each_term_names_the_documents_where_it_weighs_most(matcher):
    places = {r.term: (r.mentee_document, r.mentor_document) for r in matcher.explain(0, 0)}
    assert places == {"evaluating": (0, 1), "sql": (1, 1), "excel": (0, 2)}


def test_the_heaviest_term_comes_first(matcher):
    shares = [reason.share for reason in matcher.explain(0, 0)]
    assert shares == sorted(shares, reverse=True)
    assert matcher.explain(0, 1) == []


def test_pairs_are_explained_by_their_texts_as_by_their_positions(matcher):
    by_text = matcher.explain_pairs([MENTEES[1], MENTEES[0]], [(1, 0), (0, 1), (1, 1), (1, 0)])
    assert by_text == [matcher.explain(i, j) for i, j in [(0, 0), (1, 1), (0, 1), (0, 0)]]
    assert matcher.explain_pairs([], []) == []


def test_explain_is_about_the_mentees_last_scored(matcher):
    matcher.score([MENTEES[1]])
    assert [reason.term for reason in matcher.explain(0, 1)] == ["Nurse"]
    with pytest.raises(IndexError, match="mentee 1 does not exist: there are 1"):
        matcher.explain(1, 0)


@pytest.mark.parametrize(("pair", "what"), [((2, 0), "mentee 2"), ((-1, 0), "mentee -1"), ((0, 2), "mentor 2")])
def test_a_position_that_does_not_exist_is_named(matcher, pair, what):
    with pytest.raises(IndexError, match=what):
        matcher.explain(*pair)
    with pytest.raises(IndexError, match=what):
        matcher.explain_pairs(MENTEES, [pair])
