"""The editor of criteria, with forms alone: add, remove, undo, check, save, and versions."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.matching.criteria import plugin
from wayfellow.matching.criteria.service import list_versions, load_set, newest_version
from wayfellow.people.service import save_profile
from wayfellow.types import SYSTEM, Role
from wayfellow_web import create_app

SignIn = Callable[[str], FlaskClient]
AT = "/p/bridges/matching/criteria/"
LANGUAGES = {"c0-kind": "languages", "c0-weight": "4", "c0-hard": "1", "c0-least": "1"}
FIELD = {"c1-kind": "field", "c1-weight": "2.5", "c1-hard": "0", "c1-field": "department", "c1-direction": "different"}


@pytest.fixture
def app(deployment: Deployment, world: World) -> Flask:
    host = PluginHost.load(deployment.config, plugins=[("criteria", plugin)])
    app = create_app(deployment=replace(deployment, host=host))
    app.config["WTF_CSRF_ENABLED"] = False
    return app


@pytest.fixture
def here(app: Flask, deployment: Deployment) -> Deployment:
    return app.extensions["wayfellow"].deployment


def send(client: FlaskClient, do: str, *rows: dict[str, str], based_on: str = "", **more: str):
    data = {"based_on": based_on, "text_weight": "10", "do": do} | {key: row[key] for row in rows for key in row} | more
    return client.post(AT, data=data)


def words(answer) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", answer.text)).split())


def test_without_criteria_the_page_says_what_they_are(sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    text = words(ruth.get(AT))
    assert "Matching goes by texts alone" in text
    assert "No criteria yet" in text
    assert 'href="/p/bridges/matching/criteria/"' in ruth.get("/p/bridges/matching/").text


def test_a_criterion_is_added_removed_and_brought_back_without_saving(
    sign_in: SignIn, here: Deployment, world: World
) -> None:
    ruth = sign_in("Ruth")
    added = send(ruth, "add", LANGUAGES, add="field")
    assert "2 criteria beside the texts" in words(added)
    assert 'name="c1-field"' in added.text
    removed = send(ruth, "remove:0", LANGUAGES, FIELD)
    assert "1 criterion beside the texts" in words(removed)
    assert "Languages in common is taken out." in words(removed)
    assert 'name="c0-removed" value="1"' in removed.text
    back = send(ruth, "back:0", LANGUAGES | {"c0-removed": "1"}, FIELD)
    assert "2 criteria beside the texts" in words(back)
    assert 'value="4"' in back.text
    with here.reading(SYSTEM) as tx:
        assert newest_version(tx, world.programme_id) is None


def test_saving_writes_a_version_that_undo_takes_back(sign_in: SignIn, here: Deployment, world: World) -> None:
    ruth = sign_in("Ruth")
    answer = send(ruth, "save", LANGUAGES | {"c0-removed": "1"}, FIELD, text_weight="7,5")
    assert answer.status_code == 302
    page = ruth.get(AT)
    assert "The criteria are saved as version 1. The next run goes by them." in words(page)
    with here.reading(SYSTEM) as tx:
        saved = load_set(tx, world.programme_id, 1)
        assert [v.author for v in list_versions(tx, world.programme_id)] == ["Ruth Example"]
    assert saved.text_weight == 7.5
    [one] = saved.criteria
    assert (one.kind, one.weight, one.hard, one.field, one.direction) == (
        "field",
        2.5,
        False,
        "department",
        "different",
    )
    fields = dict(re.findall(r'name="(version|based_on)" value="(\d*)"', page.text.split('class="undo')[1]))
    assert fields == {"version": "", "based_on": "1"}
    undone = ruth.post(f"{AT}restore", data=fields, follow_redirects=True)
    assert "There are no criteria any more, as version 2." in words(undone)
    again = ruth.post(f"{AT}restore", data={"version": "1", "based_on": "2"}, follow_redirects=True)
    assert "Version 1 holds again, as version 3." in words(again)
    assert "1 criterion beside the texts" in words(again)


def test_saving_the_same_again_says_so(sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    send(ruth, "save", LANGUAGES)
    send(ruth, "save", LANGUAGES, based_on="1")
    assert "Nothing was changed, so nothing was saved." in words(ruth.get(AT))


def test_what_is_wrong_stands_beside_its_field_and_all_is_kept(sign_in: SignIn) -> None:
    wrong = FIELD | {"c1-weight": "much"}
    answer = send(sign_in("Ruth"), "save", LANGUAGES | {"c0-removed": "1"}, wrong, text_weight="12")
    assert answer.status_code == 422
    assert '<a href="#c1-weight">Criterion 1, weight: “much” is no number from 0 to 10.</a>' in answer.text
    assert '<a href="#text_weight">text_weight: “12” is no number from 0 to 10.</a>' in answer.text
    assert 'id="c1-weight" name="c1-weight" type="text" value="much"' in answer.text
    assert "Languages in common is taken out." in words(answer)


def test_nobody_overwrites_what_they_did_not_see(sign_in: SignIn) -> None:
    ruth, ada = sign_in("Ruth"), sign_in("Ada")
    send(ada, "save", LANGUAGES)
    answer = send(ruth, "save", FIELD | {f"c0-{key[3:]}": value for key, value in FIELD.items()})
    assert answer.status_code == 409
    assert "Version 1 of the criteria was saved while you changed them" in words(answer)
    assert 'name="c0-field"' in answer.text
    late = ruth.post(f"{AT}restore", data={"version": "", "based_on": ""}, follow_redirects=True)
    assert "was saved while you changed them" in words(late)


def test_a_check_names_whom_a_rule_leaves_alone(sign_in: SignIn, here: Deployment, world: World) -> None:
    with here.transaction(SYSTEM) as tx:
        save_profile(tx, world.people["Mia"], {"languages": "Basque"})
        save_profile(tx, world.people["Tom"], {"languages": "Welsh"})
    ruth = sign_in("Ruth")
    text = words(send(ruth, "check", LANGUAGES))
    assert "1 mentee can\u2019t be matched of 1 mentee and 1 mentor; 1 mentor has nobody left" in text
    assert (
        "Languages in common , criterion 1 rules out 1 pair of 1, and alone leaves 1 mentee without any mentor" in text
    )
    assert "Mia Example" in text
    part = ruth.post(f"{AT}check", data={"text_weight": "10", **LANGUAGES, "c0-hard": "0"})
    assert "Everybody can be matched" in words(part)
    assert "<html" not in part.text
    broken = ruth.post(f"{AT}check", data={"text_weight": "10", **LANGUAGES, "c0-least": "x"})
    assert broken.status_code == 200
    assert "Criterion 1, least: “x” is no number from 1 to 10." in words(broken)


def test_the_list_of_runs_names_the_version(sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    send(ruth, "save", LANGUAGES)
    ruth.post("/p/bridges/matching/")
    send(ruth, "save", based_on="1")
    assert "by version 1 of the criteria" in words(ruth.get("/p/bridges/matching/"))


def test_an_earlier_version_can_be_looked_at(sign_in: SignIn) -> None:
    ruth = sign_in("Ruth")
    send(ruth, "save", LANGUAGES)
    send(ruth, "save", based_on="1")
    page = ruth.get(f"{AT}?version=1")
    assert "You look at version 1. Version 2 holds." in words(page)
    assert 'name="c0-kind" value="languages"' in page.text
    assert 'name="based_on" value="2"' in page.text
    assert ruth.get(f"{AT}?version=9").status_code == 404


def test_a_kind_that_is_gone_is_shown_and_can_be_removed(sign_in: SignIn, app: Flask, deployment: Deployment) -> None:
    send(sign_in("Ruth"), "save", LANGUAGES)
    bare = create_app(deployment=deployment)
    bare.config["WTF_CSRF_ENABLED"] = False
    ruth = bare.test_client()
    with sign_in("Ruth").session_transaction() as mine, ruth.session_transaction() as theirs:
        theirs.update(mine)
    page = ruth.get(AT)
    assert "The plugin that brought this kind is not there any more" in words(page)
    assert send(ruth, "save", LANGUAGES, based_on="1").status_code == 422
    assert send(ruth, "save", LANGUAGES | {"c0-removed": "1"}, based_on="1").status_code == 302


@pytest.mark.parametrize(("name", "statuses"), [("Mia", {403, 404}), ("Tom", {403, 404}), ("Otto", {403, 404})])
def test_others_neither_see_nor_change_criteria(name: str, statuses: set[int], sign_in: SignIn) -> None:
    other = sign_in(name)
    assert other.get(AT).status_code in statuses
    assert send(other, "save", LANGUAGES).status_code in statuses
    for path in ("check", "restore"):
        assert other.post(AT + path, data=LANGUAGES).status_code in statuses


def test_statements_do_not_grow_with_people_and_versions(
    sign_in: SignIn, here: Deployment, world: World, statements: list[str]
) -> None:
    ruth = sign_in("Ruth")
    send(ruth, "save", LANGUAGES)

    def count() -> tuple[int, int]:
        statements.clear()
        ruth.get(AT)
        shown = len(statements)
        statements.clear()
        ruth.post(f"{AT}check", data={"text_weight": "10", **LANGUAGES})
        return shown, len(statements)

    ruth.get(AT)
    few = count()
    with here.transaction(SYSTEM) as tx:
        for number in range(25):
            world.add(tx, f"Mentee{number}", Role.MENTEE)
            world.add(tx, f"Mentor{number}", Role.MENTOR)
    for number in range(6):
        send(ruth, "save", LANGUAGES | {"c0-weight": str(number)}, based_on=str(number + 1))
    ruth.get(AT)
    assert count() == few
    assert few[0] <= 20
    assert few[1] <= 26
