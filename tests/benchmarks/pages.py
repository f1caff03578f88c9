"""Print what the main pages take on the server with 5,000 people: milliseconds of wall and CPU, and SQL statements.

    python tests/benchmarks/pages.py [--people N] [--times N]

A coordinator, for the directory a mentee, is signed in, on SQLite, in this process: no network, no browser.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from run import heading, table
from sqlalchemy import event, select
from synthetic import make_people

from wayfellow.config import default_config
from wayfellow.deployment import Deployment, open_deployment
from wayfellow.mentorships.queries import list_drafts
from wayfellow.programmes.models import Programme
from wayfellow.programmes.rules import save_rules
from wayfellow.types import SYSTEM
from wayfellow.worker import make_worker
from wayfellow_web import create_app
from wayfellow_web.accounts.tickets import Purpose, issue_ticket
from wayfellow_web.demo import Demo, make_demo

BUDGET_MS = 50
#: The pages of a mentee who looks for a mentor.
DIRECTORY = {
    "directory": "/find/",
    "directory, searched": "/find/?q=12",
    "directory, narrowed": "/find/?room=yes&f_department=Finance&sort=active",
    "a mentee's home": "/home/",
}


def main() -> None:
    """Make a programme, match it, and ask for each page many times."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--times", type=int, default=30)
    options = parser.parse_args()
    heading(f"Pages: {options.people:,} people in the programme, milliseconds on the server")
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "people"
        make_people(data, options.people * 4 // 5, options.people // 5)
        deployment = open_deployment(default_config(Path(folder) / "var"))
        demo = make_demo(deployment, data, lambda line: None)
        client = sign_in(deployment, demo, "coordinator")
        rows = [ask(deployment, client, *page, options.times) for page in pages(deployment, demo).items()]
        mentee = open_directory(deployment, demo)
        rows += [ask(deployment, mentee, *page, options.times) for page in DIRECTORY.items()]
        deployment.engine.dispose()
    table(("page", "median", "p95", "of budget", "CPU median", "CPU p95", "statements", "KB"), rows)


def sign_in(deployment: Deployment, demo: Demo, who: str) -> FlaskClient:
    """Return a browser in which one of the demo's people is signed in."""
    app = create_app(deployment=deployment)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    with deployment.transaction(SYSTEM) as tx:
        token = issue_ticket(tx, demo.people[who], Purpose.SIGN_IN)
    client.post(f"/sign-in/{token}")
    return client


def open_directory(deployment: Deployment, demo: Demo) -> FlaskClient:
    """Let mentees look for mentors, work out who fits one of them, and return that mentee's browser."""
    with deployment.transaction(SYSTEM) as tx:
        save_rules(tx, tx.session.scalars(select(Programme.id)).one(), {"mentees_ask": True})
    client = sign_in(deployment, demo, "mentee")
    client.get("/find/")
    worker, start = make_worker(deployment), time.perf_counter()
    while worker.run_once():
        pass
    print(f"Who fits one mentee was worked out in {time.perf_counter() - start:.1f} s.")
    return client


def pages(deployment: Deployment, demo: Demo) -> dict[str, str]:
    """Return the addresses of the main pages by what they are."""
    with deployment.reading(SYSTEM) as tx:
        draft = list_drafts(tx, demo.run_id, size=1).items[0]
    run = f"/p/career-bridges/matching/{demo.run_id}"
    return {
        "overview": "/p/career-bridges/",
        "people": "/p/career-bridges/people/",
        "people, searched": "/p/career-bridges/people/?q=12",
        "one person": f"/p/career-bridges/people/{draft.mentee.id}",
        "runs": "/p/career-bridges/matching/",
        "review board": f"{run}/",
        "one pair": f"{run}/pairs/{draft.proposal_id}",
        "unmatched": f"{run}/unmatched/",
        "publish, preview": f"{run}/publish",
    }


def ask(deployment: Deployment, client: FlaskClient, what: str, path: str, times: int) -> tuple[str, ...]:
    """Ask for one page many times, after once to warm up."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    event.listen(deployment.engine, "before_cursor_execute", note)
    answer = client.get(path)
    event.remove(deployment.engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        return what, f"answered {answer.status_code}", *[""] * 6
    taken, used = [], []
    for _ in range(times):
        start, cpu = time.perf_counter(), time.process_time()
        client.get(path)
        taken.append(1000 * (time.perf_counter() - start))
        used.append(1000 * (time.process_time() - cpu))
    wall, p95 = statistics.median(taken), _p95(taken)
    figures = (wall, p95), (p95 / BUDGET_MS,), (statistics.median(used), _p95(used))
    said = [f"{number:.0f}" for number in figures[0]] + [f"{number:.2f}" for number in figures[1]]
    said += [f"{number:.0f}" for number in figures[2]]
    return what, *said, str(len(statements)), f"{len(answer.data) / 1000:.0f}"


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()
