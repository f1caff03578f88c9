import pytest
from sqlalchemy import select

from wayfellow.deployment import Deployment
from wayfellow.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.mentorships.models import Mentorship, Proposal
from wayfellow.people import blocks
from wayfellow.people.fields import add_imported_field, list_fields
from wayfellow.people.service import create_person, get_profile, save_profile
from wayfellow.privacy.models import AuditEntry
from wayfellow.tabular.columns import unknown_field
from wayfellow.types import SYSTEM, Audience, FieldType, MatchState, ProfileField, Role


class Extra:
    """Be a plugin with one field per audience and type, which writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[tuple[int, frozenset[str]]] = []
        self.hidden: set[int] = set()

    @hookimpl
    def register_profile_fields(self):
        return [
            *(ProfileField(f"for_{audience}", f"For {audience}", audience=audience) for audience in Audience),
            ProfileField("level", "Level", FieldType.CHOICE, options=("Junior", "Senior"), required=True),
            ProfileField("years", "Years", FieldType.NUMBER),
        ]

    @hookimpl
    def on_profile_saved(self, person_id, changed):
        self.told.append((person_id, changed))

    @hookimpl
    def filter_visible(self, ids):
        import numpy as np

        return ~np.isin(ids, list(self.hidden))


@pytest.fixture
def extra() -> Extra:
    return Extra()


@pytest.fixture
def deployment(config, engine, clock, extra) -> Deployment:
    from wayfellow.db import write_session

    host = PluginHost.load(config, plugins=(("extra", extra),), session_factory=lambda: write_session(engine))
    return Deployment(config, engine, host, clock)


def save(mentoring, whose: str, by: str | None = None, **values: str) -> frozenset[str]:
    actor = SYSTEM if by is None else mentoring.actor(by)
    with mentoring.deployment.transaction(actor) as tx:
        return save_profile(tx, mentoring.people[whose], values)


def read(mentoring, whose: str, by: str):
    with mentoring.deployment.reading(mentoring.actor(by)) as tx:
        return get_profile(tx, mentoring.people[whose])


def said(profile) -> dict[str, str]:
    return {answer.field.key: answer.value for answer in profile.values if answer.value}


def test_a_profile_keeps_what_was_saved(mentoring, extra) -> None:
    changed = save(
        mentoring,
        "Maja",
        "Maja",
        name=" Maja Đặng ",
        timezone="europe/warsaw",
        job_title="Head of Łódź",
        languages="Polish, English; polish",
        skills="Go; SQL",
        skills_to_learn="Rust",
        level="senior",
    )
    assert changed == {"name", "timezone", "job_title", "languages", "skills", "skills_to_learn", "level"}
    profile = read(mentoring, "Maja", "Maja")
    assert (profile.person.name, profile.person.timezone) == ("Maja Đặng", "Europe/Warsaw")
    assert said(profile) == {"job_title": "Head of Łódź", "languages": "Polish\nEnglish", "level": "Senior"}
    assert (profile.offers, profile.wants) == (("Go", "SQL"), ("Rust",))
    assert extra.told == [(mentoring.people["Maja"], changed)]
    assert [a.field.key for a in profile.values][:4] == ["job_title", "department", "languages", "expertise"]


def test_saving_the_same_again_changes_nothing(mentoring, extra) -> None:
    save(mentoring, "Maja", job_title="CTO", skills="Go")
    assert save(mentoring, "Maja", job_title=" CTO ", skills="go", name="Maja") == frozenset()
    assert len(extra.told) == 1


def test_answers_and_skills_can_be_taken_away(mentoring) -> None:
    save(mentoring, "Maja", job_title="CTO", skills="Go; SQL")
    assert save(mentoring, "Maja", job_title="", skills="SQL") == {"job_title", "skills"}
    profile = read(mentoring, "Maja", "Maja")
    assert (said(profile), profile.offers) == ({}, ("SQL",))


def test_wrong_answers_are_all_named_and_nothing_is_saved(mentoring, extra) -> None:
    with pytest.raises(InvalidInput, match="6 answers can't be saved yet") as caught:
        save(
            mentoring,
            "Maja",
            "Maja",
            job_title="CTO",
            name="a\nb",
            level="boss",
            years="many",
            timezone="Moon",
            email="x@example.org",
            shoe="42",
        )
    assert {p.column: p.value for p in caught.value.problems} == {
        "name": "a\nb",
        "level": "boss",
        "years": "many",
        "timezone": "Moon",
        "email": "x@example.org",
        "shoe": "42",
    }
    assert said(read(mentoring, "Maja", "Maja")) == {}
    assert extra.told == []


def test_a_required_answer_cannot_be_emptied(mentoring) -> None:
    with pytest.raises(InvalidInput) as caught:
        save(mentoring, "Maja", "Maja", level=" ")
    assert caught.value.problems[0].message == "Level is needed. Fill it in."


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_no_database_holds_is_refused(mentoring, text) -> None:
    with pytest.raises(InvalidInput):
        save(mentoring, "Maja", job_title=text)


def pair(mentoring, model, state: MatchState) -> None:
    with mentoring.deployment.transaction(SYSTEM) as tx:
        people = {"mentee_id": mentoring.people["Mio"], "mentor_id": mentoring.people["Maja"]}
        times = (
            {"started_at": tx.now()}
            if model is Mentorship
            else {"score": 0.5, "created_at": tx.now(), "changed_at": tx.now()}
        )
        tx.session.add(model(cycle_id=mentoring.cycle_id, state=state, **people, **times))


ALL = {f"for_{audience}": "x" for audience in Audience}


@pytest.mark.parametrize(
    ("reader", "sees", "address"),
    [
        ("Mio", {"self", "coordinators", "pair", "programme"}, True),
        ("Cora", {"coordinators", "pair", "programme"}, True),
        ("Maja", {"programme"}, False),
    ],
)
def test_audiences_decide_what_is_read(mentoring, reader, sees, address) -> None:
    save(mentoring, "Mio", **ALL)
    profile = read(mentoring, "Mio", reader)
    assert set(said(profile)) == {f"for_{audience}" for audience in sees}
    assert (profile.person.email is not None) is address


@pytest.mark.parametrize(
    ("model", "state", "sees", "address"),
    [
        (Proposal, MatchState.DRAFTED, {"for_programme"}, False),
        (Proposal, MatchState.PROPOSED, {"for_pair", "for_programme"}, False),
        (Mentorship, MatchState.ACTIVE, {"for_pair", "for_programme"}, True),
        (Mentorship, MatchState.ENDED_EARLY, {"for_programme"}, False),
    ],
)
def test_a_pair_sees_more_and_addresses_once_both_agreed(mentoring, model, state, sees, address) -> None:
    save(mentoring, "Mio", **ALL)
    pair(mentoring, model, state)
    profile = read(mentoring, "Mio", "Maja")
    assert set(said(profile)) == sees
    assert (profile.person.email is not None) is address


def test_strangers_blocked_and_hidden_people_are_not_found(mentoring, extra) -> None:
    mentoring.person("Stranger")
    with pytest.raises(NotFound):
        read(mentoring, "Mio", "Stranger")
    pair(mentoring, Mentorship, MatchState.ACTIVE)
    with mentoring.deployment.transaction(mentoring.actor("Mio")) as tx:
        blocks.block(tx, mentoring.people["Maja"])
    for whose, by in (("Mio", "Maja"), ("Maja", "Mio")):
        with pytest.raises(NotFound):
            read(mentoring, whose, by)
    assert read(mentoring, "Mio", "Cora").person.name == "Mio"
    extra.hidden.add(mentoring.people["Mio"])
    with pytest.raises(NotFound):
        read(mentoring, "Mio", "Cora")


def test_only_oneself_and_staff_change_a_profile(mentoring) -> None:
    assert save(mentoring, "Mio", "Cora", job_title="Clerk", email="NEW@Example.org") == {"job_title", "email"}
    with pytest.raises(NotAllowed, match="coordinator"):
        save(mentoring, "Mio", "Maja", job_title="Boss")
    with pytest.raises(InvalidInput, match="One answer"):
        save(mentoring, "Mio", "Cora", for_self="prying")
    assert read(mentoring, "Mio", "Mio").person.email == "new@example.org"


def test_an_address_belongs_to_one_person(mentoring) -> None:
    with pytest.raises(InvalidInput) as caught:
        save(mentoring, "Mio", "Cora", email="MAJA@example.org")
    assert "Somebody else has the address maja@example.org" in caught.value.problems[0].message


def test_people_are_made_once(mentoring) -> None:
    with mentoring.deployment.transaction(SYSTEM) as tx:
        person = create_person(tx, None, name="李 雷", email="LI@example.org")
        assert (person.reference, person.email) == ("li@example.org", "li@example.org")
        with pytest.raises(Conflict):
            create_person(tx, None, name="Other", email="li@EXAMPLE.org", reference="7")
        with pytest.raises(InvalidInput):
            create_person(tx, None, name=" ", email="a@example.org")
        with pytest.raises(InvalidInput):
            create_person(tx, None, name="Nobody")
    with pytest.raises(NotAllowed), mentoring.deployment.transaction(mentoring.actor("Mio")) as tx:
        create_person(tx, mentoring.programme_id, name="Friend", email="f@example.org")


def test_saving_is_recorded_without_what_was_said(mentoring) -> None:
    save(mentoring, "Mio", "Cora", job_title="Secret")
    with mentoring.deployment.reading(SYSTEM) as tx:
        entry = tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "profile.saved")).one()
    assert entry.actor_id == mentoring.people["Cora"]
    assert entry.details == {"fields": ["job_title"]}


def test_fields_are_core_plugins_and_imported_and_go_by_role(mentoring, config) -> None:
    with mentoring.deployment.transaction(SYSTEM) as tx:
        add_imported_field(tx, unknown_field("Why I mentor", Role.MENTOR))
        keys = [definition.key for definition in list_fields(tx)]
        mentee = {definition.key for definition in list_fields(tx, Role.MENTEE)}
        add_imported_field(tx, unknown_field("Why I mentor", Role.MENTEE))
        widened = next(d for d in list_fields(tx, Role.MENTEE) if d.key == "why_i_mentor")
    assert keys[0] == "job_title"
    assert keys[-1] == "why_i_mentor"
    assert {"level", "department"} <= mentee
    assert not {"why_i_mentor", "expertise"} & mentee
    assert widened.matched_for == {Role.MENTOR, Role.MENTEE}
    bare = Deployment(config, mentoring.deployment.engine, PluginHost.load(config, plugins=()))
    with bare.reading(SYSTEM) as tx:
        assert "level" not in {definition.key for definition in list_fields(tx)}


def test_blocks_are_ones_own(mentoring) -> None:
    with mentoring.deployment.transaction(mentoring.actor("Mio")) as tx:
        blocks.block(tx, mentoring.people["Maja"])
        blocks.block(tx, mentoring.people["Maja"])
        assert blocks.list_blocks(tx) == [(mentoring.people["Maja"], "Maja")]
        with pytest.raises(InvalidInput):
            blocks.block(tx, mentoring.people["Mio"])
    with mentoring.deployment.transaction(mentoring.actor("Maja")) as tx:
        assert blocks.list_blocks(tx) == []
    with mentoring.deployment.transaction(mentoring.actor("Mio")) as tx:
        blocks.unblock(tx, mentoring.people["Maja"])
        assert blocks.list_blocks(tx) == []
    with pytest.raises(NotAllowed), mentoring.deployment.transaction(SYSTEM) as tx:
        blocks.block(tx, mentoring.people["Mio"])


def test_a_profile_takes_few_statements(mentoring, statements) -> None:
    actor = mentoring.actor("Cora")
    save(mentoring, "Mio", skills="; ".join(f"skill {n}" for n in range(50)))
    statements.clear()
    with mentoring.deployment.reading(actor) as tx:
        get_profile(tx, mentoring.people["Mio"])
    assert len([s for s in statements if s.startswith("SELECT")]) <= 6
