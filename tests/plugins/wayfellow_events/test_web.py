"""The pages of events, through the address map: who gets in, what a form keeps, what a link may do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from mail_sink import Sink, work_off
from sqlalchemy import select

from wayfellow.pages import PUBLIC
from wayfellow.people.models import Person
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM
from wayfellow_events.events.ticket_types import list_types
from wayfellow_events.registration.models import Registration
from wayfellow_events.tickets.issuing import code_of, ticket_of
from wayfellow_web.gate import permission_of_endpoint

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SignIn = Callable[[str], FlaskClient]
GOOD = {"title": "Tea", "starts_at": "2026-12-03T17:30", "ends_at": "2026-12-03T19:00", "timezone": "Europe/London"}


def kind(gathering, event, name="Member") -> int:
    with gathering.deployment.reading(SYSTEM) as tx:
        return next(one.id for one in list_types(tx, event.id) if one.name == name)


def state(gathering) -> list[str]:
    with gathering.deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(Registration.state).order_by(Registration.id)))


def test_a_member_gets_a_ticket_gives_it_back_and_takes_that_back(gathering, app: Flask, sign_in: SignIn) -> None:
    event, mio = gathering.event(), sign_in("Mio")
    answer = mio.post(f"/x/events/e/{event.slug}/come", data={"type": kind(gathering, event), "badge_name": "Mio"})
    page = mio.get(answer.location).text
    assert 'class="qr"' in page
    with gathering.deployment.reading(SYSTEM) as tx:
        assert code_of(tx, ticket_of(tx, 1)) not in page, "the code is a picture alone"
    back = mio.get(mio.post(f"{answer.location}/give-back").location).text
    assert state(gathering) == ["cancelled"]
    assert f'action="{answer.location}/again"' in back
    mio.post(f"{answer.location}/again")
    assert state(gathering) == ["confirmed"]
    again = mio.post(f"/x/events/e/{event.slug}/come", data={"type": kind(gathering, event)})
    assert again.status_code == 409
    assert "registered for this event already" in again.text


def test_nobody_reaches_the_ticket_of_somebody_else(gathering, app: Flask, sign_in: SignIn) -> None:
    event = gathering.event()
    sign_in("Mio").post(f"/x/events/e/{event.slug}/come", data={"type": kind(gathering, event)})
    maja = sign_in("Maja")
    assert maja.get("/x/events/tickets/1").status_code == 404
    for act in ("accept", "give-back", "again", "code", "transfer"):
        data = {"name": "Maja", "email": "maja@example.org"}
        assert maja.post(f"/x/events/tickets/1/{act}", data=data).status_code == 404
    assert state(gathering) == ["confirmed"]


def test_strangers_get_the_same_answer_for_every_address(gathering, app: Flask) -> None:
    event = gathering.event()
    answers = set()
    for email in ("mio@example.org", "nobody@example.org"):
        data = {"type": kind(gathering, event, "Guest"), "name": "Gus", "email": email}
        answer = app.test_client().post(f"/x/events/e/{event.slug}/guest", data=data)
        answers.add((answer.status_code, answer.location, answer.text))
    assert len(answers) == 1
    with gathering.deployment.reading(SYSTEM) as tx:
        known = select(Person.id).where(Person.email == "nobody@example.org")
        assert tx.session.scalar(known) is None, "the answer came before anything was written"


def test_a_guests_form_keeps_what_was_typed_and_does_not_flood_an_address(gathering, app: Flask) -> None:
    event, client = gathering.event(), app.test_client()
    data = {"type": kind(gathering, event, "Guest"), "name": "Gus <Guest>", "email": "gus at home"}
    wrong = client.post(f"/x/events/e/{event.slug}/guest", data=data)
    assert wrong.status_code == 422
    assert 'value="Gus &lt;Guest&gt;"' in wrong.text
    assert 'href="#email"' in wrong.text
    data["email"] = "gus@example.org"
    codes = [client.post(f"/x/events/e/{event.slug}/guest", data=data).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]


def test_opening_a_link_changes_nothing_and_its_buttons_do(gathering, app: Flask, sink: Sink) -> None:
    event, client = gathering.event(), app.test_client()
    data = {"type": kind(gathering, event, "Guest"), "name": "Gus", "email": "gus@example.org"}
    client.post(f"/x/events/e/{event.slug}/guest", data=data)
    work_off(gathering.deployment)
    link = re.search(r"/x/events/r/\w+", sink.mails[0].get_body(("plain",)).get_content()).group()
    page = client.get(link)
    assert (page.status_code, page.headers["Referrer-Policy"]) == (200, "no-referrer")
    assert state(gathering) == ["unconfirmed"]
    for _ in range(2):
        assert client.post(f"{link}/confirm").headers["Referrer-Policy"] == "no-referrer"
    assert state(gathering) == ["confirmed"]
    assert 'class="qr"' in client.get(link).text
    client.post(f"{link}/cancel")
    assert state(gathering) == ["cancelled"]
    assert client.get("/x/events/r/1").status_code == 404


def test_pages_of_hosts_are_not_there_for_others(gathering, app: Flask, sign_in: SignIn) -> None:
    event = gathering.event(visibility="invited")
    clients = {"nobody": app.test_client(), "Mio": sign_in("Mio"), "Cora": sign_in("Cora")}
    known = {"event_id": event.id, "type_id": kind(gathering, event), "suffix": "csv", "programme": "career-bridges"}
    point = {"name": "Main door", "area": "Inside", "reentry": "once"}
    clients["Cora"].post(f"/x/events/{event.id}/points/new", data=point)
    clients["Cora"].post(f"/x/events/{event.id}/devices", data={"name": "Phone", "point": "1"})
    known |= {"point_id": 1, "device_id": 1}
    own = {"events.index", "events.tickets", "events.ticket", "events.show", "events.calendar", "events.mailed"}
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("events.") or "GET" not in (rule.methods or ()):
            continue
        if rule.endpoint in own or permission_of_endpoint(app, rule.endpoint) == PUBLIC:
            continue
        with app.test_request_context():
            _, address = rule.build({name: known[name] for name in rule.arguments})
        assert clients["Cora"].get(address).status_code == 200, address
        assert clients["Mio"].get(address).status_code in (403, 404), address
        assert clients["nobody"].get(address).location.startswith("/sign-in"), address
    assert clients["Mio"].get(f"/x/events/e/{event.slug}").status_code == 404


def test_an_export_asks_who_one_is_and_neutralises_formulas(gathering, app: Flask, sign_in: SignIn, clock) -> None:
    event, cora = gathering.event(), sign_in("Cora")
    data = {"type": kind(gathering, event), "badge_name": "=1+1"}
    sign_in("Mio").post(f"/x/events/e/{event.slug}/come", data=data)
    rows = list(csv.reader(io.StringIO(cora.get(f"/x/events/{event.id}/export.csv").text.lstrip("\ufeff"))))
    assert rows[1][:3] == ["Mio", "mio@example.org", "'=1+1"]
    with gathering.deployment.reading(SYSTEM) as tx:
        exported = select(AuditEntry.details).where(AuditEntry.action == "registrations.exported")
        assert tx.session.scalars(exported).all() == [{"rows": 1}]
    clock.move(minutes=11)
    for address in (f"/x/events/{event.id}/export.csv", "/x/events/p/career-bridges/export.csv"):
        assert cora.get(address).location.startswith("/me/confirm/")


def test_a_host_plans_sets_up_decides_and_calls_off_in_the_browser(gathering, app: Flask, sign_in: SignIn) -> None:
    cora = sign_in("Cora")
    wrong = cora.post("/x/events/p/career-bridges/new", data=GOOD | {"title": "", "place": "Hall"})
    assert (wrong.status_code, 'value="Hall"' in wrong.text) == (422, True)
    assert cora.post("/x/events/p/career-bridges/new", data=GOOD | {"needs_approval": "1"}).location.endswith("/set-up")
    assert cora.post("/x/events/1/types", data={"name": "Speaker", "audience": "team"}).status_code == 302
    twice = cora.post("/x/events/1/types", data={"name": "speaker", "audience": "team", "capacity": "2"})
    assert (twice.status_code, 'id="type-capacity" name="capacity" type="text" value="2"' in twice.text) == (422, True)
    question = {"label": "Food?", "kind": "choice", "options": "all; vegan", "moment": "registration"}
    assert cora.post("/x/events/1/questions", data=question).status_code == 302
    assert "Food?" in cora.get("/x/events/1/set-up").text
    mio = sign_in("Mio")
    chosen = {"type": "1", "question-1": "vegan"}
    slug = re.search(r"/x/events/e/[\w-]+", mio.get("/x/events/").text).group()
    assert mio.post(f"{slug}/come", data=chosen).status_code == 302
    assert state(gathering) == ["requested"]
    assert cora.post("/x/events/1/registrations/1/approve").status_code == 302
    assert cora.post("/x/events/1/registrations/1/nonsense").status_code == 404
    assert cora.post("/x/events/2/registrations/1/decline").status_code == 404
    assert state(gathering) == ["confirmed"]
    assert cora.post("/x/events/1/registrations/1/decline").status_code == 302
    assert state(gathering) == ["declined"]
    assert cora.post(re.search(r'action="(\S+/approve)"', cora.get("/x/events/1/").text).group(1)).status_code == 302
    assert state(gathering) == ["confirmed"]
    assert cora.post("/x/events/1/team", data={"email": "maja@example.org", "duty": "host"}).status_code == 302
    assert cora.post(f"/x/events/1/team/{gathering.people['Maja']}/remove").status_code == 302
    assert 'name="duty" value="host"' in cora.get("/x/events/1/set-up").text
    assert cora.get("/x/events/99999999999999999999/").status_code == 404
    assert cora.post("/x/events/1/questions", data={"label": "Q", "kind": "x", "moment": "y"}).status_code == 422
    assert cora.post("/x/events/1/call-off", data={"note": "Snow."}).status_code == 302
    assert "called off" in mio.get(slug).text
    assert cora.get("/x/events/p/career-bridges/?show=called_off").text.count(">Tea</a>") == 1
