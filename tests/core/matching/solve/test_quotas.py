"""Quotas over groups of people, apart (by flow) and overlapping (by integer programming), against trying all."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from match_cases import Case, all_choices, cases, filled, people, total

from wayfellow.errors import InvalidInput
from wayfellow.matching.settings import MatchSettings, Quota
from wayfellow.matching.solve import choose_best, finish

BONUS = MatchSettings().incumbent_bonus

few = settings(deadline=None, max_examples=120)


@st.composite
def quota_cases(draw, fields, several):
    case = draw(cases(several=several))
    names = st.sampled_from(["red", "blue", "none"])
    teams = tuple(tuple(draw(names) for _ in case.wanted) for _ in range(fields))
    quotas = []
    for field, team in enumerate(teams):
        for value in sorted(set(team) - {"none"}):
            least = draw(st.integers(0, 2))
            kept = len({i for i, _ in case.locked if team[i] == value})
            quotas.append(Quota(f"team{field}", value, least, draw(st.none() | st.integers(max(least, kept), 4))))
    return replace(case, teams=teams), tuple(quotas)


def counts(case, quotas, pairs):
    matched = {i for i, _ in pairs}
    return [sum(case.teams[int(quota.field[-1])][i] == quota.value for i in matched) for quota in quotas]


def check_best(case, quotas, objective):
    chosen = MatchSettings(objective=objective, quotas=quotas)
    problem = case.problem
    found = finish(problem, choose_best(problem, case.candidates, chosen), chosen).assignment
    pairs = set(zip(found.mentee.tolist(), found.mentor.tolist(), strict=True))

    def worth(one):
        asked = sum(min(n, quota.least) for n, quota in zip(counts(case, quotas, one), quotas, strict=True))
        first = (people(one), len(one)) if objective == "most_people" else ()
        return (asked, filled(case, one), *first, total(case, one, BONUS))

    def allowed(one):
        return all(
            quota.most is None or n <= quota.most for n, quota in zip(counts(case, quotas, one), quotas, strict=True)
        )

    assert allowed(pairs)
    assert worth(pairs) == max(worth(one) for one in all_choices(case) if allowed(one))


TWO_TEAMS = Case(np.array([[250_000], [100_000]]), (1,), (0,), (1, 1), teams=(("blue", "red"),))


@few
@example((TWO_TEAMS, (Quota("team0", "blue"), Quota("team0", "red", 1))), "best_total")
@given(quota_cases(fields=1, several=False), st.sampled_from(["most_people", "best_total"]))
def test_quotas_over_groups_apart_are_kept_at_the_best_total(case, objective):
    check_best(*case, objective)


@settings(deadline=None, max_examples=40)
@given(quota_cases(fields=2, several=True), st.sampled_from(["most_people", "best_total"]))
def test_quotas_over_groups_that_overlap_are_kept_at_the_best_total(case, objective):
    check_best(*case, objective)


def test_a_quota_of_nobody_or_of_fewer_than_are_kept_is_refused():
    case = Case(np.array([[5, 6], [7, 8]]), (1, 1), (0, 0), (1, 1), locked=((0, 0),), teams=(("Red", "blue"),))
    for quota, sentence in (
        (Quota("team7", "red"), "which no mentee has. Their fields are: team0"),
        (Quota("team0", "green"), "counts nobody"),
        (Quota("team0", "red", 0, 0), "raise the quota or keep fewer"),
    ):
        with pytest.raises(InvalidInput, match=sentence):
            choose_best(case.problem, case.candidates, MatchSettings(quotas=(quota,)))
    with pytest.raises(InvalidInput, match="allows nothing"):
        MatchSettings(quotas=(Quota("team0", "red", 3, 2),))


def test_quotas_come_back_from_where_settings_are_stored():
    stored = MatchSettings(quotas=[["team", "red", 1, None]])
    assert stored == MatchSettings(quotas=(Quota("team", "red", 1, None),))
