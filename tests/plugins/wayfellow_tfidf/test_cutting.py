"""Texts cut once while they are remembered, and in processes: the same words whatever was remembered and who cut."""

import joblib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from wayfellow_tfidf import TfidfMatcher
from wayfellow_tfidf.cutting import cut, forget
from wayfellow_tfidf.identity import digest
from wayfellow_tfidf.tokens import Tokens, tokenise

TEXT = st.lists(st.sampled_from(["lead", "Lead", "数据科学", "C++", "😀", "java script"]), max_size=4).map(" ".join)
PEOPLE = st.lists(st.lists(TEXT, max_size=3), max_size=6)
MANY = [[f"number{n}", f"teach {n % 7}"] for n in range(2100)]
"""More than are cut at a time in another process."""


@pytest.fixture(autouse=True)
def _remember_nothing():
    forget()
    yield
    forget()


def cut_people(people: list[list[str]]) -> Tokens:
    return cut({digest(person): person for person in people})


def said(tokens: Tokens) -> list[list[list[str]]]:
    words = [tokens.spellings[number] for number in tokens.spelling.tolist()]
    documents = [words[a:b] for a, b in zip(tokens.ends[:-1].tolist(), tokens.ends[1:].tolist(), strict=True)]
    people: list[list[list[str]]] = [[] for _ in range(tokens.n_people)]
    for person, place, document in zip(tokens.person.tolist(), tokens.place.tolist(), documents, strict=True):
        assert place == len(people[person])
        people[person].append(document)
    return people


def as_bytes(scores: csr_array) -> list[bytes]:
    return [getattr(scores, part).tobytes() for part in ("data", "indices", "indptr")]


@settings(deadline=None, max_examples=80)
@given(rounds=st.lists(PEOPLE, max_size=4))
def test_whoever_was_cut_before_the_words_are_those_of_the_texts(rounds):
    for people in rounds:
        different = list({digest(person): person for person in people}.values())
        tokens = cut_people(different)
        assert said(tokens) == said(tokenise(different))
        assert sorted(tokens.spellings) == sorted(tokenise(different).spellings), "no word of those before stays"


def test_the_words_of_who_is_gone_are_gone_with_the_next_run():
    cut_people([["gardening"], ["poetry"]])
    assert "poetry" not in cut_people([["gardening"], ["law"]]).spellings


@pytest.mark.parametrize(("backend", "workers"), [("threading", 2), ("loky", 2), ("loky", 4)])
def test_many_people_are_cut_the_same_by_any_workers(backend, workers):
    with joblib.parallel_config(backend=backend, n_jobs=workers):
        assert said(cut_people(MANY)) == said(tokenise(MANY))


def test_scores_are_the_same_to_the_byte_cold_warm_and_partly_warm(sample):
    mentors, mentees = sample.mentors[:60], sample.mentees[:60]

    def scored() -> list[bytes]:
        return as_bytes(TfidfMatcher().fit(mentors, mentees).score(mentees))

    cold = scored()
    assert scored() == cold
    TfidfMatcher().fit(mentors[::2], [["somebody else", "writes"], *mentees[::3]])
    assert scored() == cold


def test_a_matcher_fitted_in_processes_on_many_people_is_the_same():
    mentors, mentees = MANY[:100], MANY[100:]
    alone = TfidfMatcher(neighbours=2).fit(mentors, mentees)
    forget()
    with joblib.parallel_config(backend="loky", n_jobs=2):
        spread = TfidfMatcher(neighbours=2).fit(mentors, mentees)
    assert as_bytes(spread.score(mentees[:90])) == as_bytes(alone.score(mentees[:90]))
    assert spread.vocabulary_.names == alone.vocabulary_.names
