"""The same people give the same pairs, whether a run reads them from files or from either database."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

import wayfellow_tfidf.plugin
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.importing.service import stage_upload, start_import
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.runs import get_run, start_run
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


def take(deployment: Deployment, cycle_id: int, role: Role, name: str) -> None:
    with (DEMO / name).open("rb") as stream, deployment.transaction(SYSTEM) as tx:
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
