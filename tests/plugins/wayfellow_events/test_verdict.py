"""The verdict is the same on the server and on the phone, for every case of one file."""

import json
from base64 import b64encode
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import wayfellow_events
from wayfellow_events.verdict.codes import Code
from wayfellow_events.verdict.facts import PointFacts, PresenceFacts, TicketFacts, Verdict
from wayfellow_events.verdict.judge import judge
from wayfellow_events.verdict.words import FILE, say

if TYPE_CHECKING:
    from playwright.sync_api import Browser

VECTORS = json.loads((Path(__file__).parent / "verdict_vectors.json").read_text("utf-8"))
ZONE = "Europe/London"
MOMENTS = {"starts_at", "ends_at", "opens_at", "closes_at", "first_at", "last_at"}
SCRIPT = Path(wayfellow_events.__file__).parent / "static" / "door" / "verdict.js"
RUN = """async ([source, texts, vectors, zone]) => {
  const { judge, say } = await import(`data:text/javascript;base64,${source}`);
  return vectors.map((one) => {
    const { tickets, point, presence, now, kind, admitted_offline } = one;
    const verdict = one.verdict ?? judge(tickets, point, presence, now, kind, admitted_offline);
    return { ...verdict, ...say(texts, verdict, zone, kind) };
  });
}"""


def facts(kind: type[Any], given: dict[str, Any]) -> Any:
    assert given.keys() <= {one.name for one in fields(kind)}
    return kind(**{key: datetime.fromisoformat(value) if key in MOMENTS else value for key, value in given.items()})


def judged(vector: dict[str, Any]) -> dict[str, Any]:
    kind = vector.get("kind", "entry")
    if "verdict" in vector:
        verdict = Verdict(Code(vector["verdict"]["code"]))
    else:
        tickets = [facts(TicketFacts, one) for one in vector["tickets"]]
        point, presence = facts(PointFacts, vector["point"]), facts(PresenceFacts, vector["presence"])
        now, late = datetime.fromisoformat(vector["now"]), vector.get("admitted_offline", False)
        verdict = judge(tickets, point, presence, now, kind, admitted_offline=late)
    said = say(verdict, ZONE, kind)
    shown = {"code": verdict.code.value, "words": dict(verdict.words), "notes": list(verdict.notes)}
    return shown | {"attention": verdict.attention, "word": said.word, "staff": said.staff, "holder": said.holder}


@pytest.mark.parametrize("vector", VECTORS, ids=[one["name"] for one in VECTORS])
def test_the_server_judges_as_the_vectors_say(vector):
    found = judged(vector)
    assert {key: found[key] for key in vector["expect"]} == vector["expect"]


def test_every_code_has_a_vector_and_words():
    assert {one["expect"]["code"] for one in VECTORS} == set(Code)
    assert {key.removesuffix("_exit") for key in json.loads(FILE.read_text("utf-8"))} == set(Code)


@pytest.mark.browser
def test_the_phone_judges_as_the_server_does(browser: "Browser"):
    page = browser.new_page()
    source = b64encode(SCRIPT.read_bytes()).decode("ascii")
    found = page.evaluate(RUN, [source, json.loads(FILE.read_text("utf-8")), VECTORS, ZONE])
    page.close()
    for vector, one in zip(VECTORS, found, strict=True):
        expected = judged(vector)
        assert {key: one.get(key, expected[key]) for key in expected} == expected, vector["name"]
