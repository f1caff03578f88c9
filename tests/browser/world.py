from dataclasses import dataclass, field, replace
from pathlib import Path
from wayfellow.config import default_config
from wayfellow.deployment import open_deployment, Deployment
from wayfellow.migrations.tables import Base
from wayfellow.people.models import Person
from wayfellow.programmes.models import Membership
from wayfellow.programmes.roles import grant_role
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Role


@dataclass
class World:
    roles: dict = field(default_factory=dict)
    samples: dict = field(default_factory=dict)

def make_world(folder):
    dep = open_deployment(replace(default_config(folder), secret_key="k"), plugins=())
    Base.metadata.create_all(dep.engine)
    w = World()
    with dep.transaction(SYSTEM) as tx:
        pr = create_programme(tx, "Career Bridges"); cy = create_cycle(tx, pr.id, "Winter 2026–27")
        def add(name, role=None):
            p = Person(reference=name, name=name, email=name.split()[0].lower()+"@example.org", created_at=tx.now(), updated_at=tx.now()); tx.session.add(p); tx.session.flush()
            if role: tx.session.add(Membership(cycle_id=cy.id, person_id=p.id, role=role, created_at=tx.now()))
            return p.id
        w.roles = dict(administrator=add("Ada Lind"), coordinator=add("Ruth Adeyemi"), mentor=add("Tomasz Oduya", Role.MENTOR), mentee=add("Maya Kurt", Role.MENTEE))
        grant_role(tx, w.roles["administrator"], Role.ADMINISTRATOR, None); grant_role(tx, w.roles["coordinator"], Role.COORDINATOR, pr.id)
    return dep, w
