"""Put an event with a door before a test: tickets by name, a point, and devices."""

import uuid
from dataclasses import dataclass, field

from sqlalchemy import select

from wayfellow.types import ANONYMOUS, SYSTEM, Role
from wayfellow_events.door.devices import code_of as link_code
from wayfellow_events.door.devices import enrol, invite_device
from wayfellow_events.door.models import Area, Kind, Point, Presence
from wayfellow_events.door.outcomes import Outcome
from wayfellow_events.door.points import save_point
from wayfellow_events.door.scanning import Asked, take_scan
from wayfellow_events.door.undoing import Undo, undo_scan
from wayfellow_events.events.models import TicketType
from wayfellow_events.registration.registering import register
from wayfellow_events.tickets.codes import digest
from wayfellow_events.tickets.issuing import code_of, ticket_of


def key() -> str:
    return str(uuid.uuid4())


@dataclass
class Door:
    """Be the door of an event of a gathering."""

    gathering: object
    event: object
    point: Point
    devices: dict[str, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    registrations: dict[str, int] = field(default_factory=dict)

    def device(self, name: str, *rights: str, point: Point | None = None, gate: str = "") -> int:
        form = {"name": name, "point": str((point or self.point).id), "gate": gate}
        device = self.gathering.do("Cora", lambda tx: invite_device(tx, self.event.id, form, rights))
        _, code = self.gathering.do("Cora", lambda tx: link_code(tx, self.event.id, device.id))
        _, self.tokens[name] = self.gathering.do(ANONYMOUS, lambda tx: enrol(tx, code))
        self.devices[name] = device.id
        return device.id

    def ticket(self, name: str, kind: str = "Member") -> str:
        """Return the code of the ticket of a member, who becomes known and registers first."""
        if name not in self.gathering.people:
            self.gathering.person(name, Role.MENTEE)
        type_id = self.kinds()[kind]
        found = self.gathering.do(name, lambda tx: register(tx, self.event.id, type_id))
        self.registrations[name] = found.id
        with self.gathering.deployment.reading(SYSTEM) as tx:
            self.codes[name] = code_of(tx, ticket_of(tx, found.id))
        return self.codes[name]

    def kinds(self) -> dict[str, int]:
        with self.gathering.deployment.reading(SYSTEM) as tx:
            query = select(TicketType.name, TicketType.id).where(TicketType.event_id == self.event.id)
            return dict(tx.session.execute(query).all())

    def scan(self, code: str = "", *, device: str = "Sam", **asked) -> Outcome:
        asked = {"key": key(), "code": code, "kind": Kind.ENTRY} | asked
        return take_scan(self.gathering.deployment, digest(self.tokens[device]), Asked(**asked))

    def undo(self, undoes: str, *, device: str = "Sam", **wish) -> Outcome:
        wish = {"key": key()} | wish
        token = digest(self.tokens[device])
        return self.gathering.do(ANONYMOUS, lambda tx: undo_scan(tx, token, Undo(undoes=undoes, **wish)))

    def area(self) -> Area:
        with self.gathering.deployment.reading(SYSTEM) as tx:
            return tx.session.get_one(Area, self.point.area_id)

    def presences(self) -> list[Presence]:
        with self.gathering.deployment.reading(SYSTEM) as tx:
            return list(tx.session.scalars(select(Presence)))

    def change(self, **form: str) -> None:
        types = form.pop("types", "").split()
        form = {"name": self.point.name, "area": "Inside"} | form
        save = lambda tx: save_point(tx, self.event.id, self.point.id, form, types)  # noqa: E731
        self.point = self.gathering.do("Cora", save)


def make_door(gathering, **facts) -> Door:
    event = gathering.event(**{"capacity": None} | facts)
    form = {"name": "Main door", "area": "Inside", "gates": "North; South"}
    point = gathering.do("Cora", lambda tx: save_point(tx, event.id, None, form, ()))
    door = Door(gathering, event, point)
    door.device("Sam")
    return door
