"""Set the demo programme up: people from files, a match run, and who may look at it. Safe to repeat."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from wayfellow.config import Config
from wayfellow.deployment import Deployment, Transaction
from wayfellow.errors import WayfellowError
from wayfellow.importing.service import stage_upload, start_import
from wayfellow.jobs.models import JobState
from wayfellow.jobs.service import get_job
from wayfellow.matching.runs import get_run, start_run
from wayfellow.mentorships.queries import list_drafts
from wayfellow.migrations.runner import upgrade
from wayfellow.people.fields import sync_fields
from wayfellow.people.service import create_person
from wayfellow.programmes.roles import grant_role
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, Role
from wayfellow.worker import make_worker
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

Say = Callable[[str], None]
MARKER = "demo.json"
STAFF = (
    (Role.ADMINISTRATOR, "Ada Lindqvist", "ada@example.org"),
    (Role.COORDINATOR, "Ruth Adeyemi", "ruth@example.org"),
)
LINKS_WORK = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Demo:
    """Hold what a finished demo is: the run to show, who signs in as what, and the seconds it took to make."""

    run_id: int
    people: dict[str, int]
    seconds: float


def find_data() -> Path:
    """Return the folder of the demo's people. Raises WayfellowError when this installation lacks it."""
    folder = Path(__file__).parents[2] / "examples" / "demo"
    if not (folder / "mentors.csv").is_file():
        raise WayfellowError(
            "The demo's people are not part of this installation. Take the folder examples/demo from the source code "
            "and name it with --data."
        )
    return folder


def prepare_folder(config: Config, *, reset: bool) -> Demo | None:
    """Return the demo that a folder holds; one that was left half made is cleared away.

    Raises WayfellowError when the folder holds data that no demo made.
    """
    database, marker = Path(config.data_dir / "wayfellow.sqlite"), config.data_dir / MARKER
    if database.exists() and not marker.exists():
        raise WayfellowError(
            f"{config.data_dir} holds a database that is not the demo's. Choose another folder with --var."
        )
    known = _read_marker(marker)
    if known is not None and database.exists() and not reset:
        return known
    for path in config.data_dir.glob("wayfellow.sqlite*"):
        path.unlink()
    shutil.rmtree(config.data_dir / "uploads", ignore_errors=True)
    config.data_dir.mkdir(parents=True, exist_ok=True)
    marker.write_text("{}", encoding="ascii")
    return None


def _read_marker(marker: Path) -> Demo | None:
    try:
        return Demo(**json.loads(marker.read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        return None


def make_demo(deployment: Deployment, data: Path, say: Say) -> Demo:
    """Make the programme, bring its people in, match them, and note that all of it is there."""
    begin = time.perf_counter()
    upgrade(deployment, say=lambda line: None, backup=False)
    say("Making the programme Career Bridges")
    with deployment.transaction(SYSTEM) as tx:
        programme_id, cycle_id, people = _make_programme(tx)
    for role in (Role.MENTOR, Role.MENTEE):
        say(f"Bringing in {role}s from {data.name}/{role}s.csv")
        _import(deployment, cycle_id, role, data / f"{role}s.csv")
    say("Matching")
    run_id = _match(deployment, cycle_id)
    for part in deployment.host.demo_parts:
        say(part.label)
        with deployment.transaction(SYSTEM) as tx:
            part.fill(tx, programme_id)
    with deployment.reading(SYSTEM) as tx:
        best = list_drafts(tx, run_id, size=1).items[0]
    people |= {"mentor": best.mentor.id, "mentee": best.mentee.id}
    demo = Demo(run_id, people, round(time.perf_counter() - begin, 1))
    fields: dict[str, Any] = {"run_id": demo.run_id, "people": demo.people, "seconds": demo.seconds}
    (deployment.config.data_dir / MARKER).write_text(json.dumps(fields), encoding="ascii")
    return demo


def _make_programme(tx: Transaction) -> tuple[int, int, dict[str, int]]:
    sync_fields(tx)
    programme = create_programme(
        tx, "Career Bridges", description="The demo programme. All people in it are invented.", timezone="Europe/London"
    )
    cycle = create_cycle(tx, programme.id, "Winter")
    people = {}
    for role, name, email in STAFF:
        people[role.value] = create_person(tx, None, name=name, email=email).id
        grant_role(tx, people[role.value], role, None if role is Role.ADMINISTRATOR else programme.id)
    return programme.id, cycle.id, people


def _import(deployment: Deployment, cycle_id: int, role: Role, file: Path) -> None:
    with deployment.transaction(SYSTEM) as tx, file.open("rb") as stream:
        batch = stage_upload(tx, cycle_id, role, file.name, stream)
        job_id = start_import(tx, batch.id).id
    _work(deployment, job_id)


def _match(deployment: Deployment, cycle_id: int) -> int:
    with deployment.transaction(SYSTEM) as tx:
        run_id = start_run(tx, cycle_id).id
    _work(deployment)
    with deployment.reading(SYSTEM) as tx:
        run = get_run(tx, run_id)
    if run.state != "done":
        raise WayfellowError(f"The demo's match run is {run.state}: {run.error}. Start over with --reset.")
    return run_id


def _work(deployment: Deployment, job_id: int | None = None) -> None:
    worker = make_worker(deployment)
    while worker.run_once():
        pass
    if job_id is None:
        return
    with deployment.reading(SYSTEM) as tx:
        job = get_job(tx, job_id)
    if job.state != JobState.DONE:
        raise WayfellowError(f"The demo's people could not be brought in: {job.error}. Start over with --reset.")


def summary(deployment: Deployment, demo: Demo) -> list[str]:
    """Return what the demo came to, line by line."""
    with deployment.reading(SYSTEM) as tx:
        s = get_run(tx, demo.run_id).summary
    scores = f"worst score {s.worst:.2f}, median {s.median:.2f}" if s.worst is not None and s.median is not None else ""
    return [
        f"People     {s.mentors} mentors with {s.places} places, {s.mentees} mentees",
        f"Pairs      {s.matched}, {scores}",
        f"Unmatched  {s.mentees - s.matched}",
        f"Seconds    {sum(s.seconds.values()):.1f} to match, {demo.seconds} in all",
    ]


def links(deployment: Deployment, demo: Demo, url: str) -> list[str]:
    """Make a sign-in link per role and return them as lines."""
    with deployment.transaction(SYSTEM) as tx:
        tokens = {
            role: issue_ticket(tx, person_id, Purpose.SIGN_IN, LINKS_WORK) for role, person_id in demo.people.items()
        }
    return [f"{role:<14} {url}/sign-in/{token}" for role, token in tokens.items()]
