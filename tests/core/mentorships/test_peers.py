"""Peers of a cycle: pairs within one pool, reviewed, published and accepted, beside who has a mentor."""

from pathlib import Path

import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.matching.peer_tables import read_peer_inputs
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.runs import get_run, start_run
from wayfellow.matching.settings import MatchSettings
from wayfellow.mentorships.comparing import compare_runs
from wayfellow.mentorships.drafts import exclude, lock, propose_unmatched, replace
from wayfellow.mentorships.home import list_my_mentorships, list_my_proposals
from wayfellow.mentorships.introductions import introduce
from wayfellow.mentorships.leftovers import list_unmatched, load_per_mentor
from wayfellow.mentorships.models import Proposal
from wayfellow.mentorships.pairs import alternatives, get_pair
from wayfellow.mentorships.parts import list_my_parts
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.publishing import publish_preview, publish_run
from wayfellow.mentorships.queries import list_drafts
from wayfellow.mentorships.standing import set_state
from wayfellow.mentorships.undo import undo
from wayfellow.notify.service import list_notices
from wayfellow.programmes.models import Membership, MembershipState
from wayfellow.types import SYSTEM, MatchState, Role

SAYS = {"Cy": "sql forecasting", "Di": "sql forecasting", "Ed": "baking bread", "Fay": "baking bread sql"}


@pytest.fixture
def who(world):
    people = {name: world.mentee(name, goals) for name, goals in SAYS.items()}
    people |= {name: world.mentor(name, 1, expertise="sql baking") for name in ("Ada", "Bo")}
    people["Ruth"] = world.coordinator()
    return people


def start(world, pool="mentees", **more):
    with world.deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, world.cycle_id, MatchSettings(mode="peers", pool=pool), **more).id
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, run_id).error is None
    return run_id


def pairs(world, run_id, state=MatchState.DRAFTED):
    return {(one.mentee_id, one.mentor_id): one.id for one in world.proposals(run_id) if one.state == state}


def names(who, made):
    called = {number: name for name, number in who.items() if isinstance(number, int)}
    return {frozenset(called[one] for one in pair) for pair in made}


def review(world, who, act, *arguments, **more):
    with world.deployment.transaction(who["Ruth"]) as tx:
        return act(tx, *arguments, **more)


def agreed(world, proposal_id, *people):
    for person in people:
        with world.deployment.transaction(world.actor(person, Role.MENTEE)) as tx:
            view = answer_proposal(tx, proposal_id, True)
    return view


def two(*people):
    return frozenset(people)


def test_each_pool_is_paired_within_itself(world, who):
    assert names(who, pairs(world, start(world))) == {two("Cy", "Di"), two("Ed", "Fay")}
    assert names(who, pairs(world, start(world, "mentors"))) == {two("Ada", "Bo")}
    everyone = pairs(world, start(world, "everyone"))
    assert len({one for pair in everyone for one in pair}) == 6
    assert all(one < other for one, other in everyone)


def test_somebody_who_is_both_is_in_the_pool_once(world, who):
    world.join(who["Cy"], Role.MENTOR)
    paired = [one for pair in pairs(world, start(world, "everyone")) for one in pair]
    assert len(paired) == len(set(paired)) == 6


def test_a_run_gives_what_the_file_gives(world, who, tmp_path: Path):
    rows = [f"{name},{goals}" for name, goals in SAYS.items()]
    (tmp_path / "people.csv").write_text("\n".join(["person_id,goals", *rows]))
    inputs = read_peer_inputs(tmp_path / "people.csv")
    result = run_match(inputs.problem, world.deployment.host, MatchSettings(mode="peers"))
    keys = result.problem.mentees.keys
    chosen = zip(result.assignment.mentee.tolist(), result.assignment.mentor.tolist(), strict=True)
    assert names(who, pairs(world, start(world))) == {two(keys[i], keys[j]) for i, j in chosen}


def test_the_board_counts_each_pair_and_each_person_once(world, who):
    world.mentee("Gus", "sql")
    run_id = start(world)
    with world.deployment.reading(who["Ruth"]) as tx:
        page, summary = list_drafts(tx, run_id), get_run(tx, run_id).summary
        left = list_unmatched(tx, run_id)
        detail = get_pair(tx, page.items[0].proposal_id)
        assert load_per_mentor(tx, run_id) == []
    assert (page.total, summary.mentees, summary.matched, summary.places_used) == (2, 5, 4, 2)
    assert [one.cause for one in left.items] == ["odd_one_out"]
    assert (page.items[0].places.capacity, page.items[0].places.drafted) == (1, 1)
    assert "Goals" in detail.mentee_texts
    assert "Goals" in detail.mentor_texts


def test_a_partner_is_replaced_by_who_is_free_and_comes_back(world, who):
    world.mentee("Gus", "sql")
    run_id = start(world)
    made = pairs(world, run_id)
    (pair, number), *_ = made.items()
    with world.deployment.reading(who["Ruth"]) as tx:
        found = {one.mentor.id: one.why_not for one in alternatives(tx, number)}
        (free,) = [one.mentee.id for one in list_unmatched(tx, run_id).items]
    assert found.pop(free) == ""
    assert set(found.values()) == {"In another pair of this run."}
    _, act = review(world, who, replace, number, free)
    assert pair not in pairs(world, run_id)
    with world.deployment.reading(who["Ruth"]) as tx:
        assert {one.mentee.id: one.cause for one in list_unmatched(tx, run_id).items} == {pair[1]: "replaced_in_review"}
    review(world, who, undo, act.act_id)
    assert pairs(world, run_id) == made


def test_an_exclusion_leaves_both_over_and_holds_either_way(world, who):
    run_id = start(world)
    number = pairs(world, run_id)[who["Cy"], who["Di"]]
    out = review(world, who, exclude, number)
    with world.deployment.reading(who["Ruth"]) as tx:
        assert {one.mentee.name for one in list_unmatched(tx, run_id).items} == {"Cy", "Di"}
    with pytest.raises(Conflict, match="Cy can't be chosen"):
        review(world, who, propose_unmatched, run_id, who["Di"], who["Cy"])
    assert two("Cy", "Di") not in names(who, pairs(world, start(world)))
    review(world, who, undo, out.act_id)
    assert number in pairs(world, run_id).values()


def test_a_locked_pair_stays(world, who):
    world.block(who["Cy"], who["Di"])
    run_id = start(world)
    made = pairs(world, run_id)
    for number in made.values():
        review(world, who, lock, number, True)
    with world.deployment.transaction(SYSTEM) as tx:
        again = start_run(tx, world.cycle_id, keep_locked_from=run_id).id
    world.work()
    assert pairs(world, again).keys() == made.keys()
    assert all(one.locked for one in world.proposals(again))


def test_peers_read_of_a_partner_and_become_one_beside_a_mentor(world, who):
    mentoring = world.run([(who["Cy"], who["Ada"], 0.5)], state=MatchState.PROPOSED)
    (number,) = pairs(world, mentoring, MatchState.PROPOSED).values()
    agreed(world, number, who["Cy"], who["Ada"])
    run_id = start(world)
    with world.deployment.reading(who["Ruth"]) as tx:
        letter = publish_preview(tx, run_id).mentee_letter
    assert "You are peers: neither of you is the mentor." in letter.body
    review(world, who, publish_run, run_id)
    cy = world.actor(who["Cy"], Role.MENTEE)
    with world.deployment.reading(cy) as tx:
        (waiting,) = [one for one in list_my_proposals(tx) if one.state is MatchState.PROPOSED]
        assert (waiting.kind, waiting.other.name) == ("peers", "Di")
        assert "forecasting" in introduce(tx, [waiting])[waiting.id]["Goals"]
        assert "We found a partner for you: Di" in [one.subject for one in list_notices(tx).items]
    agreed(world, waiting.id, who["Cy"], who["Di"])
    with world.deployment.reading(cy) as tx:
        assert {(one.kind.value, one.other.name) for one in list_my_mentorships(tx)} == {
            ("mentorship", "Ada"),
            ("peers", "Di"),
        }
    assert not pairs(world, start(world)).keys() & {(who["Cy"], who["Di"])}


def test_a_pair_of_mentors_takes_no_place_of_theirs(world, who):
    run_id = start(world, "mentors")
    review(world, who, publish_run, run_id)
    (number,) = pairs(world, run_id, MatchState.PROPOSED).values()
    agreed(world, number, who["Ada"], who["Bo"])
    with world.deployment.reading(world.actor(who["Ada"], Role.MENTOR)) as tx:
        (part,) = list_my_parts(tx)
    assert part.places.taken == 0
    with world.deployment.transaction(SYSTEM) as tx:
        mentoring = start_run(tx, world.cycle_id).id
    world.work()
    assert len(pairs(world, mentoring)) == 2


def test_who_has_a_partner_by_now_can_not_be_published_or_accepted_again(world, who):
    one, other = start(world), start(world)
    review(world, who, publish_run, one)
    with pytest.raises(Conflict, match="One of the two has a partner, or another proposal, by now"):
        review(world, who, publish_run, other)
    told = pairs(world, one, MatchState.PROPOSED)
    with world.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Proposal, pairs(world, other)[who["Cy"], who["Di"]]).state = MatchState.PROPOSED
    agreed(world, told[who["Cy"], who["Di"]], who["Cy"], who["Di"])
    (late,) = pairs(world, other, MatchState.PROPOSED).values()
    assert agreed(world, late, who["Cy"], who["Di"]).state is MatchState.SUPERSEDED


def test_whoever_leaves_ends_their_proposal_to_a_peer(world, who):
    run_id = start(world)
    review(world, who, publish_run, run_id)
    with world.deployment.transaction(who["Ruth"]) as tx:
        member = tx.session.scalars(select(Membership.id).where(Membership.person_id == who["Di"])).one()
        set_state(tx, member, MembershipState.REMOVED)
    assert names(who, pairs(world, run_id, MatchState.SUPERSEDED)) == {two("Cy", "Di")}
    assert names(who, pairs(world, run_id, MatchState.PROPOSED)) == {two("Ed", "Fay")}


def test_a_comparison_tells_of_both_people_of_a_pair_and_of_one_kind(world, who):
    one = start(world)
    review(world, who, exclude, pairs(world, one)[who["Cy"], who["Di"]])
    after = start(world)
    with world.deployment.reading(who["Ruth"]) as tx:
        found = compare_runs(tx, one, after)
    with world.deployment.transaction(SYSTEM) as tx:
        plain = start_run(tx, world.cycle_id).id
    stayed = {one.mentee.name: one.kind.value for one in found.changes.items}
    assert stayed == {"Ed": "stayed", "Fay": "stayed"}
    assert two("Cy", "Di") not in names(who, pairs(world, after))
    world.work()
    with world.deployment.reading(who["Ruth"]) as tx, pytest.raises(Conflict, match="in two ways"):
        compare_runs(tx, one, plain)


def test_what_makes_no_sense_for_peers_is_refused():
    with pytest.raises(InvalidInput, match="Each peer is in one pair"):
        MatchSettings(mode="peers", mentors_per_mentee=2)
    with pytest.raises(InvalidInput, match="The pool is cats"):
        MatchSettings(pool="cats")


def test_a_draft_is_judged_by_both_people(world, who):
    run_id = start(world)
    for name in ("Di", "Ed"):
        world.change_member(who[name], state="paused")
    with world.deployment.reading(who["Ruth"]) as tx:
        failing = publish_preview(tx, run_id).failing
    assert {one.reason for one in failing} == {
        "The second partner is not taking part any more.",
        "The first partner is not taking part any more.",
    }
