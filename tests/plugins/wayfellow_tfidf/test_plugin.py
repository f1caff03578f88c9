"""The plugin as the host calls it."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy.orm import Session

import wayfellow_tfidf
from wayfellow.config import default_config
from wayfellow.host import PluginHost
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.problem import PersonInput, build_problem
from wayfellow.types import MatchProblem
from wayfellow_tfidf import cutting, plugin

MENTOR_FIELDS, MENTEE_FIELDS = ("job_title", "expertise", "skills"), ("goals", "skills_to_learn")


@pytest.fixture(scope="session")
def host() -> PluginHost:
    return PluginHost.load(replace(default_config(Path("unused")), strict=True), plugins=[("tfidf", plugin)])


@pytest.fixture(scope="session")
def make(sample) -> Callable[..., MatchProblem]:
    def side(people: list[list[str]], fields: tuple[str, ...]) -> list[PersonInput]:
        return [PersonInput(f"{i:03}", fields=dict(zip(fields, texts, strict=True))) for i, texts in enumerate(people)]

    def make(mentors: int = 30, mentees: int = 50, **more: object) -> MatchProblem:
        fields = {"mentee_text_fields": MENTEE_FIELDS, "mentor_text_fields": MENTOR_FIELDS} | more
        people = side(sample.mentees[:mentees], MENTEE_FIELDS), side(sample.mentors[:mentors], MENTOR_FIELDS)
        return build_problem(*people, **fields)

    return make


def scored(host: PluginHost, problem: MatchProblem) -> np.ndarray:
    return dict(host.score_matches(problem).scores)["tfidf"].toarray()


def test_blocks_score_as_the_whole_does_and_the_matcher_is_fitted_once(host, make):
    whole = scored(host, make())
    problem = make()
    blocks = [scored(host, problem.block(slice(start, start + 20))) for start in (0, 20, 40)]
    assert [len(block) for block in blocks] == [20, 20, 10]
    assert (np.vstack(blocks) == whole).all()
    assert [key for key in problem.memo if key.startswith("tfidf")] == ["tfidf.matcher"]


def test_explanations_add_up_to_scores_and_name_fields(host, make):
    problem = make()
    scores = scored(host, problem)
    pairs = np.array([(3, 1), (49, 29), (3, 7), (0, 0)], dtype=np.int64)
    explanations = host.explain_matches(problem, pairs)["tfidf"]
    for (i, j), explanation in zip(pairs, explanations, strict=True):
        assert explanation.score == pytest.approx(scores[i, j], abs=1e-6)
        assert sum(one.share for one in explanation.contributions) == pytest.approx(scores[i, j], abs=1e-6)
        said = [one for one in explanation.contributions if one.shared]
        assert {one.mentee_field for one in said} <= set(MENTEE_FIELDS)
        assert {one.mentor_field for one in said} <= set(MENTOR_FIELDS)
    assert any(one.shared for explanation in explanations for one in explanation.contributions)


def test_only_what_both_write_themselves_is_called_shared(host, make):
    problem = make()
    [explanation] = host.explain_matches(problem, np.array([(3, 1)], dtype=np.int64))["tfidf"]
    [between] = [one for one in explanation.contributions if not one.shared]
    assert between.label == "words of people who write alike"
    for one in explanation.contributions[:-1]:
        for pool, position, field in (problem.mentees, 3, one.mentee_field), (problem.mentors, 1, one.mentor_field):
            # The label is the commonest form of its word, so that only its beginning is sure to stand there.
            assert one.label[:3].lower() in pool.fields[field][position].lower()


def test_no_pairs_need_no_explanation(host, make):
    assert list(host.explain_matches(make(), np.zeros((0, 2), np.int64))["tfidf"]) == []


@pytest.mark.parametrize(("mentors", "mentees"), [(0, 5), (5, 0), (0, 0)])
def test_nobody_on_one_side_gives_empty_scores(host, make, mentors, mentees):
    assert scored(host, make(mentors=mentors, mentees=mentees)).shape == (mentees, mentors)


@pytest.mark.parametrize("side", ["mentee_text_fields", "mentor_text_fields"])
def test_without_texts_the_plugin_has_no_opinion(host, make, side):
    problem = make(**{side: ()})
    assert "tfidf" not in dict(host.score_matches(problem).scores)
    assert "tfidf" not in host.explain_matches(problem, np.array([(0, 0)], dtype=np.int64))


def test_the_setting_says_how_many_similar_people_count(host, make, sample):
    assert host.settings("tfidf")["neighbours"] == 6
    bare = wayfellow_tfidf.TfidfMatcher(neighbours=0).fit(sample.mentors[:30], sample.mentees[:50])
    found = scored(host, make(settings={"tfidf.neighbours": 0}))
    assert (found == bare.score(sample.mentees[:50]).toarray()).all()


def test_the_setting_says_which_words_mean_the_same(host, make):
    ours = {"tfidf.synonyms": ["plane, planes, aircraft"]}
    assert (scored(host, make(settings=ours)) != scored(host, make())).any()
    assert (
        scored(host, make(settings={"tfidf.synonyms": host.settings("tfidf")["synonyms"]})) == scored(host, make())
    ).all()


def test_the_setting_says_how_alike_spellings_must_be(host, make):
    assert (scored(host, make(settings={"tfidf.likeness": 1})) != scored(host, make())).any()


SAYING = {
    "one word": "Python",
    "200,000 characters of one word": "x" * 200_000,
    "200,000 characters of words": "data science " * 15_400,
    "right to left": "مرحبا بالعالم שלום עולם",
    "Chinese without spaces": "女性工程师想学习数据科学",
    "HTML": "<p onclick='x()'>Hello &amp; <b>law</b></p><script>",
    "half a character": "law \ud83d",
}
SILENT = {
    "empty": "",
    "spaces": " \n\t",
    "emoji": "😀🎉",
    "markup": "<br><hr>",
    "stop words": "and of the",
    "signs": "-- ...",
}


@pytest.mark.parametrize("name", SAYING)
def test_an_unusual_text_meets_its_like_with_reasons(host, name):
    result = run_match(bad_text(SAYING[name]), host)
    assert (result.assignment.mentee.tolist(), result.assignment.mentor.tolist()) == ([0], [1])
    [part] = result.explanations[0, 1]
    assert sum(term.share for term in part.terms) == pytest.approx(part.score, abs=1e-4)
    assert not result.degraded


@pytest.mark.parametrize("name", SILENT)
def test_a_text_that_says_nothing_is_unmatched_for_a_stated_reason(host, name):
    result = run_match(bad_text(SILENT[name]), host)
    [alone] = result.unmatched
    assert alone.reason
    assert not len(result.assignment.mentee)
    assert not result.degraded


def bad_text(text: str) -> MatchProblem:
    mentors = [PersonInput("a", fields={"expertise": "gardening"}), PersonInput("b", fields={"expertise": text})]
    mentees = [PersonInput("c", fields={"goals": text})]
    return build_problem(mentees, mentors, mentee_text_fields=["goals"], mentor_text_fields=["expertise"])


def test_erasing_a_person_forgets_the_words_of_the_last_run(host, make):
    scored(host, make())
    with Session() as session:
        assert host.erase_person_data(1, session)["tfidf"] == 0
    assert not cutting._last


def test_loading_the_plugin_imports_nothing_heavy():
    heavy = "sorted({'numpy', 'scipy', 'sklearn', 'sparse_dot_topn', 'Stemmer'} & set(sys.modules))"
    code = f"import sys, wayfellow_tfidf, wayfellow_tfidf.plugin; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_package_offers_what_it_names_and_nothing_else():
    assert all(getattr(wayfellow_tfidf, name) for name in wayfellow_tfidf.__all__)
    with pytest.raises(AttributeError, match="NoSuchThing"):
        _ = wayfellow_tfidf.NoSuchThing
