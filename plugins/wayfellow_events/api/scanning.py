"""Take scans: one, or a queue that a phone kept while it had no network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify
from sqlalchemy import select

from wayfellow.errors import InvalidInput, NotFound, WayfellowError
from wayfellow.pages import PUBLIC, page
from wayfellow.types import ANONYMOUS, JSON
from wayfellow_events.api import fields as f
from wayfellow_events.api.fields import Fields, read_body
from wayfellow_events.api.frame import deployment, key_of, require_device, this_token, told
from wayfellow_events.api.problems import TITLES, faults_of
from wayfellow_events.door.batch import MOST, take_batch
from wayfellow_events.door.models import Kind, Scan
from wayfellow_events.door.outcomes import Outcome, from_log, require_own
from wayfellow_events.door.reading import read_post
from wayfellow_events.door.scanning import Asked, take_scan
from wayfellow_events.door.undoing import Undo, undo_scan
from wayfellow_events.verdict.codes import Code


@page(PUBLIC)
def scan() -> Response:
    """Judge one scan, now; an ``offline`` one as of when it was taken."""
    token, given = this_token(), Fields(read_body())
    key = key_of(given)
    asked = _asked(given, key, late=given.given.get("offline") is True)
    return jsonify(told(take_scan(deployment(), token, asked)))


@page(PUBLIC)
def scans() -> Response:
    """Judge a queue in the order in which it was scanned; answer for each key, in the order in which they came."""
    require_device()
    token, body = this_token(), read_body()
    items = body.get("scans")
    if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
        raise InvalidInput("The field scans must be a list of objects, one for each scan.")
    if len(items) > MOST:
        raise InvalidInput(f"There are {len(items):,} scans; the most is {MOST} at once. Send the rest after these.")
    read = [_item(one, body.get("sent_at")) for one in items]
    taken = iter(take_batch(deployment(), token, [one for one in read if isinstance(one, Asked)]))
    answers = [next(taken) if isinstance(one, Asked) else one for one in read]
    return jsonify({"results": [_answer(one, items[at]) for at, one in enumerate(answers)]})


@page(PUBLIC)
def scan_by_key(key: str) -> Response:
    """Tell what became of a key, so that a phone that lost the answer need not guess."""
    token = this_token()
    try:
        key = f.a_key(key)
    except ValueError as error:
        raise InvalidInput(f"The key {error}") from error
    with deployment().reading(ANONYMOUS) as tx:
        stored = tx.session.scalar(select(Scan).where(Scan.key == key))
        post = read_post(tx, token, stored.point_id if stored else None)
        if stored is None or stored.event_id != post.event.id:
            raise NotFound("Nothing was scanned under this key. Send the scan.")
        require_own(post, stored)
        return jsonify(told(from_log(tx, post, stored)))


@page(PUBLIC)
def undo() -> Response:
    """Take a scan back."""
    token, given = this_token(), Fields(read_body())
    key = key_of(given)
    undoes = given.read("undoes", f.a_key, "", required=True)
    reason = given.read("reason", f.a_text(200), "")
    given.refuse()
    with deployment().transaction(ANONYMOUS) as tx:
        outcome = undo_scan(tx, token, Undo(key, undoes, reason))
    return jsonify({**told(outcome), "key": key, "undoes": undoes})


def _item(given: Mapping[str, Any], sent_at: Any) -> Asked | WayfellowError:
    fields = Fields({"sent_at": sent_at, **given})
    try:
        return _asked(fields, fields.read("key", f.a_key, "", required=True), late=True)
    except InvalidInput as error:
        return error


def _asked(given: Fields, key: str, *, late: bool) -> Asked:
    by_name = given.given.get("ticket") is not None
    asked = Asked(
        key=key,
        code=given.read("code", f.a_text(f.LONGEST_CODE), "", required=not by_name),
        short=given.read("ticket", f.a_text(20), "").replace("-", "").upper(),
        point_id=given.read("point", f.a_number, None),
        kind=given.read("kind", f.one_of(_kind, "entry and exit"), Kind.ENTRY),
        scanned_at=given.read("scanned_at", f.a_moment, None),
        sent_at=given.read("sent_at", f.a_moment, None),
        answers=given.read("answers", f.answers, {}),
        late=late,
        offline=given.read("offline", f.a_flag, False),
        local=given.read("local", f.one_of(Code, "the codes of verdicts"), Code.OK),
        override=given.read("override", f.a_text(200), ""),
    )
    given.refuse()
    return asked


def _kind(value: str) -> Kind:
    if value == Kind.UNDO:
        raise ValueError
    return Kind(value)


def _answer(one: Outcome | WayfellowError, item: Mapping[str, Any]) -> JSON:
    if isinstance(one, Outcome):
        return told(one)
    key = item.get("key")
    fault = {"title": TITLES.get(one.status, ""), "status": one.status, "detail": str(one), **faults_of(one)}
    return {"key": key if isinstance(key, str) else None, "problem": fault}  # type: ignore[dict-item]
