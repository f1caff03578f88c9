"""The plugin keeps Wayfellow's contract, and does what it says."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

import wayfellow_themes.plugin as plugin
from wayfellow.testing.checks import check_matcher, check_plugin


def with_themes(problem):
    """Take parts of the made-up people's words for themes."""
    return replace(problem, settings={"themes.words": ["abo", "kil", "mod"]})


def test_it_keeps_the_contract():
    check_plugin("themes", plugin)


def test_its_scores_keep_the_contract():
    check_matcher(
        SimpleNamespace(
            score_matches=lambda problem: plugin.score_matches(with_themes(problem)),
            explain_matches=lambda problem, pairs: plugin.explain_matches(with_themes(problem), pairs),
        )
    )


def test_the_score_is_the_part_of_the_mentees_themes_that_the_mentor_shares(match_problem):
    problem = replace(match_problem(2, 2), settings={"themes.words": ["career", "teaching"]})
    problem.mentees.fields["goals"][:] = ["a career in teaching", "grow tomatoes"]
    problem.mentors.fields["expertise"][:] = ["Teaching maths", "gardens"]
    assert plugin.score_matches(problem).toarray().tolist() == [[0.5, 0], [0, 0]]
    [explanation] = plugin.explain_matches(problem, np.array([[0, 0]]))
    assert [(one.label, one.share) for one in explanation.contributions] == [("teaching", 0.5)]


def test_the_page_is_for_people_who_are_signed_in(wayfellow_app):
    assert wayfellow_app(themes=plugin).test_client().get("/x/themes/").status_code == 302
