"""Several mentors for each mentee in one run: drafted, reviewed, published and accepted pair by pair."""

import pytest

from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.matching.runs import get_run, start_run
from wayfellow.matching.settings import MatchSettings
from wayfellow.mentorships.comparing import compare_runs
from wayfellow.mentorships.drafts import exclude, propose_unmatched, replace
from wayfellow.mentorships.home import list_my_mentorships, list_my_proposals
from wayfellow.mentorships.leftovers import get_unmatched, list_unmatched
from wayfellow.mentorships.pairs import alternatives, alternatives_for
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.publishing import publish_preview, publish_run
from wayfellow.mentorships.queries import count_drafts, list_drafts
from wayfellow.mentorships.undo import undo
from wayfellow.notify.service import list_notices
from wayfellow.types import SYSTEM, MatchState, Role

GOALS = {"Cy": "sql forecasting", "Di": "sql baking"}


@pytest.fixture
def who(world):
    """Two mentees want two mentors each; Ada and Bo have two places, Flo one."""
    people = {name: world.mentor(name, 2, expertise="sql forecasting baking") for name in ("Ada", "Bo")}
    people["Flo"] = world.mentor("Flo", 1, expertise="sql")
    people |= {name: world.mentee(name, goals) for name, goals in GOALS.items()}
    people["Ruth"] = world.coordinator()
    return people


def start(world, mentors=2, **more):
    with world.deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, world.cycle_id, MatchSettings(mentors_per_mentee=mentors), **more).id
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, run_id).error is None
    return run_id


def pairs(world, run_id, state=MatchState.DRAFTED):
    return {(one.mentee_id, one.mentor_id): one.id for one in world.proposals(run_id) if one.state == state}


def review(world, who, act, *arguments, **more):
    with world.deployment.transaction(who["Ruth"]) as tx:
        return act(tx, *arguments, **more)


def agree(world, person, role, proposal_id):
    with world.deployment.transaction(world.actor(person, role)) as tx:
        return answer_proposal(tx, proposal_id, True)


def agreed(world, pair, proposal_id):
    agree(world, pair[0], Role.MENTEE, proposal_id)
    return agree(world, pair[1], Role.MENTOR, proposal_id).state


def test_each_mentee_gets_as_many_as_asked_for_and_the_board_counts_them(world, who):
    run_id = start(world)
    assert pairs(world, run_id).keys() == {(who[one], who[other]) for one in ("Cy", "Di") for other in ("Ada", "Bo")}
    with world.deployment.reading(who["Ruth"]) as tx:
        counts, rows = count_drafts(tx, run_id), list_drafts(tx, run_id).items
        summary = get_run(tx, run_id).summary
        assert list_unmatched(tx, run_id).items == []
    assert (counts.all, counts.mentees, summary.matched, summary.places_used) == (4, 2, 2, 4)
    assert sorted((one.mentee.name, one.number, one.of_mentee) for one in rows) == [
        ("Cy", 1, 2),
        ("Cy", 2, 2),
        ("Di", 1, 2),
        ("Di", 2, 2),
    ]


def test_statements_do_not_grow_with_the_mentors_of_a_mentee(world, who):
    def statements(run_id):
        with world.count_statements() as seen, world.deployment.reading(SYSTEM) as tx:
            list_drafts(tx, run_id)
            publish_preview(tx, run_id)
        return len(seen)

    assert statements(start(world, 2)) == statements(start(world, 3)) <= 40


def test_nobody_gets_the_same_mentor_twice_and_no_more_than_asked_for(world, who):
    run_id = start(world)
    made = pairs(world, run_id)
    with world.deployment.reading(who["Ruth"]) as tx:
        found = {one.mentor.name: one.why_not for one in alternatives(tx, made[who["Cy"], who["Ada"]])}
    assert found == {"Bo": "In a pair with them already.", "Flo": ""}
    with pytest.raises(Conflict, match=r"Bo can't be chosen\. In a pair with them already"):
        review(world, who, replace, made[who["Cy"], who["Ada"]], who["Bo"])
    with pytest.raises(NotFound, match="not among those whom the run left over"):
        review(world, who, propose_unmatched, run_id, who["Cy"], who["Flo"])


def test_one_of_two_is_replaced_and_comes_back(world, who):
    run_id = start(world)
    made = pairs(world, run_id)
    _, act = review(world, who, replace, made[who["Cy"], who["Ada"]], who["Flo"])
    assert {other for one, other in pairs(world, run_id) if one == who["Cy"]} == {who["Bo"], who["Flo"]}
    review(world, who, undo, act.act_id)
    assert pairs(world, run_id) == made


def test_after_an_exclusion_another_is_found_and_the_excluded_one_can_not_come_back(world, who):
    run_id = start(world)
    made = pairs(world, run_id)
    out = review(world, who, exclude, made[who["Cy"], who["Ada"]])
    with world.deployment.reading(who["Ruth"]) as tx:
        assert list_unmatched(tx, run_id).items == []
        assert get_unmatched(tx, run_id, who["Cy"]).reason == ""
        assert {one.mentor.name: one.possible for one in alternatives_for(tx, run_id, who["Cy"])}["Flo"]
        with pytest.raises(NotFound):
            get_unmatched(tx, run_id, who["Di"])
    review(world, who, propose_unmatched, run_id, who["Cy"], who["Flo"])
    with pytest.raises(Conflict, match="has 2 drafts in the run by now"):
        review(world, who, undo, out.act_id)
    review(world, who, exclude, pairs(world, run_id)[who["Cy"], who["Bo"]])
    review(world, who, exclude, pairs(world, run_id)[who["Cy"], who["Flo"]])
    with world.deployment.reading(who["Ruth"]) as tx:
        assert [one.mentee.name for one in list_unmatched(tx, run_id).items] == ["Cy"]


def test_published_pairs_become_mentorships_one_by_one(world, who):
    run_id = start(world)
    review(world, who, publish_run, run_id)
    told = pairs(world, run_id, MatchState.PROPOSED)
    cy = world.actor(who["Cy"], Role.MENTEE)
    with world.deployment.reading(cy) as tx:
        assert len(list_my_proposals(tx)) == 2
        assert {one.subject for one in list_notices(tx).items} == {
            "We found a mentor for you: Ada",
            "We found a mentor for you: Bo",
        }
    for pair, proposal_id in told.items():
        assert agreed(world, pair, proposal_id) is MatchState.ACCEPTED
    with world.deployment.reading(cy) as tx:
        assert {one.other.name for one in list_my_mentorships(tx)} == {"Ada", "Bo"}


def test_letters_say_of_each_mentor_what_the_two_share(world, who):
    run_id = start(world)
    review(world, who, publish_run, run_id)
    with world.deployment.reading(world.actor(who["Di"], Role.MENTEE)) as tx:
        bodies = {one.subject.split(": ")[1]: one.body for one in list_notices(tx).items}
    assert all("baking and sql" in bodies[name] for name in ("Ada", "Bo"))


def test_a_yes_beyond_what_the_run_gives_ends_kindly(world, who):
    first = start(world, 1)
    second = start(world, 1)
    (mine,) = [pair for pair in pairs(world, first) if pair[0] == who["Cy"]]
    review(world, who, publish_run, first)
    agreed(world, mine, pairs(world, first, MatchState.PROPOSED)[mine])
    # A published proposal of before, as a change of places or an older version may have left one.
    other = world.run([(who["Cy"], who["Flo"], 0.4)], state=MatchState.PROPOSED)
    ((pair, proposal_id),) = pairs(world, other, MatchState.PROPOSED).items()
    assert agreed(world, pair, proposal_id) is MatchState.SUPERSEDED
    with pytest.raises(Conflict, match="has a mentor, or another proposal"):
        review(world, who, publish_run, second)


def test_the_next_run_fills_up_to_the_number_and_brings_nobody_together_again(world, who):
    first = start(world, 1)
    review(world, who, publish_run, first)
    had = pairs(world, first, MatchState.PROPOSED).keys()
    second = start(world, 2)
    new = pairs(world, second).keys()
    assert not had & new
    assert {mentee for mentee, _ in new} == {who["Cy"], who["Di"]}
    assert len(new) == 2
    review(world, who, publish_run, second)
    assert not pairs(world, start(world, 2))


def test_a_comparison_has_a_line_for_each_mentor(world, who):
    one, two = start(world, 1), start(world, 2)
    with world.deployment.reading(who["Ruth"]) as tx:
        found = compare_runs(tx, one, two)
    assert {kind.value: count for kind, count in found.counts.items() if count} == {"stayed": 2, "matched": 2}
    assert ("match.mentors_per_mentee", "1", "2") in [(one.name, one.before, one.after) for one in found.inputs]


def test_less_than_one_mentor_is_refused():
    with pytest.raises(InvalidInput, match="mentors_per_mentee is 0; give 1 or more"):
        MatchSettings(mentors_per_mentee=0)
