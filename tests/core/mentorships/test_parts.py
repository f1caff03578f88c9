"""What people are told of their own part, of the other person, and of the answers."""

import pytest

from wayfellow.errors import NotAllowed, NotFound
from wayfellow.mentorships.answers import read_answers
from wayfellow.mentorships.home import list_my_proposals
from wayfellow.mentorships.introductions import introduce
from wayfellow.mentorships.leftovers import get_unmatched
from wayfellow.mentorships.parts import list_my_parts
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.queries import count_answers
from wayfellow.mentorships.views import AnswerCounts, DeclineReason, Places
from wayfellow.people.models import FieldDefinition
from wayfellow.types import SYSTEM, Actor, Audience, MatchState, Role


@pytest.fixture
def people(world):
    """Publish three proposals to one mentor, who has five places."""
    mentor = world.mentor("Tomasz", places=5, expertise="forecasting", job_title="Head of data")
    mentees = [world.mentee(name, goals=f"{name} aims high") for name in ("Ada", "Bo", "Cy")]
    run = world.run([(mentee, mentor, 0.5) for mentee in mentees], state=MatchState.PROPOSED)
    return mentor, mentees, run


def test_places_count_mentorships_and_open_proposals(world, people) -> None:
    mentor, mentees, _ = people
    said = {proposal.mentee_id: proposal.id for proposal in world.proposals()}
    for person, role in ((mentees[0], Role.MENTEE), (mentor, Role.MENTOR)):
        with world.deployment.transaction(world.actor(person, role)) as tx:
            answer_proposal(tx, said[mentees[0]], True)
    with world.deployment.transaction(world.actor(mentees[1], Role.MENTEE)) as tx:
        answer_proposal(tx, said[mentees[1]], False, DeclineReason.NO_TIME)
    with world.deployment.reading(world.actor(mentor, Role.MENTOR)) as tx:
        parts = list_my_parts(tx)
    assert [(part.role, part.places) for part in parts] == [(Role.MENTOR, Places(5, 2, 0))]
    with world.deployment.reading(world.actor(mentees[2], Role.MENTEE)) as tx:
        assert [(part.role, part.places) for part in list_my_parts(tx)] == [(Role.MENTEE, None)]


def test_parts_of_cycles_that_are_over_are_not_listed(world, people) -> None:
    world.set_cycle("completed")
    with world.deployment.reading(world.actor(people[0], Role.MENTOR)) as tx:
        assert list_my_parts(tx) == []


def test_nobody_takes_no_part(world) -> None:
    with world.deployment.reading(Actor(None, "", frozenset())) as tx:
        assert list_my_parts(tx) == []


def test_each_side_is_introduced_by_what_the_other_wrote(world, people) -> None:
    mentor, mentees, _ = people
    with world.deployment.reading(world.actor(mentees[0], Role.MENTEE)) as tx:
        mine = list_my_proposals(tx)
        assert introduce(tx, mine) == {mine[0].id: {"Expertise": "forecasting"}}, "the job title stands elsewhere"
    with world.deployment.reading(world.actor(mentor, Role.MENTOR)) as tx:
        mine = list_my_proposals(tx)
        found = introduce(tx, mine)
        assert [found[one.id]["Goals"] for one in mine] == [f"{one.other.name} aims high" for one in mine]


def test_what_is_for_coordinators_introduces_nobody(world, people) -> None:
    _, mentees, _ = people
    with world.deployment.transaction(SYSTEM) as tx:
        tx.session.query(FieldDefinition).filter_by(key="expertise").one().audience = Audience.COORDINATORS
    with world.deployment.reading(world.actor(mentees[0], Role.MENTEE)) as tx:
        assert introduce(tx, list_my_proposals(tx)) == {list_my_proposals(tx)[0].id: {}}


def test_introductions_take_as_many_statements_for_many(world, people) -> None:
    with world.deployment.reading(world.actor(people[0], Role.MENTOR)) as tx:
        mine = list_my_proposals(tx)
        with world.count_statements() as one:
            introduce(tx, mine[:1])
        with world.count_statements() as all_of_them:
            introduce(tx, mine)
    assert len(one) == len(all_of_them) <= 6


def test_coordinators_read_answers_with_their_reasons(world, people) -> None:
    _, mentees, run = people
    proposal = world.proposals()[0]
    with world.deployment.transaction(world.actor(mentees[0], Role.MENTEE)) as tx:
        answer_proposal(tx, proposal.id, False, DeclineReason.OTHER, "I am moving away.")
    with world.deployment.reading(world.coordinator()) as tx:
        found = read_answers(tx, run, [one.id for one in world.proposals()])
        assert count_answers(tx, run) == AnswerCounts(waiting=2, accepted=0, ended=1)
    assert found.keys() == {proposal.id}
    said = found[proposal.id][Role.MENTEE]
    assert (said.agrees, said.reason, said.note) == (False, "other", "I am moving away.")
    with world.deployment.reading(world.actor(world.person("Reader"), Role.AUDITOR)) as tx:
        said = read_answers(tx, run, [proposal.id])[proposal.id][Role.MENTEE]
    assert (said.agrees, said.reason, said.note) == (False, "", "")


def test_participants_do_not_read_answers(world, people) -> None:
    mentor, _, run = people
    with world.deployment.reading(world.actor(mentor, Role.MENTOR)) as tx:
        with pytest.raises(NotAllowed):
            read_answers(tx, run, [world.proposals()[0].id])
        with pytest.raises(NotAllowed):
            count_answers(tx, run)


def test_one_of_those_left_over_is_found_with_the_reason(world, people) -> None:
    left = world.mentee("Left")
    run = world.run([], left_over=[left])
    with world.deployment.reading(world.coordinator()) as tx:
        assert get_unmatched(tx, run, left).reason == "All are full."
        with pytest.raises(NotFound):
            get_unmatched(tx, run, people[0])
