"""Sets as JSON: what is read, what is refused and with which place, and that writing and reading agree."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from criteria_people import criteria
from hypothesis import given
from hypothesis import strategies as st

from wayfellow.config import default_config
from wayfellow.errors import InvalidInput
from wayfellow.host import PluginHost
from wayfellow.matching.criteria.applying import apply_criteria, weigh
from wayfellow.matching.criteria.sets import CriteriaSet, read_set
from wayfellow.matching.settings import MatchSettings
from wayfellow.testing.plugins import make_plugin
from wayfellow.testing.problems import match_problem
from wayfellow.types import Criterion


def test_what_is_left_out_is_filled_in(host):
    found = read_set({"criteria": [{"kind": "seniority"}]}, host.criterion_kinds)
    assert found == CriteriaSet((Criterion("seniority", 5.0, False, "mentor_above", {"least": 1, "most": 3}),))
    assert read_set({}, host.criterion_kinds) == CriteriaSet()


@pytest.mark.parametrize(
    ("data", "row", "column", "sentence"),
    [
        ([], None, None, "must be an object with the list “criteria”"),
        ({"criteria": {}}, None, None, "“criteria” must be a list of at most 50"),
        ({"criteria": [{"kind": "wishes"}] * 51}, None, None, "at most 50"),
        ({"text_weight": 11}, None, "text_weight", "text_weight: “11” is no number from 0 to 10."),
        ({"text_weight": True}, None, "text_weight", "“True” is no number"),
        ({"weights": 3}, None, "weights", "“weights” is not known. Known are: at, criteria, text_weight."),
        ({"at": "today"}, None, "at", "must be a moment with its zone"),
        ({"at": "2026-11-23T12:00:00"}, None, "at", "must be a moment with its zone"),
        ({"criteria": ["wishes"]}, 1, None, "Criterion 1: must be an object"),
        (
            {"criteria": [{"weight": 2}]},
            1,
            "kind",
            "Criterion 1, kind: “” is no kind of criterion here. Known are: skills,",
        ),
        ({"criteria": [{"kind": ["x"]}]}, 1, "kind", "is no kind of criterion here"),
        (
            {"criteria": [{"kind": "wishes"}, {"kind": "wishes", "weight": -1}]},
            2,
            "weight",
            "Criterion 2, weight: “-1” is no",
        ),
        ({"criteria": [{"kind": "wishes", "weight": float("nan")}]}, 1, "weight", "“nan” is no number"),
        ({"criteria": [{"kind": "wishes", "hard": "yes"}]}, 1, "hard", "write true for a hard rule"),
        ({"criteria": [{"kind": "wishes", "direction": "up"}]}, 1, "direction", "choose one of: both, mentee, mentor."),
        ({"criteria": [{"kind": "languages", "direction": "up"}]}, 1, "direction", "languages has none; leave it out."),
        ({"criteria": [{"kind": "field"}]}, 1, "field", "Criterion 1, field: name a field of the profile."),
        ({"criteria": [{"kind": "wishes", "field": "x"}]}, 1, "field", "wishes takes none"),
        ({"criteria": [{"kind": "wishes", "wieght": 2}]}, 1, "wieght", "Criterion 1: “wieght” is not known."),
        ({"criteria": [{"kind": "time_zone", "parameters": 3}]}, 1, "parameters", "must be an object of numbers."),
        (
            {"criteria": [{"kind": "time_zone", "parameters": {"most": 13}}]},
            1,
            "most",
            "most: “13” is no number from 0 to 12.",
        ),
        (
            {"criteria": [{"kind": "time_zone", "parameters": {"hour": 1}}]},
            1,
            "hour",
            "Criterion 1, parameters: “hour” is not",
        ),
        ({"criteria": [{"kind": "seniority", "parameters": {"least": 4}}]}, 1, "least", "must not be above “most”."),
    ],
)
def test_faults_are_told_with_their_place(host, data, row, column, sentence):
    with pytest.raises(InvalidInput) as refusal:
        read_set(data, host.criterion_kinds)
    assert sentence in str(refusal.value)
    assert (refusal.value.problems[0].row, refusal.value.problems[0].column) == (row, column)


def test_all_faults_are_told_at_once(host):
    with pytest.raises(InvalidInput, match="There are 3 such problems"):
        read_set(
            {"text_weight": 11, "criteria": [{"kind": "x"}, {"kind": "wishes", "weight": 99}]}, host.criterion_kinds
        )


@given(criteria(), st.floats(0, 10))
def test_what_is_written_is_read_again(host, chosen, weight):
    found = read_set({"criteria": chosen, "text_weight": weight}, host.criterion_kinds)
    assert read_set(found.as_json(), host.criterion_kinds) == found


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(("wishes", "field", "time_zone")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(("kind", "weight", "hard", "criteria", "parameters", "most", "at")), inner)
    ),
    max_leaves=12,
)


@given(JSON, JSON)
def test_any_json_is_read_or_refused(host, one, other):
    for data in (
        one,
        {"criteria": [one, other]},
        {"criteria": [{"kind": "time_zone", "parameters": one, "hard": other}]},
    ):
        with suppress(InvalidInput):
            assert read_set(data, host.criterion_kinds).as_json()


def test_weights_follow_from_the_set(make_host):
    host = make_host(("words", make_plugin(score_matches=lambda problem: None)))
    chosen = read_set(
        {"text_weight": 6, "criteria": [{"kind": "wishes", "weight": 3}, {"kind": "languages", "weight": 1.5}]},
        host.criterion_kinds,
    )
    assert weigh(MatchSettings(), chosen, host).weights == {"criteria": 4.5, "words": 6.0}
    assert weigh(MatchSettings(weights={"words": 0.5}), chosen, host).weights == {"criteria": 4.5, "words": 3.0}
    assert weigh(MatchSettings(), CriteriaSet(), host) == MatchSettings()


def test_only_the_day_of_a_run_counts_and_only_where_clocks_do(host):
    def settings(kind, hour):
        chosen = read_set({"criteria": [{"kind": kind}]}, host.criterion_kinds)
        return apply_criteria(match_problem(2, 2), chosen, host, datetime(2026, 3, 1, hour, tzinfo=UTC)).settings

    assert settings("time_zone", 3)["criteria"]["at"] == settings("time_zone", 20)["criteria"]["at"]
    assert "at" not in settings("languages", 3)["criteria"]


def test_criteria_without_the_plugin_that_judges_are_refused(host):
    chosen = read_set({"criteria": [{"kind": "languages"}]}, host.criterion_kinds)
    bare = PluginHost.load(default_config(Path("unused")), plugins=[])
    with pytest.raises(InvalidInput, match="plugin criteria, which judges by them, is switched off"):
        apply_criteria(match_problem(2, 2), chosen, bare, datetime(2026, 3, 1, tzinfo=UTC))
