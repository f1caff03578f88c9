"""Make a programme with everything that pages show: wild names, runs, drafts, proposals, notices, an upload."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from browser.events_world import add_door, add_events

from wayfellow.concerns.service import raise_concern
from wayfellow.config import default_config
from wayfellow.config_mail import MailSettings
from wayfellow.deployment import Deployment, Transaction, open_deployment
from wayfellow.goals.service import add_goal, list_goals
from wayfellow.importing.service import stage_upload
from wayfellow.jobs.service import ask
from wayfellow.matching.criteria.service import save_set
from wayfellow.matching.criteria.sets import read_set
from wayfellow.matching.runs import start_run
from wayfellow.mentorships.models import Proposal, TieKind
from wayfellow.mentorships.proposals import answer_proposal
from wayfellow.mentorships.publishing import publish_run
from wayfellow.mentorships.queries import list_drafts
from wayfellow.mentorships.requests.asking import ask as ask_person
from wayfellow.mentorships.requests.fits import work_out_fits
from wayfellow.mentorships.requests.hiding import hide
from wayfellow.mentorships.requests.parts import list_parts as list_finding
from wayfellow.mentorships.requests.remarks import ask_more
from wayfellow.migrations.runner import upgrade
from wayfellow.notify.service import tell
from wayfellow.notify.unsubscribe import Wish, make_token
from wayfellow.people.fields import sync_fields
from wayfellow.people.service import create_person, save_profile
from wayfellow.programmes.editing import CycleFacts, ProgrammeFacts, edit_cycle, edit_programme
from wayfellow.programmes.members import add_member
from wayfellow.programmes.models import CycleState, MembershipState
from wayfellow.programmes.parts import list_parts
from wayfellow.programmes.roles import actor_for, grant_role
from wayfellow.programmes.rules import save_rules
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Actor, MatchState, Role, RoleGrant
from wayfellow.worker import make_worker
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

TRADES = (
    ("Head of data", "forecasting demand, statistics and data pipelines", "data analysis; forecasting"),
    ("Product designer", "interviews with users, sketches and design systems", "user research; design"),
    ("Ward sister", "leading a team of nurses through long nights", "leading people; nursing"),
    ("Site engineer", "bridges, concrete and keeping a schedule", "planning; structures"),
)
NAMES = ("Tomasz Oduya", "Renske Amadi", "Anna-Katharina von Hohenfels-Wolkenstein", "李 小龙", "<b>Bo</b>", "محمد علي")


MESSAGES = (
    "I run our demand model alone since summer, and would like to learn how you brought other teams along.",
    "Your years on night wards made me think: how did you lead tired people without wearing yourself out?",
    "I want to move from sketches to whole design systems. Could we look at one of mine together sometimes?",
    "Bridges fascinate me since school; I start as a site engineer in May and would love to hear about it.",
    "My team has doubled twice this year. How do you hire without losing what made it good in the beginning?",
)


@dataclass
class World:
    """Hold who signs in as what, and a value for each argument of an address."""

    roles: dict[str, int] = field(default_factory=dict)
    samples: dict[str, object] = field(default_factory=dict)


def make_world(folder: Path, mentors: int = 6, mentees: int = 14) -> tuple[Deployment, World]:
    """Make the programme in a SQLite file in a folder: a published run in its earlier cycle, drafts in this one."""
    # Nobody listens at this port: messages wait, and the pages show it.
    mail = MailSettings("127.0.0.1", "Northlight <mentoring@example.org>", 9, "none")
    config = replace(
        default_config(folder),
        secret_key="only for tests",
        organisation="Northlight",
        base_url="http://127.0.0.1",
        mail=mail,
    )
    deployment, world = open_deployment(config), World()
    upgrade(deployment, say=lambda line: None)
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        programme = create_programme(tx, "Career Bridges", timezone="Europe/London")
        earlier = create_cycle(tx, programme.id, "Summer 2026", state=CycleState.RUNNING)
        cycle = create_cycle(tx, programme.id, "Winter 2026")
        people = [_add(tx, cycle.id, number, Role.MENTOR) for number in range(mentors)]
        people += [_add(tx, cycle.id, number, Role.MENTEE) for number in range(mentees)]
        world.roles = {"mentor": people[0], "mentee": people[mentors]}
        add_member(tx, earlier.id, people[0], Role.MENTOR)
        add_member(tx, earlier.id, people[mentors], Role.MENTEE)
        for name, role in (("Ada Lind", Role.ADMINISTRATOR), ("Ruth Adeyemi", Role.COORDINATOR)):
            world.roles[role.value] = create_person(tx, None, name=name, email=f"{role}@example.org").id
            grant_role(tx, world.roles[role.value], role, None if role is Role.ADMINISTRATOR else programme.id)
        for person_id in world.roles.values():
            tell(tx, person_id, key=f"hello:{person_id}", subject="Welcome", body="Have a look around.")
        _open_the_door(tx, programme.id, cycle.id, [*people[mentors + 1 :], people[1]])
        mine = list_parts(tx, earlier.id, people[0])[0].membership_id
        world.samples = {"slug": programme.slug, "role": "mentee", "membership_id": mine}
        file = io.BytesIO("name;email;Shoe size;capacity\nZoë;zoe@example.org;38;2\nBo;no address;40;-1\n".encode())
        batch = stage_upload(tx, cycle.id, Role.MENTOR, "mentors winter.csv", file)
        token = issue_ticket(tx, people[0], Purpose.INVITATION)
        job = ask(tx, "import.people", {"batch_id": 0}, key="sample", programme_id=programme.id)
        world.samples |= {"programme": programme.slug, "person_id": people[0], "job_id": job.id}
        world.samples |= {"form_key": "proposed.mentee", "mentee_id": people[mentors]}
        world.samples["plugin"] = "tfidf"
        world.samples |= {"other_id": people[1], "concern_id": _raise_concern(tx, programme.id, people[0])}
        world.samples["letter"] = make_token(config, Wish(people[0], "email", "proposal.proposed"))
        world.samples |= {"batch_id": batch.id, "token": token, "goal_id": list_goals(tx, people[mentors])[0].id}
    published = _run(deployment, earlier.id)
    _run(deployment, cycle.id)  # what the drafted run is compared with
    drafted = _run(deployment, cycle.id)
    world.samples["my_request"] = _ask_around(deployment, programme.id, cycle.id, people[mentors], people[:mentors])
    _work(deployment)
    with deployment.transaction(SYSTEM) as tx:
        world.samples |= {"my_proposal": _first_pair(tx, published)}
        world.samples |= {"proposal_id": _first_pair(tx, drafted), "run_id": drafted}
        world.samples |= {"my_chat": _make_chat(tx, earlier.id, people[mentors], people[0])}
        publish_run(tx, published)
        _choose_criteria(tx, programme.id)
        world.samples |= add_events(tx, programme.id, people, "coordinator@example.org")
    event_id, registration_id = world.samples["event_id"], world.samples["registration_id"]
    world.samples |= add_door(deployment, event_id, registration_id)
    return deployment, world


def _ask_around(deployment: Deployment, programme_id: int, cycle_id: int, mentee: int, mentors: list[int]) -> int:
    """Let a mentee ask mentors, so that each kind of request stands on a home page; return the first request."""
    with deployment.transaction(SYSTEM) as tx:
        save_rules(tx, programme_id, {"mentees_ask": True, "mentors_offer": True, "conversations": True})
        part = next(one for one in list_parts(tx, cycle_id, mentee) if one.role == Role.MENTEE).membership_id
        me, others = actor_for(tx.session, mentee), [actor_for(tx.session, mentor) for mentor in mentors]
    asked = []
    for number, (mentor, message) in enumerate(zip(mentors, MESSAGES, strict=False)):
        with deployment.transaction(me) as tx:
            kind = TieKind.CONVERSATION if number == 1 else TieKind.MENTORSHIP
            asked.append(ask_person(tx, part, mentor, message, kind=kind, in_line=number > 2).id)
    with deployment.transaction(others[1]) as tx:
        answer_proposal(tx, asked[1], True)
    with deployment.transaction(others[2]) as tx:
        ask_more(tx, asked[2], "What have you tried so far?")
    with deployment.transaction(me) as tx:
        hide(tx, mentors[-1])
    for actor in (me, others[0]):
        with deployment.transaction(actor) as tx:
            work_out_fits(tx, list_finding(tx)[0])
    return asked[0]


def _open_the_door(tx: Transaction, programme_id: int, cycle_id: int, people: list[int]) -> None:
    """Make the programme public, and let newcomers stand in every state of its queue."""
    words = "For people in their first years of work.\n\nAn hour every other week, for half a year."
    facts = ProgrammeFacts("Career Bridges", words, "Europe/London", is_public=True)
    edit_programme(tx, programme_id, facts)
    edit_cycle(tx, cycle_id, CycleFacts("Winter 2026", registration_closes_on=date(2099, 12, 31)))
    for number, person_id in enumerate(people):
        state = (MembershipState.APPLIED, MembershipState.WAITLISTED, MembershipState.REJECTED)[number % 3]
        newcomer = create_person(tx, None, name=f"Newcomer {number}", email=f"new{person_id}@example.org")
        add_member(tx, cycle_id, newcomer.id, Role.MENTEE, state=state)


def _raise_concern(tx: Transaction, programme_id: int, person_id: int) -> int:
    person = replace(tx, actor=Actor(person_id, "Tomasz", frozenset({RoleGrant(Role.MENTOR, programme_id)})))
    return raise_concern(person, programme_id, "They write at night.\nIt worries me.").id


def _choose_criteria(tx: Transaction, programme_id: int) -> None:
    """Save two versions, the newer one with every kind that asks for a field, a direction or numbers."""
    languages = {"kind": "languages", "weight": 4, "hard": True}
    department = {"kind": "field", "field": "department", "direction": "different", "weight": 3}
    others = [{"kind": kind} for kind in ("seniority", "time_zone", "wishes")]
    for before, rows in ((None, [languages]), (1, [languages, department, *others])):
        save_set(tx, programme_id, read_set({"criteria": rows}, tx.host.criterion_kinds), based_on=before)


def _add(tx: Transaction, cycle_id: int, number: int, role: Role) -> int:
    title, text, skills = TRADES[number % len(TRADES)]
    name = NAMES[number % len(NAMES)] if role is Role.MENTOR else f"Mentee {number + 1} & {title}"
    person = create_person(tx, None, name=name, email=f"{role}{number}@example.org")
    values = {"job_title": title, "skills": skills} | ({"expertise": text} if role is Role.MENTOR else {})
    save_profile(tx, person.id, values)
    add_member(tx, cycle_id, person.id, role, capacity=2)
    if role is Role.MENTEE:
        add_goal(tx, person.id, f"I want to learn about {text}.")
    return person.id


def _run(deployment: Deployment, cycle_id: int) -> int:
    """Compute a run of a cycle and return its id."""
    with deployment.transaction(SYSTEM) as tx:
        run = start_run(tx, cycle_id)
    _work(deployment)
    return run.id


def _first_pair(tx: Transaction, run_id: int) -> int:
    return list_drafts(tx, run_id, size=1).items[0].proposal_id


def _make_chat(tx: Transaction, cycle_id: int, mentee_id: int, mentor_id: int) -> int:
    """Ask two people to have a chat, as a published run would."""
    state = {"kind": TieKind.CHAT, "state": MatchState.PROPOSED, "created_at": tx.now(), "changed_at": tx.now()}
    chat = Proposal(cycle_id=cycle_id, mentee_id=mentee_id, mentor_id=mentor_id, score=0.5, **state)
    tx.session.add(chat)
    tx.session.flush()
    return chat.id


def _work(deployment: Deployment) -> None:
    worker = make_worker(deployment)
    while worker.run_once():
        pass
