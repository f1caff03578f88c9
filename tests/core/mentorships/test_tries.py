"""Tries: runs that replace nothing, take no places and tell nobody until they are used, which can be taken back."""

import pytest
from sqlalchemy import func, select

from wayfellow.errors import Conflict, NotAllowed, NotFound
from wayfellow.matching.criteria.service import save_set
from wayfellow.matching.criteria.sets import CriteriaSet
from wayfellow.matching.models import MatchRun
from wayfellow.matching.runs import get_run, list_runs, start_run
from wayfellow.matching.settings import MatchSettings
from wayfellow.mentorships.comparing import compare_runs
from wayfellow.mentorships.counts import count_proposals
from wayfellow.mentorships.drafts import exclude, lock, propose_unmatched, replace
from wayfellow.mentorships.pairs import get_pair
from wayfellow.mentorships.publishing import publish_preview, publish_run
from wayfellow.mentorships.queries import count_drafts
from wayfellow.mentorships.tries import throw_away, use_try
from wayfellow.mentorships.undo import undo
from wayfellow.notify.models import Notice
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, MatchState, Role

DRAFTED, DISCARDED = MatchState.DRAFTED, MatchState.DISCARDED
LOOSE = MatchSettings(incumbent_bonus=0.0)


@pytest.fixture
def people(world):
    """Ada fits Cy and Ed, Bo fits Di; each has one place."""
    return {
        "Ada": world.mentor("Ada", 1, expertise="sql forecasting demand"),
        "Bo": world.mentor("Bo", 1, expertise="design portfolio"),
        "Cy": world.mentee("Cy", "sql forecasting"),
        "Di": world.mentee("Di", "portfolio design\nsql"),
        "Ed": world.mentee("Ed", "forecasting"),
    }


@pytest.fixture
def first(world, people):
    """A run under review in which Ed has Ada and Cy has Bo, though others fit better."""
    return world.run(
        [(people["Ed"], people["Ada"], 0.2), (people["Cy"], people["Bo"], 0.1)],
        [(people["Di"], people["Bo"], 0.7)],
        left_over=[people["Di"]],
    )


def act(world, do, *arguments, actor=SYSTEM, **options):
    with world.deployment.transaction(actor) as tx:
        return do(tx, *arguments, **options)


def attempt(world, first, settings=LOOSE, **options):
    run_id = act(world, lambda tx: start_run(tx, world.cycle_id, settings, try_out_of=first, **options).id)
    world.work()
    return run_id


def view(world, run_id):
    with world.deployment.reading(SYSTEM) as tx:
        return get_run(tx, run_id)


def pairs(world, run_id, state=DRAFTED):
    return {(one.mentee_id, one.mentor_id) for one in world.proposals(run_id) if one.state == state}


def actions(world):
    with world.deployment.reading(SYSTEM) as tx:
        return tx.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()


def test_a_try_replaces_nothing_and_tells_nobody(world, people, first):
    before = pairs(world, first)
    tried = attempt(world, first)
    assert pairs(world, first) == before
    assert pairs(world, tried) == {(people["Cy"], people["Ada"]), (people["Di"], people["Bo"])}
    run = view(world, tried)
    assert (run.try_of, run.try_of_number, run.is_try, run.under_review) == (first, 1, True, False)
    assert (run.summary.current, run.summary.moved) == (2, 2)
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Notice)) == 0
    assert (world.plugin.changed, world.plugin.proposed) == ([], [])


def test_a_try_takes_no_place_from_the_run_under_review(world, people, first):
    with world.deployment.reading(SYSTEM) as tx:
        counted = count_proposals(tx, world.cycle_id)
    tried = attempt(world, first)
    ed, cy = world.proposals(first)
    with world.deployment.reading(SYSTEM) as tx:
        assert count_proposals(tx, world.cycle_id) == counted == {DRAFTED: 2}
        places = get_pair(tx, ed.id).pair.places
        assert (places.capacity, places.taken, places.drafted) == (1, 0, 1)
        assert publish_preview(tx, first).failing == ()
    act(world, exclude, cy.id)
    act(world, propose_unmatched, first, people["Di"], people["Bo"])
    assert act(world, publish_run, first).left_out == ()
    again = act(world, lambda tx: start_run(tx, world.cycle_id).id)
    world.work()
    assert view(world, again).summary.places == 0, "both places are taken by what is published, none by the try"
    assert len(pairs(world, tried)) == 2


def test_a_try_keeps_locked_pairs_if_asked_and_the_seed_and_more_than_one_is_possible(world, people, first):
    act(world, lock, world.proposals(first)[0].id, True)
    with world.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(MatchRun, first).seed = 77
    free, kept = attempt(world, first, seed=77), attempt(world, first, seed=77, keep_locked_from=first)
    assert (people["Ed"], people["Ada"]) not in pairs(world, free)
    assert pairs(world, kept) == {(people["Ed"], people["Ada"]), (people["Di"], people["Bo"])}
    with world.deployment.reading(SYSTEM) as tx:
        found = compare_runs(tx, free, kept)
        assert {one.name: one.before for one in found.inputs if one.name != "input"} == {"locks": "let go"}


def test_a_try_goes_by_the_criteria_that_it_names(world, people, first):
    with world.deployment.transaction(SYSTEM) as tx:
        version = save_set(tx, world.programme_id, CriteriaSet(text_weight=2), based_on=None).number
    none, named = attempt(world, first, criteria_version=None), attempt(world, first, criteria_version=version)
    assert [view(world, run_id).criteria_version for run_id in (none, named)] == [None, version]
    with pytest.raises(NotFound, match="no such version"):
        attempt(world, first, criteria_version=9)


def test_the_pairs_of_a_try_can_be_looked_at_and_not_changed_or_published(world, people, first):
    tried = attempt(world, first)
    pair = world.proposals(tried)[0]
    with world.deployment.reading(SYSTEM) as tx:
        assert not get_pair(tx, pair.id).editable
        assert count_drafts(tx, tried).all == 2
    for do, arguments in (
        (lock, (pair.id, True)),
        (exclude, (pair.id,)),
        (replace, (pair.id, people["Bo"])),
        (propose_unmatched, (tried, people["Ed"], people["Ada"])),
        (publish_run, (tried,)),
    ):
        with pytest.raises(Conflict, match="Run 2 is a try, so it"):
            act(world, do, *arguments)
    with pytest.raises(Conflict, match="Run 2 is a try, so it has no locked pairs to keep"):
        act(world, start_run, world.cycle_id, keep_locked_from=tried)
    with pytest.raises(Conflict, match="Run 2 is a try, so it can't be tried again itself"):
        act(world, start_run, world.cycle_id, try_out_of=tried)


def test_a_used_try_takes_the_place_of_its_run_and_is_published_like_any_other(world, people, first):
    tried, ruth = attempt(world, first), world.coordinator()
    done = act(world, use_try, tried, actor=ruth)
    assert done.sentence == "Run 2 is in place of run 1 now."
    assert pairs(world, first) == set()
    assert len(pairs(world, first, DISCARDED)) == len(pairs(world, tried)) == 2
    run = view(world, tried)
    assert (run.try_of, run.is_try, run.under_review) == (first, False, True)
    assert "run.used" in actions(world)
    with world.deployment.reading(SYSTEM) as tx:
        assert count_proposals(tx, world.cycle_id) == {DRAFTED: 2, DISCARDED: 2}
    act(world, lock, world.proposals(tried)[0].id, True)
    assert act(world, publish_run, tried).pairs == 2


def test_using_a_try_is_taken_back_and_only_what_it_discarded_comes_back(world, people, first):
    act(world, exclude, world.proposals(first)[1].id)  # at the very same time, as the clock stands still
    before, tried = pairs(world, first), attempt(world, first)
    done = act(world, use_try, tried)
    for _ in range(2):
        assert act(world, undo, done.act_id) == "Run 2 is a try again, and the pairs of run 1 are back."
        assert pairs(world, first) == before == {(people["Ed"], people["Ada"])}
        assert view(world, tried).is_try
    act(world, use_try, tried)
    assert pairs(world, first) == set()
    assert actions(world).count("run.use_undone") == 1


def test_using_is_not_taken_back_once_the_run_was_published_or_replaced(world, people, first):
    done = act(world, use_try, tried := attempt(world, first))
    third = act(world, lambda tx: start_run(tx, world.cycle_id, keep_locked_from=tried).id)
    with pytest.raises(Conflict, match="Run 3 is still waiting"):
        act(world, undo, done.act_id)
    world.work()
    with pytest.raises(Conflict, match="Run 3 took the place of run 2"):
        act(world, undo, done.act_id)
    fourth = attempt(world, third)
    done = act(world, use_try, fourth)
    act(world, publish_run, fourth)
    with pytest.raises(Conflict, match="Run 4 is published"):
        act(world, undo, done.act_id)


def test_using_is_not_taken_back_into_a_run_that_got_other_pairs(world, people, first):
    done = act(world, use_try, attempt(world, first))
    act(world, propose_unmatched, first, people["Di"], people["Bo"])
    with pytest.raises(Conflict, match="Run 1 has other pairs by now"):
        act(world, undo, done.act_id)


def test_a_try_is_thrown_away_and_brought_back(world, people, first):
    tried = attempt(world, first)
    wanted = pairs(world, tried)
    done = act(world, throw_away, tried)
    assert done.sentence == "Run 2 is thrown away."
    assert (pairs(world, tried), len(pairs(world, first))) == (set(), 2)
    with world.deployment.reading(SYSTEM) as tx:
        assert count_proposals(tx, world.cycle_id) == {DRAFTED: 2}
        assert compare_runs(tx, first, tried).total == 3, "it is compared as it was computed"
    for do in (use_try, throw_away):
        with pytest.raises(Conflict, match="Run 2 was thrown away"):
            act(world, do, tried)
    for _ in range(2):
        assert act(world, undo, done.act_id) == "Run 2 is back."
        assert pairs(world, tried) == wanted
    act(world, use_try, tried)


def test_a_try_of_a_run_that_was_replaced_or_published_is_not_used(world, people, first):
    one, other = attempt(world, first), attempt(world, first)
    act(world, use_try, one)
    with pytest.raises(Conflict, match=r"Run 2 took the place of run 1\. Go on from run 2"):
        act(world, use_try, other)
    with pytest.raises(Conflict, match="Run 2 took the place of run 1"):
        attempt(world, first)
    with pytest.raises(Conflict, match="Run 2 is no try"):
        act(world, use_try, one)
    last = attempt(world, one)
    act(world, publish_run, one)
    with pytest.raises(Conflict, match="Run 2 is published, so nothing can take its place"):
        act(world, use_try, last)
    with pytest.raises(Conflict, match="Run 2 is published"):
        attempt(world, one)
    act(world, throw_away, last)


def test_a_try_waits_for_its_turn_and_is_not_used_before_it_is_done(world, people, first):
    waiting = act(world, lambda tx: start_run(tx, world.cycle_id, try_out_of=first).id)
    for do in (use_try, throw_away):
        with pytest.raises(Conflict, match="Run 2 is not done, so it has no pairs"):
            act(world, do, waiting)
    world.work()
    act(world, lambda tx: start_run(tx, world.cycle_id).id)
    with pytest.raises(Conflict, match="Run 3 is still waiting"):
        act(world, use_try, waiting)
    assert len(pairs(world, first)) == 2


def test_only_those_who_may_run_matches_use_tries(world, people, first):
    tried = attempt(world, first)
    for do in (use_try, throw_away):
        with pytest.raises(NotAllowed):
            act(world, do, tried, actor=world.actor(people["Cy"], Role.MENTEE))
    with world.deployment.reading(SYSTEM) as tx:
        assert [(run.number, run.is_try) for run in list_runs(tx, world.cycle_id)] == [(2, True), (1, False)]
