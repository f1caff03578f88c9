"""What is kept about a person goes along with them, and goes away with them."""

import json

import pytest
from sqlalchemy import inspect, select

from wayfellow.db import Base
from wayfellow.errors import Conflict, InvalidInput
from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.mentorships.erasing import ERASED, erase_me
from wayfellow.mentorships.models import Mentorship, Proposal
from wayfellow.mentorships.personal import collect_my_data
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.people.models import Person
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.roles import grant_role
from wayfellow.types import SYSTEM, MatchState, Role

SECRET = "a very private sentence"


@pytest.fixture
def pair(world):
    mentor, mentee = world.mentor("Tom Unique", expertise=SECRET), world.mentee("Mia", "Lead a team")
    world.run([(mentee, mentor, 0.5)], state=MatchState.PROPOSED)
    for person, role in ((mentor, Role.MENTOR), (mentee, Role.MENTEE)):
        with world.deployment.transaction(world.actor(person, role)) as tx:
            answer_proposal(tx, tx.session.scalars(select(Proposal.id)).first(), True)
    return mentor, mentee


def erase(world, person, role, typed):
    with world.deployment.transaction(world.actor(person, role)) as tx:
        erase_me(tx, typed)


def email_of(world, person) -> str:
    with world.deployment.reading(SYSTEM) as tx:
        return tx.session.get_one(Person, person).email


def everything(world) -> str:
    """Return all rows of all tables but the jobs' as one text, to search in."""
    here = set(inspect(world.deployment.engine).get_table_names()) - {"job"}
    with world.deployment.reading(SYSTEM) as tx:
        rows = [tx.session.execute(select(table)).all() for table in Base.metadata.sorted_tables if table.name in here]
    return repr(rows)


def test_what_is_taken_along_is_ones_own(world, pair) -> None:
    mentor, mentee = pair
    with world.deployment.transaction(world.actor(mentee, Role.MENTEE)) as tx:
        data = json.loads(json.dumps(collect_my_data(tx)))
    assert data["person"][0]["name"] == "Mia"
    assert data["goals"][0]["text"] == "Lead a team"
    assert data["memberships"][0]["role"] == "mentee"
    assert [row["mentor_id"] for row in data["mentorships"]] == [mentor]
    assert email_of(world, mentor) not in json.dumps(data)


def test_nothing_of_ones_own_stays_after_erasing(world, pair) -> None:
    mentor, _ = pair
    email = email_of(world, mentor)
    erase(world, mentor, Role.MENTOR, f" {email.upper()} ")
    left = everything(world)
    assert SECRET not in left
    assert email not in left
    with world.deployment.reading(SYSTEM) as tx:
        assert tx.session.get_one(Person, mentor).name == ERASED
        assert tx.session.scalars(select(Mentorship.state)).all() == ["ended_early"]
        last = tx.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.subject_id, last.details) == ("person.erased", mentor, {})


@pytest.mark.parametrize("typed", ["", "Tom Unique", "somebody@example.org"])
def test_without_the_address_nothing_is_erased(world, pair, typed) -> None:
    mentor, _ = pair
    with pytest.raises(InvalidInput, match="nothing was erased"):
        erase(world, mentor, Role.MENTOR, typed)
    assert SECRET in everything(world)


def test_the_last_administrator_stays(world) -> None:
    ada = world.person("Ada")
    with world.deployment.transaction(SYSTEM) as tx:
        grant_role(tx, ada, Role.ADMINISTRATOR, None)
    with pytest.raises(Conflict, match="Nobody else is administrator"):
        erase(world, ada, Role.ADMINISTRATOR, email_of(world, ada))


class Diary:
    @hookimpl
    def erase_person_data(self, person_id: int) -> int:
        raise OSError("the diary is locked")


def test_when_a_plugin_cannot_erase_nothing_is_erased(world, pair) -> None:
    mentor, _ = pair
    world.deployment.host = PluginHost.load(world.deployment.config, plugins=(("diary", Diary()),))
    with pytest.raises(Exception, match="diary"):
        erase(world, mentor, Role.MENTOR, email_of(world, mentor))
    assert "Tom Unique" in everything(world)
