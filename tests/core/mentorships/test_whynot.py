"""A run's reasons, from the computation to what its pages say."""

import dataclasses

import pytest

from wayfellow.errors import NotAllowed, NotFound
from wayfellow.host import PluginHost
from wayfellow.matching.criteria import plugin
from wayfellow.matching.criteria.service import save_set
from wayfellow.matching.criteria.sets import read_set
from wayfellow.matching.exclusions import add_exclusion
from wayfellow.matching.models import MatchRun
from wayfellow.matching.runs import get_run, list_runs, start_run
from wayfellow.mentorships.better import list_better
from wayfellow.mentorships.drafts import replace
from wayfellow.mentorships.pairs import alternatives_for, get_pair
from wayfellow.mentorships.queries import list_drafts
from wayfellow.mentorships.whynot import list_ways
from wayfellow.people.service import save_profile
from wayfellow.types import ANONYMOUS, SYSTEM


@pytest.fixture
def pool(world):
    """Ada has one place, which both want; Bo is second best for Cy alone; nobody is left for Ed."""
    return {
        "Ada": world.mentor("Ada", 1, expertise="sql forecasting"),
        "Bo": world.mentor("Bo", 1, expertise="sql design portfolio"),
        "Fay": world.mentor("Fay", 2, expertise="chess"),
        "Cy": world.mentee("Cy", "sql forecasting"),
        "Di": world.mentee("Di", "forecasting"),
        "Ed": world.mentee("Ed", "forecasting demand"),
    }


def run(world):
    with world.deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, world.cycle_id).id
    world.work()
    return run_id


def pair_of(world, run_id, mentee):
    [proposal] = [one.id for one in world.proposals(run_id) if one.mentee_id == mentee]
    with world.deployment.reading(SYSTEM) as tx:
        return get_pair(tx, proposal)


def test_why_not_says_who_has_the_place_and_what_another_choice_costs(world, pool):
    run_id = run(world)
    cy = pair_of(world, run_id, pool["Cy"])
    assert cy.pair.mentor.name == "Bo"
    [ada] = cy.alternatives
    assert ada.note.startswith("Full: of 1 place")
    assert ada.because == "The places went to Di (50). With this pair, 1 more person would have no mentor."
    assert (pair_of(world, run_id, pool["Di"]).rank_for_mentor, cy.rank_for_mentor) == (2, 1)
    assert cy.candidates_of_mentor == 0


def better_for(world, run_id, mentee, **page):
    with world.deployment.reading(SYSTEM) as tx:
        return list_better(tx, run_id, mentee, **page)


def test_everyone_who_scored_higher_is_kept_with_why_not(world, pool):
    run_id = run(world)
    for mentee, mentor in (("Cy", "Bo"), ("Ed", None)):
        found = better_for(world, run_id, pool[mentee])
        assert (found.mentee.name, found.mentor and found.mentor.name) == (mentee, mentor)
        [ada] = found.others.items
        assert (ada.mentor.name, ada.rank) == ("Ada", 1)
        assert ada.note.startswith("The places went to Di (50). With this pair, ")
    assert better_for(world, run_id, pool["Di"]).others.total == 0
    assert better_for(world, run_id, pool["Ed"], page=2).others.items == []
    assert pair_of(world, run_id, pool["Cy"]).better == 1
    with pytest.raises(NotFound, match="no part in the run"):
        better_for(world, run_id, pool["Ada"])


def test_a_criterion_is_named_to_those_whom_it_keeps_apart(world, pool):
    host = PluginHost.load(world.deployment.config, plugins=(("words", world.plugin), ("criteria", plugin)))
    world.deployment = dataclasses.replace(world.deployment, host=host)
    language = {"criteria": [{"kind": "languages", "weight": 0, "hard": True}]}
    with world.deployment.transaction(SYSTEM) as tx:
        for name, spoken in (("Ada", "French"), ("Bo", "German"), ("Cy", "German"), ("Di", "French"), ("Ed", "Dutch")):
            save_profile(tx, pool[name], {"languages": spoken})
        save_set(tx, world.programme_id, read_set(language, tx.host.criterion_kinds), based_on=None)
    run_id = run(world)
    [ada] = better_for(world, run_id, pool["Cy"]).others.items
    assert (ada.mentor.name, ada.rank) == ("Ada", None)
    assert ada.note == "Forbidden by the criterion Languages in common: no language in common."
    assert {one.note for one in better_for(world, run_id, pool["Ed"]).others.items} == {ada.note}
    assert pair_of(world, run_id, pool["Cy"]).barred[0].note == ada.note


def test_who_still_has_a_place_is_kept_to_take_over(world, pool):
    for number in range(6):
        world.mentor(f"Top {number}", 0, expertise="sql forecasting")
    with world.deployment.transaction(SYSTEM) as tx:
        save_profile(tx, pool["Fay"], {"expertise": "chess sql and many other things that nobody asked for"})
    run_id = run(world)
    cy = pair_of(world, run_id, pool["Cy"])
    assert [one.mentor.name for one in cy.alternatives if one.possible] == ["Fay"]


def test_pairs_are_found_by_the_words_of_their_reasons(world, pool):
    run_id = run(world)
    with world.deployment.reading(SYSTEM) as tx:
        for query, found in (("FORECAST", ["Di"]), ("sql", ["Cy"]), ("sql bo", ["Cy"]), ("chess", [])):
            assert [pair.mentee.name for pair in list_drafts(tx, run_id, search=query).items] == found


def test_a_pair_that_was_replaced_keeps_its_rank_and_words(world, pool):
    with world.deployment.transaction(SYSTEM) as tx:
        save_profile(tx, pool["Fay"], {"expertise": "sql sql sql chess"})
    run_id = run(world)
    before = pair_of(world, run_id, pool["Cy"])
    [bo] = [one for one in before.alternatives if one.possible]
    assert (before.pair.mentor.name, bo.mentor.name) == ("Fay", "Bo")
    with world.deployment.transaction(SYSTEM) as tx:
        new, _ = replace(tx, before.pair.proposal_id, bo.mentor.id)
    with world.deployment.reading(SYSTEM) as tx:
        assert get_pair(tx, new).pair.rank == bo.rank
        assert [one.proposal_id for one in list_drafts(tx, run_id, search="bo sql").items] == [new]


def test_the_unmatched_read_why_not_as_well(world, pool):
    run_id = run(world)
    with world.deployment.reading(SYSTEM) as tx:
        [ada] = alternatives_for(tx, run_id, pool["Ed"])
    assert ada.because == "The places went to Di (50). With this pair, all pairs together would lose 17 points."


def test_what_would_help_is_named(world, pool):
    run_id = run(world)
    with world.deployment.reading(SYSTEM) as tx:
        [way] = list_ways(tx, run_id)
    assert (way.mentor.name, way.matched) == ("Ada", 1)
    assert way.sentence == "1 more place with Ada would match Ed."


def test_excluded_mentors_are_named_and_blocked_ones_never(world, pool):
    with world.deployment.transaction(SYSTEM) as tx:
        add_exclusion(tx, world.programme_id, pool["Cy"], pool["Ada"])
    world.block(pool["Di"], pool["Ada"])
    run_id = run(world)
    cy = pair_of(world, run_id, pool["Cy"])
    assert [(one.mentor.name, one.score, one.note) for one in cy.barred] == [("Ada", 1.0, "Excluded by a coordinator.")]
    with world.deployment.reading(SYSTEM) as tx:
        assert list_ways(tx, run_id) == []
        assert alternatives_for(tx, run_id, pool["Di"]) == []
    world.block(pool["Ada"], pool["Cy"])
    assert pair_of(world, run_id, pool["Cy"]).barred == (), "a block made since hides the name"


def test_an_exclusion_that_keeps_someone_alone_is_a_way(world, pool):
    with world.deployment.transaction(SYSTEM) as tx:
        for mentee in ("Di", "Ed"):
            add_exclusion(tx, world.programme_id, pool[mentee], pool["Ada"])
    run_id = run(world)
    with world.deployment.reading(SYSTEM) as tx:
        [way] = list_ways(tx, run_id)
    assert way.sentence == "Allowing the excluded pair with Ada again would match Di."


def test_fairness_is_kept_and_runs_from_before_still_show(world, pool):
    run_id = run(world)
    with world.deployment.transaction(SYSTEM) as tx:
        fairness = get_run(tx, run_id).summary.fairness
        old = tx.session.get_one(MatchRun, run_id)
        old.summary = {key: old.summary[key] for key in old.summary.keys() - {"fairness", "relaxations"}}
    assert (fairness.idle, fairness.full, fairness.busiest) == (1, 2, 1)
    with world.deployment.reading(SYSTEM) as tx:
        [view] = list_runs(tx, world.cycle_id)
        assert list_ways(tx, run_id) == []
    assert view.summary.fairness is None
    assert view.summary.relaxations == ()


def test_strangers_read_no_ways(world, pool):
    run_id = run(world)
    with world.deployment.reading(ANONYMOUS) as tx, pytest.raises(NotAllowed):
        list_ways(tx, run_id)
