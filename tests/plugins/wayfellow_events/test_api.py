"""Devices at the door speak JSON, with their token, and learn nothing without it."""

from datetime import timedelta

import pytest
from door_world import key, make_door

from wayfellow_events.api.blueprint import ROUTES
from wayfellow_events.door.devices import code_of as link_code
from wayfellow_events.door.devices import invite_device, revoke_device
from wayfellow_events.door.points import set_open
from wayfellow_events.door.reading import AFTERWARDS
from wayfellow_events.verdict.codes import Code
from wayfellow_web import create_app

BASE = "/events/api/v1"


@pytest.fixture
def door(gathering):
    return make_door(gathering)


@pytest.fixture
def app(door):
    return create_app(deployment=door.gathering.deployment)  # forms must send their token here, and devices need none


@pytest.fixture
def ask(app, door):
    """Ask as a device; the answer has its status beside it."""
    browser = app.test_client()

    def ask(method, address, body=None, *, device="Sam", **headers):
        if device:
            headers = {"Authorization": f"Bearer {door.tokens[device]}"} | headers
        return browser.open(BASE + address, method=method, json=body, headers=headers)

    return ask


def problem(answer, status) -> str:
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status
    return answer.json["detail"]


def test_a_scan_is_answered_whole(ask, door):
    body = {"key": key(), "point": door.point.id, "code": door.ticket("Mio"), "kind": "entry"}
    answer = ask("POST", "/scan", body)
    assert answer.status_code == 200
    assert answer.json | {"scanned_at": "", "ticket": ""} == {
        "key": body["key"],
        "verdict": "ok",
        "admitted": True,
        "kind": "entry",
        "word": "Welcome",
        "reason": "Let them in.",
        "reason_holder": "Welcome. You are checked in.",
        "holder": "Mio",
        "ticket": "",
        "point": {"id": door.point.id, "name": "Main door"},
        "scanned_at": "",
        "first_scan": None,
        "notes": [],
        "attention": False,
        "undone": False,
        "asks": [],
        "counts": {"inside": 1, "arrived": 1, "expected": 1},
    }
    assert "Set-Cookie" not in answer.headers
    again = ask("POST", "/scan", body | {"key": key()}).json
    assert again["verdict"] == "already_in"
    assert again["first_scan"]["by"] == "Sam"
    assert ask("POST", "/scan", body).json["verdict"] == "ok_repeat"
    assert ask("GET", f"/scans/{body['key']}").json["verdict"] == "ok_repeat"
    assert "Send the scan" in problem(ask("GET", f"/scans/{key()}"), 404)


def test_a_scan_through_the_api_takes_six_statements_at_the_most(ask, door, statements):
    body = {"key": key(), "point": door.point.id, "code": door.ticket("Mio")}
    ask("GET", "/points")
    statements.clear()
    assert ask("POST", "/scan", body).json["verdict"] == "ok"
    assert len(statements) <= 6, statements


@pytest.mark.parametrize("token", ["", "Basic x", "Bearer", "Bearer wrong", "Bearer " + "x" * 5000])
def test_who_is_not_enrolled_learns_nothing(app, token):
    browser = app.test_client()
    for method, address in (("POST", "/scan"), ("POST", "/scans"), ("POST", "/undo"), ("POST", "/walkins")):
        answer = browser.open(BASE + address, method=method, json={"scans": []}, headers={"Authorization": token})
        problem(answer, 401)
    for address in ("/points", "/roster", "/status", "/search?q=mio", f"/scans/{key()}"):
        answer = browser.get(BASE + address, headers={"Authorization": token})
        problem(answer, 401)
        assert answer.json["wipe"] is True


def test_a_device_that_was_sent_away_wipes_what_it_holds(ask, door, gathering):
    code = door.ticket("Mio")
    gathering.do("Cora", lambda tx: revoke_device(tx, door.event.id, door.devices["Sam"]))
    for answer in (ask("POST", "/scan", {"key": key(), "code": code}), ask("GET", "/status")):
        problem(answer, 401)
        assert answer.json["wipe"] is True


def test_a_device_is_forgotten_after_the_event(ask, door, clock):
    clock.now = door.event.ends_at + AFTERWARDS - timedelta(seconds=1)
    assert ask("GET", "/status").status_code == 200
    clock.move(seconds=1)
    problem(ask("GET", "/status"), 401)


def test_a_link_enrols_one_device_once(ask, door, gathering, clock):
    form = {"name": "Mei", "point": str(door.point.id)}
    invited = gathering.do("Cora", lambda tx: invite_device(tx, door.event.id, form, ["search"]))
    _, code = gathering.do("Cora", lambda tx: link_code(tx, door.event.id, invited.id))
    mine = key()
    answer = ask("POST", "/enrol", {"code": code}, device=None, **{"Idempotency-Key": mine})
    assert answer.json["device"]["rights"] == ["scan", "search"]
    assert ask("POST", "/enrol", {"code": code}, device=None, **{"Idempotency-Key": mine}).json == answer.json
    refused = problem(ask("POST", "/enrol", {"code": code}, device=None), 404)
    assert refused == problem(ask("POST", "/enrol", {"code": "WRONG"}, device=None), 404)
    door.tokens["Mei"] = answer.json["token"]
    assert ask("GET", "/search?q=maja", device="Mei").json == {"people": []}
    late = gathering.do("Cora", lambda tx: invite_device(tx, door.event.id, form, []))
    _, code = gathering.do("Cora", lambda tx: link_code(tx, door.event.id, late.id))
    clock.move(minutes=31)
    assert problem(ask("POST", "/enrol", {"code": code}, device=None), 404) == refused


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "key"),
        ({"key": "1"}, "key"),
        ({"key": 1}, "key"),
        ({"code": ""}, "code"),
        ({"code": 12}, "code"),
        ({"code": "A\0B"}, "code"),
        ({"code": "\ud800"}, "code"),
        ({"code": "x" * 1001}, "code"),
        ({"point": "1"}, "point"),
        ({"point": True}, "point"),
        ({"point": 2**40}, "point"),
        ({"kind": "undo"}, "kind"),
        ({"kind": []}, "kind"),
        ({"scanned_at": "yesterday"}, "scanned_at"),
        ({"scanned_at": "2026-12-03T17:45:00"}, "scanned_at"),
        ({"offline": "yes"}, "offline"),
        ({"local": "fine"}, "local"),
        ({"answers": ["yes"]}, "answers"),
        ({"override": "x" * 201}, "override"),
    ],
)
def test_faults_of_the_caller_are_named(ask, body, field):
    whole = {"key": key(), "code": "ABC"} | body if body else {}
    answer = ask("POST", "/scan", whole)
    problem(answer, 422)
    assert field in [one["field"] for one in answer.json["errors"]]


def test_what_is_no_json_is_refused(ask):
    assert problem(ask("POST", "/scan", [1]), 400)
    assert problem(ask("POST", "/scan", None, **{"Content-Type": "text/plain"}), 415)
    assert problem(ask("POST", "/scan", {"key": key(), "code": "A" * (10 << 20)}), 413)
    assert "POST" in problem(ask("GET", "/scan"), 405)
    assert problem(ask("DELETE", "/scans/x"), 405)
    assert problem(ask("GET", "/nothing"), 404)


def test_another_events_points_and_tickets_are_not_there(ask, door, gathering):
    other = make_door(gathering, title="Spring walk")
    known = ask("POST", "/scan", {"key": key(), "code": "X", "point": other.point.id})
    assert problem(known, 404) == problem(ask("POST", "/scan", {"key": key(), "code": "X", "point": 99_999}), 404)
    answer = ask("POST", "/scan", {"key": key(), "code": other.ticket("Mio")})
    assert (answer.json["verdict"], answer.json["holder"], answer.json["ticket"]) == ("foreign_event", None, None)


def test_rights_are_asked_for(ask, door):
    door.ticket("Mio")
    problem(ask("GET", "/search?q=mio"), 403)
    problem(ask("POST", "/walkins", {"key": key(), "name": "Ann", "type": 1}), 403)
    problem(ask("POST", "/scan", {"key": key(), "code": "X", "override": "I know them"}), 403)
    problem(ask("POST", "/scan", {"key": key(), "ticket": "ABCD2345"}), 403)
    door.device("Boss", "search", "override")
    [hit] = ask("GET", "/search?q=mio", device="Boss").json["people"]
    assert (hit["holder"], hit["has_place"], hit["inside"]) == ("Mio", True, False)
    scanned = ask("POST", "/scan", {"key": key(), "ticket": hit["ticket"]["short"]}, device="Boss")
    assert scanned.json["verdict"] == "ok"
    problem(ask("GET", "/search?q=mi", device="Boss"), 422)


def test_the_header_is_as_good_as_the_key(ask, door):
    code, mine = door.ticket("Mio"), key()
    assert ask("POST", "/scan", {"code": code}, **{"Idempotency-Key": mine}).json["key"] == mine
    assert ask("POST", "/scan", {"code": code}, **{"Idempotency-Key": mine}).json["verdict"] == "ok_repeat"
    problem(ask("POST", "/scan", {"code": code, "key": key()}, **{"Idempotency-Key": mine}), 422)
    wish = {"undoes": mine}
    assert ask("POST", "/undo", wish, **{"Idempotency-Key": key()}).json["undone"] is True
    problem(ask("POST", "/undo", wish, **{"Idempotency-Key": key()}), 409)


def test_a_queue_is_judged_in_the_order_of_its_scans(ask, door, clock):
    code = door.ticket("Mio")
    begin = clock.now
    clock.move(hours=1)
    times = [(begin + timedelta(minutes=minute)).isoformat() for minute in (3, 1, 2)]
    queue = [{"key": key(), "code": code, "scanned_at": at, "offline": True} for at in times]
    queue += [{"key": "wrong", "code": code}, {"key": key(), "code": code, "override": "x"}]
    results = ask("POST", "/scans", {"scans": queue}).json["results"]
    assert [one.get("verdict") for one in results[:3]] == ["offline_conflict", "ok", "offline_conflict"]
    assert [one["problem"]["status"] for one in results[3:]] == [422, 403]
    assert results[1]["key"] == queue[1]["key"]
    again = ask("POST", "/scans", {"scans": queue[:3]}).json["results"]
    assert [one["verdict"] for one in again] == ["offline_conflict", "ok_repeat", "offline_conflict"]
    [first, second] = ask("GET", "/status").json["conflicts"]
    assert {first["holder"], second["holder"]} == {"Mio"}
    problem(ask("POST", "/scans", {"scans": [{}] * 501}), 422)
    problem(ask("POST", "/scans", {"scans": "all"}), 422)
    assert ask("POST", "/scans", {"scans": []}).json == {"results": []}


def test_somebody_without_a_ticket_gets_one(ask, door, gathering):
    door.device("Boss", "search", "override")
    body = {"key": key(), "name": "Wanda Alk", "type": door.kinds()["Guest"]}
    came = ask("POST", "/walkins", body, device="Boss").json
    assert (came["registration"], came["scan"]["verdict"], came["scan"]["holder"]) == ("confirmed", "ok", "Wanda Alk")
    again = ask("POST", "/walkins", body, device="Boss").json
    assert (again["code"], again["scan"]["verdict"]) == (came["code"], "ok_repeat")
    assert ask("POST", "/scan", {"key": key(), "code": came["code"]}).json["verdict"] == "already_in"


def test_a_walk_in_when_there_is_no_place(ask, gathering):
    door = make_door(gathering, title="Small table", capacity=0)
    door.device("Boss", "search", "override")
    head = {"Authorization": f"Bearer {door.tokens['Boss']}"}
    body = {"key": key(), "name": "Wanda", "type": door.kinds()["Guest"]}
    assert "No place is left" in problem(ask("POST", "/walkins", body, device=None, **head), 409)
    queued = ask("POST", "/walkins", body | {"queue": True}, device=None, **head).json
    assert (queued["registration"], queued["scan"]) == ("waitlisted", None)
    body = {"key": key(), "name": "Wim", "type": body["type"], "override": "The speaker's brother"}
    assert ask("POST", "/walkins", body, device=None, **head).json["scan"]["verdict"] == "ok"


def test_the_roster_tells_what_changed_and_no_name(ask, door):
    door.ticket("Mio")
    whole = ask("GET", "/roster")
    assert len(whole.json["rows"]) == 1
    assert b"Mio" not in whole.data
    assert b"example.org" not in whole.data
    cursor = whole.json["cursor"]
    same = ask("GET", f"/roster?since={cursor}")
    assert (same.json["buckets"], same.json["rows"]) == ([], [])
    tag = {"If-None-Match": same.headers["ETag"]}
    assert ask("GET", f"/roster?since={cursor}", **tag).status_code == 304
    door.scan(door.codes["Mio"])
    changed = ask("GET", f"/roster?since={cursor}", **tag).json
    assert [len(changed["buckets"]), len(changed["rows"])] == [1, 1]
    assert len(ask("GET", "/roster?since=nonsense").json["buckets"]) == 64


def test_the_roster_costs_as_much_for_many(ask, door, statements):
    door.ticket("Mio")
    ask("GET", "/roster")  # the first call of a phone notes that it was seen
    statements.clear()
    ask("GET", "/roster")
    few = len(statements)
    for name in ("Ann", "Ben", "Cem"):
        door.ticket(name)
    statements.clear()
    ask("GET", "/roster")
    assert len(statements) == few <= 6


def test_points_say_all_that_a_phone_needs_to_judge(ask, door, gathering):
    door.change(rules="until the end", gates="North; South", capacity="80", exits="1")
    [point] = ask("GET", "/points").json["points"]
    assert point["rules"] == [{"rule": "not_after", "of": "end", "minutes": 0}]
    assert (point["gates"], point["capacity"], point["exits"], point["is_open"]) == (["North", "South"], 80, True, True)
    gathering.do("Cora", lambda tx: set_open(tx, door.event.id, door.point.id, False))
    assert ask("POST", "/scan", {"key": key(), "code": door.ticket("Mio")}).json["verdict"] == Code.POINT_CLOSED


def test_guesses_are_slowed_down(ask):
    answers = [ask("POST", "/scan", {"key": key(), "code": f"GUESS{number}"}) for number in range(31)]
    assert [one.status_code for one in answers] == [200] * 30 + [429]
    assert answers[-1].headers["Retry-After"] == "60"


def test_the_state_of_the_door(ask, door, clock):
    door.scan(door.ticket("Mio"))
    sent = (clock.now - timedelta(days=1)).isoformat().replace("+00:00", "Z")
    found = ask("GET", f"/status?unsent=3&sent_at={sent}").json
    assert found["areas"] == [{"id": door.point.area_id, "name": "Inside", "inside": 1, "arrived": 1, "capacity": None}]
    assert (found["expected"], found["clock_offset_ms"]) == (1, 86_400_000)


def test_the_description_names_every_address_and_every_field(ask, door):
    described = ask("GET", "/openapi.json", device=None).json
    routes = {(method.lower(), address.replace("<key>", "{key}")) for method, address, _ in ROUTES}
    assert {(method, path) for path, item in described["paths"].items() for method in item} == routes
    schemas = described["components"]["schemas"]
    assert set(schemas["Code"]["enum"]) == set(Code)
    mine, code = key(), door.ticket("Mio")
    outcome = ask("POST", "/scan", {"key": mine, "code": code}).json
    assert outcome.keys() == schemas["Outcome"]["properties"].keys()
    assert ask("GET", "/points").json["points"][0].keys() == schemas["Point"]["properties"].keys()
    for path in ("/points", "/roster", "/status"):
        answer = described["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        assert ask("GET", path).json.keys() == answer["properties"].keys()
