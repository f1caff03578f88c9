"""Names that mean the same: as delivered, as an organisation writes them, and as it should not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayfellow_tfidf import TfidfMatcher
from wayfellow_tfidf.synonym_groups import SYNONYM_GROUPS
from wayfellow_tfidf.synonyms import read_synonyms, replace_synonyms
from wayfellow_tfidf.tokens import tokenise


def said(person: list[str], *groups: str) -> list[list[str]]:
    tokens = replace_synonyms(tokenise([person]), read_synonyms(groups))
    found = [tokens.spellings[number] for number in tokens.spelling]
    return [found[start:end] for start, end in zip(tokens.ends, tokens.ends[1:], strict=False)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("c# coder", ".NET"), ("JS", "javascript"), ("HR", "human resources"), ("ml", "Machine Learning")],
)
def test_the_delivered_list_lets_names_of_one_thing_meet(one, other):
    mentors, mentees = [[one], ["gardening"]], [[other]]
    assert not TfidfMatcher(neighbours=0, synonyms=()).fit(mentors, mentees).score(mentees).nnz
    matcher = TfidfMatcher(neighbours=0).fit(mentors, mentees)
    assert matcher.score(mentees).toarray()[0, 0] > 0.3
    [reason] = matcher.explain(0, 0)
    assert (reason.mentee_document, reason.mentor_document) == (0, 0)


def test_other_names_become_the_first_and_phrases_keep_their_words():
    person = ["We use JS daily", "human resources, HR", "human", "resources human resources"]
    assert said(person, "JavaScript, js", "HR, human resources") == [
        ["We", "use", "JavaScript", "daily"],
        ["human", "resources", "HR", "HR"],
        ["human"],
        ["resources", "human", "resources", "HR"],
    ]


def test_a_phrase_does_not_reach_over_the_end_of_a_text():
    assert said(["human", "resources"], "HR, human resources") == [["human"], ["resources"]]


WORDS = st.lists(
    st.sampled_from(["machine", "learning", "ml", "R&D", "research and development", "js", "x"]), max_size=6
)


@given(st.lists(WORDS.map(" ".join), max_size=4))
def test_every_word_of_a_text_stays_or_becomes_the_name_of_its_group(person):
    plain, found = said(person), said(person, *SYNONYM_GROUPS)
    for before, after in zip(plain, found, strict=True):
        shown = [word for word in after if word not in ("machine learning", "R&D", "JavaScript")]
        assert shown == [word for word in before if word not in ("ml", "js")]
        names = after.count("machine learning"), after.count("JavaScript")
        phrases = " ".join(before).count("machine learning")
        assert names == (before.count("ml") + phrases, before.count("js"))


def test_the_delivered_list_is_in_order_and_changes_nothing_for_those_who_use_none(sample):
    assert read_synonyms(SYNONYM_GROUPS).words["c#"] == "C#"
    words = [["gardening and cooking"]], [["cooking"]]
    with_list, without = (TfidfMatcher(synonyms=groups).fit(*words).score(words[1]) for groups in (SYNONYM_GROUPS, ()))
    assert np.array_equal(with_list.toarray(), without.toarray())


@pytest.mark.parametrize(
    ("groups", "sentence"),
    [
        ("js, javascript", "must be a list of texts"),
        (3, "must be a list of texts"),
        ([["js", "javascript"]], "group 1 is .* must be a text with commas"),
        (["a, b", "js"], "group 2 is 'js', but needs two names"),
        (["js, ,"], "group 1 .* needs two names"),
        (["js, !?"], "'!\\?' in group 1 has no word"),
        (["js, javascript", "JS, java"], "'js' stands in more than one group"),
    ],
)
def test_a_list_that_is_none_is_refused_in_a_sentence(groups, sentence):
    with pytest.raises(ValueError, match=sentence):
        TfidfMatcher(synonyms=groups).fit([["js"]])
