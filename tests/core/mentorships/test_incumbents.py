"""Pairs that are together now: they stay where little speaks against it, and never where something forbids them."""

from random import Random

import pytest

from wayfellow.matching.exclusions import add_exclusion
from wayfellow.matching.runs import get_run, start_run
from wayfellow.matching.settings import MatchSettings
from wayfellow.mentorships.publishing import publish_run
from wayfellow.types import SYSTEM, MatchState, Role

WORDS = [f"w{number}" for number in range(24)]


def compute(world, **options):
    with world.deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, world.cycle_id, **options).id
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        return run_id, get_run(tx, run_id).summary


def pairs(world, run_id):
    return {(one.mentee_id, one.mentor_id) for one in world.proposals(run_id)}


@pytest.fixture
def crowd(world):
    """A hundred mentees and as many places; everybody says some of two dozen words."""
    random = Random(5)

    def says():
        return " ".join(random.sample(WORDS, 5))

    world.crowd([(f"Mentor {number}", 2, says()) for number in range(50)], Role.MENTOR)
    return world.crowd([(f"Mentee {number}", 1, says()) for number in range(100)], Role.MENTEE)


def test_few_pairs_move_when_one_in_a_hundred_leaves_and_more_without_a_bonus(world, crowd):
    first, fresh = compute(world)
    assert (fresh.current, fresh.moved) == (0, 0), "nobody was together before the first run"
    world.change_member(crowd[50], state="withdrawn")
    loose_run, loose = compute(world, settings=MatchSettings(incumbent_bonus=0.0), try_out_of=first)
    kept_run, kept = compute(world, keep_locked_from=first)
    left = {pair for pair in pairs(world, first) if pair[0] != crowd[50]}
    assert loose.current == kept.current == len(left) == 99
    assert loose.moved == len(left - pairs(world, loose_run))
    assert kept.moved == len(left - pairs(world, kept_run))
    assert kept.moved < loose.moved


@pytest.fixture
def apart(world):
    """Cy and Di each have the mentor who fits a little less than the other one's."""
    ada = world.mentor("Ada", 1, expertise=" ".join(WORDS[:20]))
    bo = world.mentor("Bo", 1, expertise=" ".join(WORDS[:20]))
    cy, di = world.mentee("Cy", " ".join(WORDS[:20])), world.mentee("Di", " ".join(WORDS[:20]))
    return ada, bo, cy, di


def test_of_two_ways_that_are_as_good_the_one_that_was_there_stays(world, apart):
    ada, bo, cy, di = apart
    for before in ({(cy, ada), (di, bo)}, {(cy, bo), (di, ada)}):
        run_id, summary = compute(world, keep_locked_from=world.run([(*pair, 0.5) for pair in sorted(before)]))
        assert pairs(world, run_id) == before
        assert (summary.current, summary.moved) == (2, 0)


@pytest.mark.parametrize("how", ["blocked", "excluded"])
def test_a_pair_that_was_ruled_out_is_not_favoured(world, apart, how):
    ada, bo, cy, di = apart
    first = world.run([(cy, ada, 0.5), (di, bo, 0.5)])
    if how == "blocked":
        world.block(ada, cy)
    else:
        with world.deployment.transaction(SYSTEM) as tx:
            add_exclusion(tx, world.programme_id, cy, ada)
    run_id, summary = compute(world, settings=MatchSettings(incumbent_bonus=1.0), keep_locked_from=first)
    assert pairs(world, run_id) == {(cy, bo), (di, ada)}
    assert (summary.current, summary.moved) == (1, 1), "who is ruled out counts no more as together"


def test_what_publishing_left_out_is_together_and_what_was_proposed_is_not_decided_anew(world, apart):
    ada, bo, cy, di = apart
    first = world.run([(cy, bo, 0.5), (di, ada, 0.5)])
    world.change_member(ada, state="paused")
    with world.deployment.transaction(SYSTEM) as tx:
        publish_run(tx, first, leave_out_failing=True)
    world.change_member(ada, state="approved")
    run_id, summary = compute(world)
    assert pairs(world, run_id) == {(di, ada)}
    assert (summary.mentees, summary.current, summary.moved) == (1, 1, 0)
    assert [one.state for one in world.proposals(first)] == [MatchState.PROPOSED, MatchState.DISCARDED]


def test_a_run_that_keeps_from_another_aims_at_the_same_unless_it_is_told_otherwise(world, apart):
    first, _ = compute(world, settings=MatchSettings(incumbent_bonus=0.25, floor=False))
    second, _ = compute(world, keep_locked_from=first)
    third, _ = compute(world, settings=MatchSettings(), keep_locked_from=second)
    with world.deployment.reading(SYSTEM) as tx:
        found = [get_run(tx, run_id).settings for run_id in (second, third)]
    assert [(one.incumbent_bonus, one.floor) for one in found] == [(0.25, False), (0.05, True)]
