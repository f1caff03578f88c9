"""Choosing what comes, stopping it from a mail, and seeing what became of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from mail_sink import Post, Sink, sending
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.jobs.models import JobState
from wayfellow.jobs.service import ask, get_job
from wayfellow.notify.service import tell
from wayfellow.notify.unsubscribe import Wish, make_token
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM
from wayfellow_web import create_app

SignIn = Callable[[str], FlaskClient]


@pytest.fixture
def post(deployment: Deployment, world: World, server: Controller) -> Post:
    made = sending(deployment, server)
    made.deployment = replace(made.deployment, config=replace(made.deployment.config, base_url="http://localhost"))
    made.people = world.people
    with made.deployment.transaction(SYSTEM) as tx:
        for name, person_id in world.people.items():
            tx.session.get_one(Person, person_id).email = f"{name.lower()}@example.org"
    return made


@pytest.fixture
def app(post: Post) -> Flask:
    app = create_app(deployment=post.deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    return app


def tell_mia(post: Post, world: World, *keys: str, programme_id: int | None = None) -> None:
    with post.deployment.transaction(SYSTEM) as tx:
        for key in keys:
            tell(tx, world.people["Mia"], key=key, subject=f"About {key} <b>", programme_id=programme_id)


def test_what_was_chosen_holds_and_what_is_wrong_is_kept(post: Post, world: World, sink: Sink, sign_in: SignIn) -> None:
    mia = sign_in("Mia")
    typed = {"choice:email:general": "never", "digest_every": "week", "digest_hour": "9", "quiet_from": "22"}
    answer = mia.post("/me/messages/", data=typed)
    assert answer.status_code == 422
    assert "Quiet hours need a beginning and an end" in answer.text
    assert '<option value="22" selected>' in answer.text
    assert '<option value="never" selected>' in answer.text
    tell_mia(post, world, "one")
    post.work()
    assert mia.post("/me/messages/", data=typed | {"quiet_until": "6"}).status_code == 302
    tell_mia(post, world, "two")
    post.work()
    assert [mail["Subject"] for mail in sink.mails] == ["About one <b>"]
    text = mia.get("/notices/").text
    assert "About two &lt;b&gt;" in text
    assert text.count("E-mail, ") == 1


def test_one_click_in_a_mail_program_stops_a_kind_without_signing_in(post: Post, world: World, sink: Sink) -> None:
    tell_mia(post, world, "one")
    post.work()
    address = sink.mails[0]["List-Unsubscribe"].strip(" <>").removeprefix("http://localhost")
    browser = create_app(deployment=post.deployment).test_client()  # forged forms are looked for, as always
    assert browser.get(address).status_code == 200
    tell_mia(post, world, "two")
    post.work()
    assert len(sink.mails) == 2, "looking at the address stops nothing"
    assert browser.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    tell_mia(post, world, "three")
    post.work()
    assert len(sink.mails) == 2
    assert browser.post(f"{address}x", data={"List-Unsubscribe": "One-Click"}).status_code == 404


def test_a_coordinator_sees_what_did_not_arrive_and_sends_it_again(
    post: Post, world: World, sink: Sink, sign_in: SignIn
) -> None:
    sink.refuse["mia@example.org"] = "550 5.1.1 mia@example.org is unknown"
    tell_mia(post, world, "mine", programme_id=world.programme_id)
    tell_mia(post, world, "theirs", programme_id=world.other_programme_id)
    tell_mia(post, world, "general")
    post.work()
    ruth, ada = sign_in("Ruth"), sign_in("Ada")
    text = ruth.get("/p/bridges/messages/?q=mia").text
    assert "1 message did not arrive" in text
    assert "About mine &lt;b&gt;" in text
    assert "550 5.1.1" in text
    assert "About theirs" not in text
    assert "About general" not in text
    assert "About general" in ada.get("/p/bridges/messages/").text
    assert "No message here" in ruth.get("/p/bridges/messages/?state=sent").text
    assert "did not take it" in sign_in("Mia").get("/notices/").text
    sink.refuse.clear()
    rows = {row.notice_id: row.id for row in post.deliveries()}
    mine, theirs, _ = (rows[number] for number in sorted(rows))
    assert ruth.post(f"/p/bridges/messages/{theirs}/again").status_code == 403
    assert ruth.post(f"/p/bridges/messages/{mine}/again").status_code == 302
    post.work()
    assert [mail["Subject"] for mail in sink.mails] == ["About mine <b>"]
    assert ruth.post(f"/p/bridges/messages/{mine}/again").status_code == 409
    assert ruth.post("/p/bridges/messages/999/again").status_code == 404


def test_an_administrator_sees_all_work_and_starts_failed_work_again(
    post: Post, world: World, sign_in: SignIn, clock
) -> None:
    with post.deployment.transaction(SYSTEM) as tx:
        failed = ask(tx, "import.people", {"batch_id": 999}, key="one", programme_id=world.programme_id).id
    post.work()
    ada = sign_in("Ada")
    text = ada.get("/jobs/?state=failed&q=import").text
    assert "1 piece of work failed" in text
    assert f"/jobs/{failed}/again" in text
    assert "No work here" in ada.get("/jobs/?state=failed&q=sending").text
    assert ada.post(f"/jobs/{failed}/again").status_code == 302
    with post.deployment.reading(SYSTEM) as tx:
        job = get_job(tx, failed)
        assert (job.state, job.attempts, job.error) == (JobState.WAITING, 0, None)
    assert ada.post(f"/jobs/{failed}/again").status_code == 409
    assert sign_in("Ruth").get("/jobs/").status_code == 403
    post.work()
    clock.move(days=31)
    post.work()
    assert f"/jobs/{failed}/again" not in ada.get("/jobs/").text, "what ended long ago is removed"


def test_without_a_mail_server_the_pages_say_so(deployment: Deployment, world: World, make_link) -> None:
    client = create_app(deployment=deployment).test_client()
    client.application.config["WTF_CSRF_ENABLED"] = False
    client.post(make_link("Ruth"))
    assert "no mail server" in client.get("/p/bridges/messages/").text
    assert "no mail server" in client.get("/me/messages/").text


def test_a_link_for_somebody_who_is_gone_says_so(post: Post, world: World, app: Flask) -> None:
    token = make_token(post.deployment.config, Wish(999_999, "email", "general"))
    assert "not here any more" in app.test_client().get(f"/unsubscribe/{token}").text


def test_an_administrator_changes_the_words_of_a_letter_and_goes_back(post: Post, sign_in: SignIn) -> None:
    ada = sign_in("Ada")
    place = "/wording/proposed.mentee"
    typed = {"subject": "Good news, {name}", "body": "Meet {other_titled}.{fit} {oops}", "seen": "0"}
    answer = ada.post(place, data=typed | {"act": "save"})
    assert answer.status_code == 422
    assert "{oops} does not stand for anything in this letter" in answer.text
    assert "Good news, {name}" in answer.text
    typed["body"] = "Meet {other_titled}.{fit}"
    answer = ada.post(place, data=typed | {"act": "preview"})
    assert "Nothing is saved yet" in answer.text
    assert "Good news, Renske Amadi" in answer.text
    assert "your own words" not in ada.get("/wording/").text
    assert ada.post(place, data=typed | {"act": "save"}).status_code == 302
    assert ada.post(place, data=typed | {"act": "save"}).status_code == 409
    assert "1 letter in your own words" in ada.get("/wording/").text
    assert ada.post(f"{place}/default", data={"seen": "1"}).status_code == 302
    assert "words that came along" in ada.get(place).text
    assert ada.get("/wording/nonsense").status_code == 404


def test_messages_are_sorted_and_handed_over_as_the_address_says(post: Post, world: World, sink: Sink, sign_in) -> None:
    sink.refuse["mia@example.org"] = "550 5.1.1 unknown"
    for name in ("beta", "alpha"):
        tell_mia(post, world, name, programme_id=world.programme_id)
    tell_mia(post, world, "theirs", programme_id=world.other_programme_id)
    post.work()
    ruth = sign_in("Ruth")
    shown = ruth.get("/p/bridges/messages/?sort=subject").text
    assert 'aria-sort="ascending"' in shown
    assert shown.index("About alpha") < shown.index("About beta")
    file = ruth.get("/p/bridges/messages/export.csv?sort=-subject&state=failed")
    assert file.headers["Content-Disposition"] == 'attachment; filename="bridges-messages.csv"'
    assert "theirs" not in file.text
    bounced = ruth.get("/p/bridges/messages/export.csv?sort=-subject&state=bounced").text
    rows = file.text.splitlines()[1:] + bounced.splitlines()[1:]
    assert ["beta" in row for row in rows] == [True, False]
    assert ruth.get("/p/bridges/messages/export.pdf").status_code == 404


def test_work_is_sorted_and_handed_over_as_the_address_says(post: Post, world: World, sign_in: SignIn) -> None:
    with post.deployment.transaction(SYSTEM) as tx:
        jobs = [ask(tx, "import.people", {"batch_id": 999}, key=key).id for key in ("one", "two")]
    post.work()
    ada = sign_in("Ada")
    rows = ada.get("/jobs/export.csv?state=failed&sort=asked").text.splitlines()
    assert [row.split(",")[0] for row in rows] == ["\ufeffid", *map(str, jobs)]
    newest_first = ada.get("/jobs/export.csv?state=failed").text.splitlines()
    assert [row.split(",")[0] for row in newest_first] == ["\ufeffid", *map(str, reversed(jobs))]
    assert 'aria-sort="descending"' in ada.get("/jobs/?sort=-attempts").text
    assert sign_in("Ruth").get("/jobs/export.csv").status_code == 403
