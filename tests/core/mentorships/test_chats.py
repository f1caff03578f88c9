"""Chats before pairs: each mentee talks with some mentors, both say how it was, and the pairs go by that."""

import dataclasses

import pytest
from sqlalchemy import select

from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.host import PluginHost
from wayfellow.matching.chemistry import plugin as chemistry
from wayfellow.matching.runs import get_run, start_run
from wayfellow.matching.settings import MatchSettings
from wayfellow.mentorships.better import list_better
from wayfellow.mentorships.chat_ratings import count_chats, count_ratings
from wayfellow.mentorships.chats import list_my_chats, rate_chat
from wayfellow.mentorships.counts import count_proposals
from wayfellow.mentorships.erasing import erase_me
from wayfellow.mentorships.home import list_my_mentorships, list_my_proposals
from wayfellow.mentorships.models import ChatRating
from wayfellow.mentorships.parts import list_my_parts
from wayfellow.mentorships.personal import collect_my_data
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.publishing import publish_run
from wayfellow.mentorships.queries import list_drafts
from wayfellow.notify.service import list_notices
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, MatchState, Role


@pytest.fixture
def who(world):
    plugins = (("words", world.plugin), ("chemistry", chemistry))
    world.deployment = dataclasses.replace(
        world.deployment, host=PluginHost.load(world.deployment.config, plugins=plugins)
    )
    people = {"Ada": world.mentor("Ada", 1, expertise="sql"), "Bo": world.mentor("Bo", 1, expertise="sql care")}
    people |= {"Cy": world.mentee("Cy", "sql"), "Di": world.mentee("Di", "sql care")}
    people["Ruth"] = world.coordinator()
    return people


def run(world, **settings):
    with world.deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, world.cycle_id, MatchSettings(**settings)).id
    world.work()
    with world.deployment.reading(SYSTEM) as tx:
        assert get_run(tx, run_id).error is None
    return run_id


def pairs(world, run_id, state=MatchState.DRAFTED):
    return {(one.mentee_id, one.mentor_id): one.id for one in world.proposals(run_id) if one.state == state}


def publish(world, who, run_id):
    with world.deployment.transaction(who["Ruth"]) as tx:
        publish_run(tx, run_id)
    return pairs(world, run_id, MatchState.PROPOSED)


def as_one(world, who, name):
    return world.actor(who[name], Role.MENTOR if name in ("Ada", "Bo") else Role.MENTEE)


def say(world, who, name, chat, rating):
    with world.deployment.transaction(as_one(world, who, name)) as tx:
        rate_chat(tx, chat, rating)


@pytest.fixture
def chats(world, who):
    return publish(world, who, run(world, mode="chemistry", chats=2))


def test_each_mentee_gets_chats_and_each_place_holds_as_many(world, who):
    run_id = run(world, mode="chemistry", chats=2)
    assert pairs(world, run_id).keys() == {(who[one], who[other]) for one in ("Cy", "Di") for other in ("Ada", "Bo")}
    with world.deployment.reading(who["Ruth"]) as tx:
        (row, *_) = list_drafts(tx, run_id).items
    assert (row.places.capacity, row.places.drafted, row.of_mentee) == (2, 2, 2)


def test_chats_stand_on_both_home_pages_and_ask_for_no_consent(world, who, chats):
    chat = chats[who["Cy"], who["Ada"]]
    for name, others in (("Cy", {"Ada", "Bo"}), ("Ada", {"Cy", "Di"})):
        with world.deployment.reading(as_one(world, who, name)) as tx:
            mine = list_my_chats(tx)
            assert {one.other.name for one in mine} == others
            assert all(one.other_email and one.mine is None for one in mine)
            assert list_my_proposals(tx) == []
            assert {one.subject for one in list_notices(tx).items} == {f"Have a chat with {other}" for other in others}
    with world.deployment.transaction(as_one(world, who, "Cy")) as tx, pytest.raises(NotFound):
        answer_proposal(tx, chat, True)
    with world.deployment.reading(who["Ruth"]) as tx:
        assert count_proposals(tx, world.cycle_id) == {}
        assert count_chats(tx, world.cycle_id) == 4
    with world.deployment.reading(as_one(world, who, "Ada")) as tx:
        assert list_my_parts(tx)[0].places.taken == 0


def test_what_one_says_is_changed_taken_back_and_nobody_elses(world, who, chats):
    chat = chats[who["Cy"], who["Ada"]]
    for rating in (4, 2, 2):
        say(world, who, "Cy", chat, rating)
    with world.deployment.reading(as_one(world, who, "Cy")) as tx:
        assert {one.id: one.mine for one in list_my_chats(tx)}[chat] == 2
    with world.deployment.reading(as_one(world, who, "Ada")) as tx:
        assert {one.id: one.mine for one in list_my_chats(tx)}[chat] is None
    with world.deployment.transaction(as_one(world, who, "Cy")) as tx:
        assert [one["rating"] for one in collect_my_data(tx)["chat_ratings"]] == [2]
    with world.deployment.reading(SYSTEM) as tx:
        said = tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "chat.rated")).all()
        run_id = world.proposals()[0].run_id
        counts = count_ratings(tx, run_id)
    assert [entry.details for entry in said if entry.subject_id == chat] == [{}, {}]
    assert (counts.chats, counts.by_mentees, counts.by_mentors) == (4, 1, 0)
    say(world, who, "Cy", chat, None)
    say(world, who, "Cy", chat, None)
    with world.deployment.reading(SYSTEM) as tx:
        assert count_ratings(tx, run_id).by_mentees == 0


def test_only_the_two_say_how_it_was_and_only_what_can_be_said(world, who, chats):
    chat = chats[who["Cy"], who["Ada"]]
    with pytest.raises(NotFound):
        say(world, who, "Di", chat, 3)
    for wrong in (0, 6):
        with pytest.raises(InvalidInput, match="Choose what comes closest"):
            say(world, who, "Cy", chat, wrong)
    world.set_cycle("completed")
    with pytest.raises(Conflict, match="is completed"):
        say(world, who, "Cy", chat, 3)
    with world.deployment.reading(as_one(world, who, "Cy")) as tx:
        assert list_my_chats(tx) == []


def test_the_second_round_goes_by_what_people_said(world, who, chats):
    for name, chat, rating in (
        ("Cy", (who["Cy"], who["Bo"]), 5),
        ("Bo", (who["Cy"], who["Bo"]), 5),
        ("Di", (who["Di"], who["Ada"]), 4),
    ):
        say(world, who, name, chats[chat], rating)
    assert pairs(world, run(world)).keys() == {(who["Cy"], who["Ada"]), (who["Di"], who["Bo"])}
    second = run(world, ratings_weight=0.9)
    assert pairs(world, second).keys() == {(who["Cy"], who["Bo"]), (who["Di"], who["Ada"])}
    told = publish(world, who, second)
    for name in ("Cy", "Bo"):
        with world.deployment.transaction(as_one(world, who, name)) as tx:
            answer_proposal(tx, told[who["Cy"], who["Bo"]], True)
    with world.deployment.reading(as_one(world, who, "Cy")) as tx:
        assert [one.other.name for one in list_my_mentorships(tx)] == ["Bo"]


def test_a_never_keeps_two_apart_and_nobody_is_told(world, who, chats):
    say(world, who, "Bo", chats[who["Di"], who["Bo"]], 1)
    second = run(world, ratings_weight=0.5)
    assert (who["Di"], who["Bo"]) not in pairs(world, second)
    with world.deployment.reading(who["Ruth"]) as tx:
        said = [str(one) for one in list_better(tx, second, who["Di"]).others.items]
        reasons = [term.label for row in list_drafts(tx, second).items for part in row.parts for term in part.terms]
    assert said == []
    assert "what both said of their chat" in reasons
    assert not any("of 5" in reason for reason in reasons)


def test_people_without_a_chat_are_paired_only_if_asked_for(world, who, chats):
    late = world.mentee("Late", "sql")
    world.change_member(who["Ada"], capacity=3)
    assert late not in {one for one, _ in pairs(world, run(world, ratings_weight=0.5))}
    assert late in {one for one, _ in pairs(world, run(world, ratings_weight=0.5, beyond_chats=True))}


def test_who_has_a_mentor_or_chats_gets_no_more_chats(world, who, chats):
    late, paired = world.mentee("Late", "sql"), world.mentee("Paired", "sql")
    world.change_member(who["Ada"], capacity=3)
    world.run([(paired, who["Ada"], 0.5)], state=MatchState.PROPOSED)
    again = pairs(world, run(world, mode="chemistry", chats=2))
    assert {one for one, _ in again} == {late}


def test_a_block_hides_a_chat_and_erasing_forgets_what_was_said(world, who, chats):
    say(world, who, "Cy", chats[who["Cy"], who["Ada"]], 5)
    world.block(who["Ada"], who["Cy"])
    cy = as_one(world, who, "Cy")
    with world.deployment.transaction(cy) as tx:
        assert {one.other.name for one in list_my_chats(tx)} == {"Bo"}
        erase_me(tx, collect_my_data(tx)["person"][0]["email"])
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalars(select(ChatRating.rating)).all() == []


def test_weights_that_make_no_sense_are_refused():
    for wrong in ({"ratings_weight": 2.0}, {"ratings_weight": 0.5, "mode": "lottery"}):
        with pytest.raises(InvalidInput, match="Ratings of chats make up a part"):
            MatchSettings(**wrong)
