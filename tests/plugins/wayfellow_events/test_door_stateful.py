"""Whatever four devices do in whatever order: nobody is lost, nobody comes in twice, the log tells who is inside."""

import uuid
from contextlib import suppress
from datetime import timedelta

from door_world import Door, key, make_door
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from wayfellow.errors import Conflict, NotAllowed
from wayfellow.types import SYSTEM
from wayfellow_events.door.batch import take_batch
from wayfellow_events.door.devices import revoke_device
from wayfellow_events.door.models import Area, Kind, Presence, Scan
from wayfellow_events.door.presence import counted, replay
from wayfellow_events.door.reading import NotEnrolled
from wayfellow_events.door.scanning import Asked
from wayfellow_events.tickets.codes import digest

DEVICES, TICKETS = ("Sam", "Mei", "Ravi", "Ida"), 5


class Crowd(RuleBasedStateMachine):
    """Let devices scan, retry, take back, queue, and be sent away."""

    door: Door

    def __init__(self) -> None:
        super().__init__()
        self.acknowledged: dict[str, str] = {}
        self.queues: dict[str, list[Asked]] = {name: [] for name in DEVICES}
        self.gone: set[str] = set()

    @rule(device=st.sampled_from(DEVICES), ticket=st.integers(0, TICKETS), leaves=st.booleans())
    def scan(self, device: str, ticket: int, leaves: bool) -> None:
        self._send(device, key(), ticket, Kind.EXIT if leaves else Kind.ENTRY)

    @rule(device=st.sampled_from(DEVICES), pick=st.integers(0, 99))
    def retry(self, device: str, pick: int) -> None:
        if not self.acknowledged:
            return
        again = sorted(self.acknowledged)[pick % len(self.acknowledged)]
        first = self.acknowledged[again]
        answer = self._send(device, again, 0, Kind.ENTRY)
        assert answer in (None, "ok_repeat" if first == "ok" else first)

    @rule(device=st.sampled_from(DEVICES), ticket=st.integers(0, TICKETS), ago=st.integers(0, 30))
    def queue(self, device: str, ticket: int, ago: int) -> None:
        at = self.door.gathering.deployment.clock() - timedelta(seconds=ago)
        self.queues[device].append(Asked(key(), self._code(ticket), scanned_at=at, late=True, offline=True))

    @rule(device=st.sampled_from(DEVICES))
    def come_online(self, device: str) -> None:
        """Send a queue, twice, as if the first answer was lost."""
        waiting = self.queues[device]
        token = digest(self.door.tokens[device])
        for _ in range(2):
            for asked, outcome in zip(waiting, take_batch(self.door.gathering.deployment, token, waiting), strict=True):
                if device in self.gone:
                    assert isinstance(outcome, NotEnrolled)
                else:
                    self.acknowledged.setdefault(asked.key, outcome.verdict.code.value)
        self.queues[device] = []

    @rule(device=st.sampled_from(DEVICES), pick=st.integers(0, 99))
    def undo(self, device: str, pick: int) -> None:
        if not self.acknowledged or device in self.gone:
            return
        with suppress(Conflict, NotAllowed):
            self.door.undo(sorted(self.acknowledged)[pick % len(self.acknowledged)], device=device)

    @rule(seconds=st.integers(1, 30))
    def wait(self, seconds: int) -> None:
        self.door.gathering.deployment.clock.move(seconds=seconds)

    @rule(device=st.sampled_from(DEVICES[2:]))
    def send_away(self, device: str) -> None:
        event = self.door.event.id
        self.door.gathering.do("Cora", lambda tx: revoke_device(tx, event, self.door.devices[device]))
        self.gone.add(device)

    @invariant()
    def the_log_tells_who_is_inside(self) -> None:
        with self.door.gathering.deployment.reading(SYSTEM) as tx:
            area = tx.session.get_one(Area, self.door.point.area_id)
            presences = tx.session.scalars(select(Presence).where(Presence.area_id == area.id)).all()
            for one in presences:
                state = replay(counted(tx.session, area.id, one.ticket_id))
                assert (one.inside, one.entries) == (state.inside, state.entries)
            assert area.headcount == sum(one.inside for one in presences)
            assert area.arrived == sum(one.entries > 0 for one in presences)
            stored = dict(tx.session.execute(select(Scan.key, Scan.verdict)).all())
        assert {mine: stored.get(mine) for mine in self.acknowledged} == self.acknowledged

    @invariant()
    def nobody_comes_in_twice_without_leaving(self) -> None:
        with self.door.gathering.deployment.reading(SYSTEM) as tx:
            for ticket_id in tx.session.scalars(select(Presence.ticket_id)):
                kinds = [scan.kind for scan in counted(tx.session, self.door.point.area_id, ticket_id)]
                assert all(kinds[at] != kinds[at + 1] or kinds[at] == Kind.EXIT for at in range(len(kinds) - 1))

    def _send(self, device: str, mine: str, ticket: int, kind: Kind) -> str | None:
        try:
            answer = self.door.scan(self._code(ticket), device=device, key=mine, kind=kind).verdict.code.value
        except NotEnrolled:
            assert device in self.gone
            return None
        self.acknowledged.setdefault(mine, answer)
        return answer

    def _code(self, ticket: int) -> str:
        return self.door.codes.get(f"Guest {ticket}", "NOBODY ISSUED THIS")


def test_four_devices_in_any_order(gathering) -> None:
    def begin() -> Crowd:
        crowd = Crowd()
        crowd.door = make_door(gathering, title=f"Evening {uuid.uuid4().hex[:6]}")
        crowd.door.change(exits="1", reentry="after_exit")
        for name in DEVICES:
            crowd.door.device(name, "undo")
        for number in range(TICKETS):
            crowd.door.ticket(f"Guest {number}")
        return crowd

    how = settings(
        max_examples=12, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(begin, settings=how)
