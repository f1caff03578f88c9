"""People come through the door: once, whatever is retried, taken back or sent late."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from door_world import key, make_door
from sqlalchemy import func, select

from wayfellow.errors import Conflict, NotAllowed, NotFound, TooMany
from wayfellow.types import SYSTEM
from wayfellow_events.door.guessing import MOST
from wayfellow_events.door.models import Conflict as Disputed
from wayfellow_events.door.models import Kind, Scan
from wayfellow_events.door.undoing import GRACE
from wayfellow_events.events.questions import add_question
from wayfellow_events.registration.answering import cancel, get_own
from wayfellow_events.tickets.issuing import replace_code, set_blocked, ticket_of


@pytest.fixture
def door(gathering):
    return make_door(gathering)


def log(door) -> list[Scan]:
    with door.gathering.deployment.reading(SYSTEM) as tx:
        return list(tx.session.scalars(select(Scan).order_by(Scan.id)))


def test_a_ticket_opens_the_door_once(door):
    code = door.ticket("Mio")
    first = door.scan(f" {code.lower()}\n")
    assert (first.verdict.code, first.holder, first.inside, first.arrived) == ("ok", "Mio", 1, 1)
    again = door.scan(code)
    assert again.verdict.code == "already_in"
    assert again.verdict.words["gate"] == "Main door"
    assert "scanned by Sam" in again.said().staff
    assert [scan.verdict for scan in log(door)] == ["ok", "already_in"]
    assert (door.area().headcount, door.area().arrived) == (1, 1)


def test_a_scan_takes_six_statements_at_the_most(door, statements):
    code = door.ticket("Mio")
    statements.clear()
    door.scan(code)
    assert len(statements) <= 6
    statements.clear()
    assert door.scan(code).verdict.code == "already_in"
    assert len(statements) <= 4


def test_the_key_is_judged_first_and_never_used_twice(door):
    code, mine = door.ticket("Mio"), key()
    assert door.scan(code, key=mine).verdict.code == "ok"
    again = door.scan(code, key=mine)
    assert (again.verdict.code, again.admitted, again.holder, again.inside) == ("ok_repeat", True, "Mio", 1)
    door.change(opens_at="2026-12-24T10:00")
    assert door.scan(code, key=mine).verdict.code == "ok_repeat"
    refused = key()
    assert door.scan("NOBODY", key=refused).verdict.code == "unknown"
    assert door.scan(code, key=refused).verdict.code == "unknown"
    assert len(log(door)) == 2


def test_what_was_taken_back_stays_so_and_the_ticket_counts_anew(door):
    code, mine = door.ticket("Mio"), key()
    door.scan(code, key=mine)
    wish = key()
    undone = door.undo(mine, key=wish)
    assert (undone.undone, undone.admitted, undone.inside) == (True, False, 0)
    assert door.undo(mine, key=wish).undone
    late = door.scan(code, key=mine)
    assert (late.verdict.code, late.undone, late.admitted) == ("ok_repeat", True, False)
    assert late.said().word == "Taken back"
    with pytest.raises(Conflict, match="took this scan back"):
        door.undo(mine)
    assert (door.area().headcount, door.area().arrived) == (0, 0)
    assert door.scan(code).verdict.code == "ok"


def test_only_the_own_last_scans_are_taken_back_without_the_right(door, clock):
    mine, refused = key(), key()
    door.scan(door.ticket("Mio"), key=mine)
    door.scan("NOBODY", key=refused)
    door.device("Mei")
    door.device("Boss", "undo")
    with pytest.raises(NotAllowed):
        door.undo(mine, device="Mei")
    clock.now += GRACE + timedelta(seconds=1)
    with pytest.raises(NotAllowed):
        door.undo(mine)
    assert door.undo(mine, device="Boss").undone
    with pytest.raises(Conflict, match="let nobody in"):
        door.undo(refused, device="Boss")
    with pytest.raises(NotFound):
        door.undo(key(), device="Boss")


def test_people_leave_and_come_again_where_the_point_says_so(door):
    door.change(exits="1", reentry="after_exit")
    code = door.ticket("Mio")
    verdicts = [door.scan(code, kind=kind) for kind in (Kind.EXIT, Kind.ENTRY, Kind.ENTRY, Kind.EXIT, Kind.ENTRY)]
    assert [one.verdict.code for one in verdicts] == ["not_inside", "ok", "already_in", "ok", "ok"]
    assert [one.inside for one in verdicts] == [0, 1, 1, 0, 1]
    assert door.area().arrived == 1
    assert door.presences()[0].entries == 2


def test_taking_an_exit_back_puts_people_inside_again(door):
    door.change(exits="1", reentry="after_exit")
    code, left = door.ticket("Mio"), key()
    door.scan(code)
    door.scan(code, kind=Kind.EXIT, key=left)
    assert door.area().headcount == 0
    assert door.undo(left).inside == 1
    assert door.scan(code).verdict.code == "already_in"


def test_a_full_area_lets_in_whom_somebody_answers_for(door):
    door.change(capacity="1")
    door.scan(door.ticket("Mio"))
    code = door.ticket("Maja")
    refused = door.scan(code)
    assert (refused.verdict.code, refused.said().staff) == ("rule_denied", "It is full: 1 of 1 are inside.")
    with pytest.raises(NotAllowed):
        door.scan(code, override="The speaker")
    door.device("Boss", "override")
    let_in = door.scan(code, override="The speaker", device="Boss")
    assert (let_in.verdict.code, let_in.inside) == ("ok", 2)
    assert let_in.verdict.notes == ("Let in all the same: The speaker",)
    assert log(door)[-1].reason == "The speaker"
    assert log(door)[-1].words["overrode"] == "rule_denied"


def test_tickets_that_do_not_count(door):
    gathering = door.gathering
    code = door.ticket("Mio")
    with gathering.deployment.reading(SYSTEM) as tx:
        number = ticket_of(tx, door.registrations["Mio"]).id
    gathering.do("Cora", lambda tx: set_blocked(tx, number, True))
    assert door.scan(code).verdict.code == "blocked"
    gathering.do("Cora", lambda tx: set_blocked(tx, number, False))
    gathering.do("Mio", lambda tx: replace_code(tx, number))
    assert door.scan(code).verdict.code == "replaced"
    other = door.ticket("Maja")
    assert door.scan(code[:16] + other).verdict.code == "unknown"
    two = door.scan(code + other)
    assert (two.verdict.code, two.holder) == ("ambiguous", "")
    gathering.do("Maja", lambda tx: cancel(tx, *get_own(tx, door.registrations["Maja"])))
    assert door.scan(other).verdict.code == "canceled"
    assert not door.presences()


def test_a_ticket_of_another_event_tells_nobody_whose_it_is(door, gathering):
    elsewhere = make_door(gathering, title="Spring walk")
    found = door.scan(elsewhere.ticket("Mio"))
    assert (found.verdict.code, found.holder, found.found) == ("foreign_event", "", None)
    with pytest.raises(NotFound):
        door.scan("X", point_id=elsewhere.point.id)


def test_questions_of_the_door_are_asked_and_kept(door, gathering):
    form = {"label": "Do you need the lift?", "kind": "yes_no", "moment": "door", "required": "1"}
    question = gathering.do("Cora", lambda tx: add_question(tx, door.event.id, form))
    code = door.ticket("Mio")
    assert door.scan(code).verdict.code == "needs_answers"
    assert door.scan(code, answers={str(question.id): "yes"}).verdict.code == "ok"
    assert door.scan(door.ticket("Maja")).verdict.code == "needs_answers"


def test_rules_of_the_point_hold(door, clock):
    door.change(rules="from 60 minutes before the start or inside Roof")
    code = door.ticket("Mio")
    assert door.scan(code).verdict.code == "rule_denied"
    clock.now = door.event.starts_at - timedelta(hours=1)
    assert door.scan(code).verdict.code == "ok"


def test_guessing_codes_is_slowed_down_and_tickets_still_count(door, clock):
    code = door.ticket("Mio")
    for number in range(MOST):
        assert door.scan(f"GUESS{number}").verdict.code == "unknown"
    with pytest.raises(TooMany):
        door.scan("ONE MORE")
    assert door.scan(code).verdict.code == "ok"
    clock.move(minutes=1)
    assert door.scan("ONE MORE").verdict.code == "unknown"


def test_two_phones_without_a_network_admit_one_ticket(door, clock):
    door.device("Mei", gate="South")
    code = door.ticket("Mio")
    then = clock.now
    clock.move(minutes=10)
    first = door.scan(code, late=True, offline=True, scanned_at=then + timedelta(minutes=1))
    second = door.scan(code, late=True, offline=True, scanned_at=then + timedelta(minutes=2), device="Mei")
    assert (first.verdict.code, second.verdict.code) == ("ok", "offline_conflict")
    assert (door.area().headcount, door.presences()[0].entries) == (1, 1)
    with door.gathering.deployment.reading(SYSTEM) as tx:
        [disputed] = tx.session.scalars(select(Disputed))
    assert (disputed.scan_key, disputed.first_key) == (second.key, first.key)


def test_who_was_sent_away_offline_is_not_inside(door):
    assert door.scan(door.ticket("Mio"), late=True, offline=True, local="rule_denied").verdict.code == "rule_denied"
    assert door.area().headcount == 0


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_is_a_day_off_moves_no_scan(door, clock, days):
    off = clock.now + timedelta(days=days)
    asked = {"late": True, "offline": True, "sent_at": off, "scanned_at": off - timedelta(minutes=5)}
    door.scan(door.ticket("Maja"), **asked)
    assert log(door)[-1].scanned_at == clock.now  # not before the device enrolled
    clock.move(hours=1)
    door.scan(door.ticket("Mio"), **(asked | {"sent_at": off + timedelta(hours=1)}))
    assert log(door)[-1].scanned_at == clock.now - timedelta(hours=1)
    door.scan(door.ticket("Ann"), late=True, scanned_at=clock.now + timedelta(days=9))
    assert log(door)[-1].scanned_at == clock.now


def test_a_hundred_races_of_one_ticket_at_two_gates(door):
    door.device("Mei")
    codes = [door.ticket(f"Guest {number}") for number in range(100)]
    barrier = Barrier(2)

    def run(device: str) -> list[str]:
        found = []
        for code in codes:
            barrier.wait()
            found.append(door.scan(code, device=device).verdict.code)
        return found

    with ThreadPoolExecutor(2) as pool:
        here, there = pool.map(run, ["Sam", "Mei"])
    assert [sorted(pair) for pair in zip(here, there, strict=True)] == [["already_in", "ok"]] * 100
    assert (door.area().headcount, door.area().arrived) == (100, 100)
    with door.gathering.deployment.reading(SYSTEM) as tx:
        assert tx.session.scalar(select(func.count()).select_from(Scan)) == 200


def test_one_key_sent_by_ten_at_once_counts_once(door):
    code, mine = door.ticket("Mio"), key()
    barrier = Barrier(10)

    def run(number: int) -> str:
        barrier.wait()
        return door.scan(code, key=mine).verdict.code

    with ThreadPoolExecutor(10) as pool:
        assert sorted(pool.map(run, range(10))) == ["ok"] + ["ok_repeat"] * 9
    assert len(log(door)) == 1
