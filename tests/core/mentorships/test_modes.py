"""Runs of a cycle with settings of their own: what a run is asked for is what comes out, stored and published."""

import pytest
from sqlalchemy import select

from wayfellow.errors import InvalidInput
from wayfellow.matching.models import Unmatched
from wayfellow.matching.quota_fields import check_quotas, list_quota_fields
from wayfellow.matching.runs import get_run, start_run
from wayfellow.matching.settings import MatchSettings, Quota
from wayfellow.mentorships.drafts import exclude
from wayfellow.mentorships.meetings import earlier_meetings
from wayfellow.mentorships.publishing import publish_run
from wayfellow.people.models import FieldValue
from wayfellow.programmes.models import Cycle
from wayfellow.types import SYSTEM, MatchState, Role


def run(world, **settings):
    seed = settings.pop("seed", 0)
    with world.deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, world.cycle_id, MatchSettings(**settings), seed=seed).id
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, run_id).error is None
    return run_id


def pairs(world, run_id, state=MatchState.DRAFTED):
    return {(one.mentee_id, one.mentor_id) for one in world.proposals(run_id) if one.state == state}


def causes(world, run_id):
    with world.deployment.reading(SYSTEM) as tx:
        query = select(Unmatched.mentee_id, Unmatched.cause).where(Unmatched.run_id == run_id)
        return dict(tx.session.execute(query).all())


def publish(world, run_id):
    with world.deployment.transaction(SYSTEM) as tx:
        publish_run(tx, run_id)


def mentee(world, name, goals, **values):
    number = world.mentee(name, goals)
    with world.deployment.transaction(SYSTEM) as tx:
        for key, value in values.items():
            tx.session.add(FieldValue(person_id=number, field_id=world.fields[key], value=value))
    return number


def next_cycle(world, *people):
    """Begin another cycle of the same programme, with people (id, role) in it."""
    with world.deployment.transaction(SYSTEM) as tx:
        cycle = Cycle(programme_id=world.programme_id, name=f"After {world.cycle_id}")
        tx.session.add(cycle)
        tx.session.flush()
        world.cycle_id = cycle.id
    for person, role in people:
        world.join(person, role)


def test_quotas_bound_how_many_of_a_group_are_matched(world):
    for name in ("Ada", "Bo"):
        world.mentor(name, 2, expertise="sql")
    sales = [mentee(world, name, "sql", department=" sales") for name in ("Cy", "Di", "Ed")]
    other = mentee(world, "Fay", "baking sql", department="Research")
    run_id = run(world, quotas=(Quota("department", "Sales", 0, 1), Quota("department", "research", 1)))
    matched = {one for one, _ in pairs(world, run_id)}
    assert other in matched
    assert len(matched & set(sales)) == 1
    assert set(causes(world, run_id).values()) == {"left_by_quota"}
    assert pairs(world, run(world, quotas=[("department", "sales", 0, 1)])) == pairs(world, run_id)


def test_fewest_mentees_are_spread(world):
    best, other = world.mentor("Ada", 2, expertise="sql forecasting"), world.mentor("Bo", 2, expertise="sql")
    both = {world.mentee("Cy", "sql forecasting"), world.mentee("Di", "sql forecasting")}
    assert {mentor for _, mentor in pairs(world, run(world))} == {best}
    spread = pairs(world, run(world, fewest_mentees=1))
    assert ({one for one, _ in spread}, {mentor for _, mentor in spread}) == (both, {best, other})


def test_groups_are_whole_or_none_and_are_published_whole(world):
    leader, lonely = world.mentor("Ada", 4, expertise="sql forecasting"), world.mentor("Bo", 1, expertise="baking")
    members = {world.mentee(name, "sql") for name in ("Cy", "Di", "Ed")}
    baker = world.mentee("Fay", "baking")
    run_id = run(world, mode="groups", group_size=(2, 5))
    assert pairs(world, run_id) == {(one, leader) for one in members}
    assert lonely not in {mentor for _, mentor in pairs(world, run_id)}
    assert baker in causes(world, run_id)
    publish(world, run_id)
    assert pairs(world, run_id, MatchState.PROPOSED) == {(one, leader) for one in members}


def test_lots_bring_nobody_together_twice_from_cycle_to_cycle(world):
    mentors = [world.mentor(name) for name in ("Ada", "Bo", "Cleo")]
    mentees = [world.mentee(name) for name in ("Cy", "Di", "Ed")]
    people = [*((one, Role.MENTOR) for one in mentors), *((one, Role.MENTEE) for one in mentees)]
    rounds = []
    for number in range(4):
        if number:
            next_cycle(world, *people)
        run_id = run(world, mode="lottery", seed=5)
        publish(world, run_id)
        rounds.append(pairs(world, run_id, MatchState.PROPOSED))
    assert len(set.union(*rounds[:3])) == 9
    assert rounds[3] == rounds[0]
    with world.deployment.reading(SYSTEM) as tx:
        met = earlier_meetings(tx.session, world.programme_id)
    assert {met[pair] for pair in rounds[3]} == {1}
    assert {met[pair] for pair in rounds[1]} == {3}


def test_pairs_that_nobody_was_told_of_have_not_met(world):
    for name in ("Ada", "Bo"):
        world.mentor(name)
    for name in ("Cy", "Di"):
        world.mentee(name)
    run_id = run(world, mode="lottery")
    taken_out, told = world.proposals(run_id)
    with world.deployment.transaction(SYSTEM) as tx:
        assert earlier_meetings(tx.session, world.programme_id) == {}
        exclude(tx, taken_out.id)
    publish(world, run_id)
    with world.deployment.reading(SYSTEM) as tx:
        assert earlier_meetings(tx.session, world.programme_id) == {(told.mentee_id, told.mentor_id): 1}


def test_a_quota_that_counts_nobody_is_told_before_the_run(world):
    for name, department in (("Cy", "Sales"), ("Di", "SALES"), ("Ed", "Ärzte")):
        mentee(world, name, "", department=department)
    world.mentor("Ada", department="Law")
    with world.deployment.reading(world.coordinator()) as tx:
        assert list_quota_fields(tx)["department"] == "Department"
        assert "availability" not in list_quota_fields(tx)
        check_quotas(tx, world.cycle_id, {1: Quota("department", " sales ", 1), 2: Quota("department", "ärzte", 1)})
        with pytest.raises(InvalidInput) as refused:
            check_quotas(tx, world.cycle_id, {1: Quota("department", "sales"), 4: Quota("department", "Law", 1)})
    (problem,) = refused.value.problems
    assert (problem.row, problem.column) == (4, "value")
    assert problem.message == "No mentee has “Law” there. The most frequent are: SALES (2), Ärzte (1)."
