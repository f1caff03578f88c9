"""The same people give the same pairs, whether a run reads them from files or from either database."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

import wayfellow_tfidf.plugin
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.importing.service import stage_upload, start_import
from wayfellow.matching.criteria import plugin as criteria_plugin
from wayfellow.matching.criteria.applying import apply_criteria, weigh
from wayfellow.matching.criteria.service import save_set
from wayfellow.matching.criteria.sets import CriteriaSet, read_set
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.runs import get_run, start_run
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.tables import read_inputs
from wayfellow.mentorships.models import Proposal
from wayfellow.people.models import Person
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker

DEMO = Path(__file__).parents[3] / "examples" / "demo"


@pytest.fixture
def matching(deployment: Deployment) -> Deployment:
    """Give a deployment that matches with the plugin that comes along."""
    plugins = (("tfidf", wayfellow_tfidf.plugin),)
    return replace(deployment, host=PluginHost.load(deployment.config, plugins=plugins))


def work(deployment: Deployment) -> None:
    worker = make_worker(deployment)
    while worker.run_once():
        pass


def take(deployment: Deployment, cycle_id: int, role: Role, name: str, folder: Path = DEMO) -> None:
    with (folder / name).open("rb") as stream, deployment.transaction(SYSTEM) as tx:
        batch = stage_upload(tx, cycle_id, role, name, stream)
        start_import(tx, batch.id)
    work(deployment)


def test_a_run_gives_what_the_files_give(matching: Deployment) -> None:
    inputs = read_inputs(DEMO / "mentors.csv", DEMO / "mentees.csv", seed=3)
    result = run_match(inputs.problem, matching.host)
    mentees, mentors = inputs.problem.mentees.keys, inputs.problem.mentors.keys
    chosen = zip(result.assignment.mentee, result.assignment.mentor, result.scores.tolist(), strict=True)
    expected = {(mentees[i], mentors[j], score) for i, j, score in chosen}

    with matching.transaction(SYSTEM) as tx:
        cycle = create_cycle(tx, create_programme(tx, "Career Bridges").id, "Winter").id
    take(matching, cycle, Role.MENTEE, "mentees.csv")
    take(matching, cycle, Role.MENTOR, "mentors.csv")
    with matching.transaction(SYSTEM) as tx:
        run_id = start_run(tx, cycle, seed=3).id
    work(matching)

    with matching.reading(SYSTEM) as tx:
        run = get_run(tx, run_id)
        keys = dict(tx.session.execute(select(Person.id, Person.reference)).all())
        drafts = tx.session.scalars(select(Proposal).where(Proposal.run_id == run_id)).all()
    assert run.error is None
    assert run.input_hash == result.input_hash
    assert {(keys[one.mentee_id], keys[one.mentor_id], one.score) for one in drafts} == expected
    assert len(expected) > 50


MENTORS = """person_id,name,email,expertise,skills,languages,dept,tz,availability,seniority,preferred mentees,capacity
m1,Mo,mo@example.org,forecasting demand,SQL,German; English,Data,Europe/Berlin,Mon 18:00-20:00,5,e2,2
m2,Nia,nia@example.org,forecasting demand,SQL; R,English,Sales,America/New_York,Mon 12:00-14:00,7,,2
"""
MENTEES = """person_id,name,goals,wants,languages,department,timezone,availability,seniority,manager,avoided_people
e1,Ann,forecast demand,SQL,German,Sales,Europe/Berlin,Mon-Tue 17:00-19:00,3,nia@example.org,
e2,Bob,demand,R,english,Data,Europe/London,Mon 17:00-18:30,4,,MO@example.org
e3,Cy,sourdough,SQL,Basque,,UTC,,,,
"""
CRITERIA = [
    {"kind": "languages", "weight": 4, "hard": True},
    {"kind": "reporting_line", "weight": 0, "hard": True},
    {"kind": "wishes", "weight": 2, "hard": True},
    {"kind": "time_zone", "weight": 3, "parameters": {"most": 9}},
    {"kind": "availability"},
    {"kind": "seniority"},
    {"kind": "skills"},
    {"kind": "field", "field": "department", "direction": "different"},
]


def test_criteria_give_what_the_files_give(matching: Deployment, tmp_path: Path) -> None:
    plugins = (("tfidf", wayfellow_tfidf.plugin), ("criteria", criteria_plugin))
    matching = replace(matching, host=PluginHost.load(matching.config, plugins=plugins))
    (tmp_path / "mentors.csv").write_text(MENTORS)
    (tmp_path / "mentees.csv").write_text(MENTEES)
    chosen = read_set({"criteria": CRITERIA, "text_weight": 5}, matching.host.criterion_kinds)
    inputs = read_inputs(tmp_path / "mentors.csv", tmp_path / "mentees.csv", seed=3)
    problem = apply_criteria(inputs.problem, chosen, matching.host, matching.clock())
    result = run_match(problem, matching.host, weigh(MatchSettings(), chosen, matching.host))
    pairs = zip(result.assignment.mentee, result.assignment.mentor, result.scores.tolist(), strict=True)
    expected = {(problem.mentees.keys[i], problem.mentors.keys[j], score) for i, j, score in pairs}
    assert {pair[:2] for pair in expected} == {("e1", "m1"), ("e2", "m2")}

    with matching.transaction(SYSTEM) as tx:
        programme = create_programme(tx, "Career Bridges").id
        cycle = create_cycle(tx, programme, "Winter").id
        save_set(tx, programme, chosen, based_on=None)
    take(matching, cycle, Role.MENTEE, "mentees.csv", tmp_path)
    take(matching, cycle, Role.MENTOR, "mentors.csv", tmp_path)
    with matching.transaction(SYSTEM) as tx:
        run_id = start_run(tx, cycle, seed=3).id
        save_set(tx, programme, CriteriaSet(), based_on=1)
    work(matching)

    with matching.reading(SYSTEM) as tx:
        run = get_run(tx, run_id)
        keys = dict(tx.session.execute(select(Person.id, Person.reference)).all())
        drafts = tx.session.scalars(select(Proposal).where(Proposal.run_id == run_id)).all()
    assert (run.error, run.criteria_version) == (None, 1)
    assert run.input_hash == result.input_hash
    assert {(keys[one.mentee_id], keys[one.mentor_id], one.score) for one in drafts} == expected
