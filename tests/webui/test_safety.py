"""People block others and say in confidence that something is not right; only those whose duty it is read it."""

import pytest

from wayfellow.programmes.roles import grant_role
from wayfellow.types import SYSTEM, Role

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def proposed(board):
    board.publish(board.run([("Mia", "Tom", 0.8)]))
    return board


@pytest.fixture
def lead(world, deployment, sign_in):
    with deployment.transaction(SYSTEM) as tx:
        grant_role(tx, world.add(tx, "Lea"), Role.SAFEGUARDING_LEAD, world.programme_id)
    return sign_in("Lea")


def test_a_block_is_explained_made_seen_and_taken_back(sign_in, world, proposed) -> None:
    mia, tom = sign_in("Mia"), sign_in("Tom")
    place = f"/me/blocks/{world.people['Tom']}"
    assert place in mia.get("/home/").text
    assert "Block Tom Example?" in mia.get(place).text
    assert "What about your mentorship?" not in mia.get(place).text
    mia.post(place)
    assert proposed.states() == {"Mia": "superseded"}
    for page in (mia.get("/home/").text, tom.get("/home/").text):
        assert "Earlier proposals" not in page
    assert "Tom Example" in mia.get("/me/blocks/").text
    assert "You block nobody" in tom.get("/me/blocks/").text
    assert "Mia" not in tom.get("/me/blocks/").text
    mia.post(f"{place}/allow")
    assert "You block nobody" in mia.get("/me/blocks/").text


def test_strangers_are_not_there_to_be_blocked(sign_in, world) -> None:
    mia = sign_in("Mia")
    for stranger in (world.people["Nils"], 99_999, world.people["Mia"]):
        assert mia.get(f"/me/blocks/{stranger}").status_code == 404
        assert mia.post(f"/me/blocks/{stranger}").status_code == 404


def test_a_concern_reaches_the_lead_and_nobody_else(sign_in, world, proposed, lead) -> None:
    mia, about = sign_in("Mia"), world.people["Tom"]
    assert "It is about <b>Tom Example</b>" in mia.get(f"/concern/?about={about}").text
    typed = {"about": about, "programme_id": world.programme_id, "text": "He shouts."}
    assert mia.post("/concern/", data=typed | {"text": " "}).status_code == 422
    for _ in range(5):
        assert mia.post("/concern/", data=typed).status_code == 302
    page = lead.get("/p/bridges/concerns/").text
    assert page.count("Mia Example") == 2  # once hidden, for people who hear the list
    assert "1 open concern" in page
    notices = lead.get("/notices/").text
    assert "A concern to read" in notices
    assert "shouts" not in notices
    assert "Tom" not in notices
    for name in ("Ruth", "Mia", "Tom", "Otto"):
        assert sign_in(name).get("/p/bridges/concerns/").status_code in (403, 404)
    assert "concern" not in sign_in("Tom").get("/notices/").text
    audit = sign_in("Ada").get("/audit/export.csv").text
    assert "concern.raised" in audit
    assert "shouts" not in audit


def test_a_concern_is_settled_with_a_word_and_opened_again(sign_in, world, lead) -> None:
    sign_in("Mia").post("/concern/", data={"programme_id": world.programme_id, "text": "It is not right."})
    place = "/p/bridges/concerns/1"
    assert "It is not right." in lead.get(place).text
    assert lead.post(f"{place}/settle", data={"outcome": ""}).status_code == 422
    lead.post(f"{place}/settle", data={"outcome": "We talked."})
    assert "We talked." in lead.get(place).text
    assert "Mia Example" in lead.get("/p/bridges/concerns/?state=settled&q=mia").text
    assert "No concern matches" in lead.get("/p/bridges/concerns/?state=open").text
    lead.post(f"{place}/reopen")
    assert "1 open concern" in lead.get("/p/bridges/concerns/").text
    assert "It is not right." in lead.get("/p/bridges/concerns/export.csv").text
    assert lead.get("/p/night/concerns/1").status_code == 404


def test_without_a_lead_the_administrators_are_told(sign_in, world) -> None:
    sign_in("Mia").post("/concern/", data={"programme_id": world.programme_id, "text": "It is not right."})
    assert "A concern to read" in sign_in("Ada").get("/notices/").text
    assert "A concern to read" not in sign_in("Ruth").get("/notices/").text


def test_a_concern_needs_a_programme_of_ones_own(sign_in, world) -> None:
    mia = sign_in("Mia")
    data = {"programme_id": world.other_programme_id, "text": "x"}
    assert mia.post("/concern/", data=data).status_code == 422
