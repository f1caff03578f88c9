"""Coordinators propose pairs by hand and decide on proposals, in the browser's words."""

import pytest

from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.programmes.roles import actor_for
from wayfellow.programmes.rules import save_rules
from wayfellow.types import SYSTEM

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PLACE = "/p/bridges/proposals/"


def pair_of(world, **more):
    return {"mentee": world.people["Mia"], "mentor": world.people["Tom"], "asks": "both", **more}


def agree(deployment, world, number):
    for name in ("Mia", "Tom"):
        with deployment.transaction(SYSTEM) as tx:
            actor = actor_for(tx.session, world.people[name])
        with deployment.transaction(actor) as tx:
            answer_proposal(tx, number, True)


def test_two_people_are_chosen_seen_side_by_side_and_proposed(sign_in, world, board) -> None:
    ruth, (mia, tom) = sign_in("Ruth"), (world.people["Mia"], world.people["Tom"])
    assert f"{PLACE}new?mentee={mia}" in ruth.get(f"{PLACE}new?q=mia").text
    assert f"mentee={mia}&amp;mentor={tom}" in ruth.get(f"{PLACE}new?mentee={mia}").text
    page = ruth.get(f"{PLACE}new?mentee={mia}&mentor={tom}").text
    assert "We found a mentor for you: Tom Example" in page
    again = ruth.post(f"{PLACE}new", data=pair_of(world, note="You both ski.", preview="1")).text
    assert again.count("You both ski.") == 3
    assert board.states() == {}
    assert ruth.post(f"{PLACE}new", data=pair_of(world, note="You both ski.")).status_code == 302
    assert board.states() == {"Mia": "proposed"}
    home = sign_in("Mia").get("/home/").text
    assert "You both ski." in home
    assert "Answer until Monday 7 December." in home


def test_what_is_wrong_stands_beside_what_was_typed(sign_in, world, board) -> None:
    ruth = sign_in("Ruth")
    answer = ruth.post(f"{PLACE}new", data=pair_of(world, asks="nobody", note="Hello."))
    assert answer.status_code == 422
    assert "Say why not both are asked" in answer.text
    assert "Hello." in answer.text
    assert ruth.post(f"{PLACE}new", data=pair_of(world, asks="everybody")).status_code == 422
    assert ruth.get(f"{PLACE}new?mentee=7777&mentor=8888").status_code == 404
    ruth.post(f"{PLACE}new", data=pair_of(world))
    refused = ruth.post(f"{PLACE}new", data=pair_of(world, mentee=world.people["Mia"], asks="mentor", reason="x"))
    assert refused.status_code == 409
    assert "on their way to each other already" in refused.text


def test_the_list_is_searched_filtered_and_handed_over(sign_in, world, board) -> None:
    ruth = sign_in("Ruth")
    assert "Nothing is proposed yet" in ruth.get(PLACE).text
    ruth.post(f"{PLACE}new", data=pair_of(world))
    assert "Tom Example" in ruth.get(f"{PLACE}?q=mia&origin=hand&tab=waiting").text
    assert "No proposal matches" in ruth.get(f"{PLACE}?origin=run").text
    file = ruth.get(f"{PLACE}export.csv?q=mia").text.splitlines()
    assert file[1].startswith("Mia Example,Tom Example,proposed,hand,both,,,2026-12-07,")


def test_a_proposal_is_taken_back_after_a_look_and_undone(sign_in, world, board) -> None:
    ruth = sign_in("Ruth")
    ruth.post(f"{PLACE}new", data=pair_of(world))
    ticked = {"proposal": board.proposal("Mia"), "decision": "withdraw", "back": f"{PLACE}?tab=waiting"}
    assert "A proposal was taken back: you and Tom Example" in ruth.post(f"{PLACE}review", data=ticked).text
    assert ruth.post(f"{PLACE}decide", data=ticked).status_code == 422
    done = ruth.post(f"{PLACE}decide", data=ticked | {"reason": "mistake"})
    assert done.location == f"{PLACE}?tab=waiting"
    assert board.states() == {"Mia": "withdrawn"}
    assert "1 proposal is taken back" in ruth.get(PLACE).text
    ruth.post(f"{PLACE}again", data={"proposals": str(ticked["proposal"])})
    assert board.states() == {"Mia": "proposed"}
    assert ruth.post(f"{PLACE}review", data={"decision": "withdraw"}).status_code == 302
    assert ruth.post(f"{PLACE}review", data=ticked | {"decision": "burn"}).status_code == 422


def test_pairs_that_agreed_wait_for_a_coordinator(sign_in, world, board, deployment) -> None:
    ruth = sign_in("Ruth")
    with deployment.transaction(SYSTEM) as tx:
        save_rules(tx, world.programme_id, {"approval": True})
    ruth.post(f"{PLACE}new", data=pair_of(world))
    number = board.proposal("Mia")
    agree(deployment, world, number)
    assert "A coordinator looks at it once more" in sign_in("Mia").get("/home/").text
    page = ruth.get(f"{PLACE}?tab=to-approve").text
    assert f'value="{number}"' in page
    ruth.post(f"{PLACE}decide", data={"proposal": number, "decision": "approve"})
    assert board.states() == {"Mia": "accepted"}


def test_nobody_decides_on_proposals_of_another_programme(sign_in, world, board) -> None:
    ruth = sign_in("Ruth")
    ruth.post(f"{PLACE}new", data=pair_of(world))
    number = board.proposal("Mia")
    otto = sign_in("Otto")
    for way in ("review", "decide"):
        data = {"proposal": number, "decision": "withdraw", "reason": "mistake"}
        assert otto.post(f"/p/night/proposals/{way}", data=data).status_code == 404
    assert otto.post("/p/night/proposals/again", data={"proposals": str(number)}).status_code == 404
    assert (
        otto.get(f"/p/night/proposals/new?mentee={world.people['Mia']}&mentor={world.people['Tom']}").status_code == 404
    )
    assert board.states() == {"Mia": "proposed"}
