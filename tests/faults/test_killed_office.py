"""Web and workers are killed again and again while people answer, time runs out and mail goes: each effect once."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path

from faults.test_killed_workers import PATIENCE, running, start
from mail_sink import Sink, listen
from sqlalchemy import func, select

from wayfellow.clock import utc_now
from wayfellow.deployment import Deployment
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import ask
from wayfellow.mentorships.models import Consent, Mentorship, Proposal
from wayfellow.notify.models import Delivery, DeliveryState, Notice
from wayfellow.notify.outbox import wake
from wayfellow.people.fields import sync_fields
from wayfellow.people.service import create_person
from wayfellow.privacy.models import AuditEntry
from wayfellow.programmes.members import add_member
from wayfellow.programmes.service import create_cycle, create_programme
from wayfellow.types import SYSTEM, MatchState, Role
from wayfellow_web.accounts.tickets import Purpose, issue_ticket

#: How many jobs there are; ``WAYFELLOW_FAULT_JOBS=1500`` is the long form.
JOBS = int(os.environ.get("WAYFELLOW_FAULT_JOBS", "120"))
#: How many proposals are answered in the browser meanwhile, and as many run out.
PAIRS = max(4, JOBS // 50)
KILLS = 3 if JOBS < 1000 else 10
PROGRAM = Path(__file__).with_name("office_program.py")


class Office:
    """Be a programme in which Ada answers proposals in a browser whose server dies now and then."""

    def __init__(self, deployment: Deployment, mail_port: int, data_dir: Path) -> None:
        config = replace(deployment.config, secret_key="test", base_url="http://127.0.0.1")
        self.deployment = replace(deployment, config=config, clock=utc_now)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        url = deployment.engine.url.render_as_string(hide_password=False)
        self.command = [sys.executable, str(PROGRAM), url, str(data_dir), str(mail_port)]
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        self.to_answer, self.to_run_out, self.link = self._fill()

    def _fill(self) -> tuple[list[int], list[int], str]:
        with self.deployment.transaction(SYSTEM) as tx:
            sync_fields(tx)
            cycle = create_cycle(tx, create_programme(tx, "Bridges").id, "Winter")
            ada = create_person(tx, None, name="Ada", email="ada@example.org").id
            add_member(tx, cycle.id, ada, Role.MENTOR, capacity=1000)
            now, made = tx.now(), []
            for number in range(2 * PAIRS):
                mentee = create_person(tx, None, name=f"Cy {number}", email=f"cy{number}@example.org").id
                add_member(tx, cycle.id, mentee, Role.MENTEE)
                runs_out = now - timedelta(minutes=1) if number % 2 else now + timedelta(days=9)
                pair = {"cycle_id": cycle.id, "mentee_id": mentee, "mentor_id": ada, "expires_at": runs_out}
                proposal = Proposal(**pair, state=MatchState.PROPOSED, created_at=now, changed_at=now)
                tx.session.add(proposal)
                tx.session.flush()
                tx.session.add(Consent(proposal_id=proposal.id, person_id=mentee, agrees=True, given_at=now))
                made.append(proposal.id)
            return made[::2], made[1::2], issue_ticket(tx, ada, Purpose.SIGN_IN)

    def ask_for(self, numbers: range) -> None:
        with self.deployment.transaction(SYSTEM) as tx:
            for number in numbers:
                ask(tx, "fault.effect", {"key": f"job-{number}"}, key=f"job-{number}")

    def look_for_mails(self) -> None:
        """Do now what happens every five minutes: look for mails that a killed worker left half-way."""
        with self.deployment.transaction(SYSTEM) as tx:
            wake(tx, tx.now())

    def is_there(self) -> bool:
        """Tell whether the server answers; the first time, Ada signs in, and her browser stays signed in."""
        if self.link:
            self.link = "" if self.post(f"/sign-in/{self.link}") else self.link
            return not self.link
        return self.post("/notices/read")

    def post(self, path: str) -> bool:
        """Send a form, and tell whether the server lived to answer it."""
        try:
            with self.open(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method="POST"), timeout=20):
                return True
        except urllib.error.HTTPError:
            raise
        except (OSError, HTTPException):
            return False

    def count(self, query: object) -> int:
        with self.deployment.reading(SYSTEM) as tx:
            return tx.session.scalar(query) or 0

    def unfinished(self) -> int:
        """Count what is left: jobs that are due, and mails that are on their way."""
        open_states = (JobState.WAITING, JobState.RUNNING)
        due = JobRow.state.in_(open_states) & (JobRow.run_after <= utc_now())
        mails = Delivery.state.in_((DeliveryState.WAITING, DeliveryState.SENDING))
        left = (select(func.count()).select_from(one).where(which) for one, which in ((JobRow, due), (Delivery, mails)))
        return sum(map(self.count, left))

    def done(self) -> int:
        return self.count(select(func.count()).select_from(JobRow).where(JobRow.state == JobState.DONE))


def test_killed_web_and_workers_do_everything_once(deployment: Deployment, tmp_path: Path) -> None:
    sink = Sink()
    server = listen(sink)
    try:
        office = Office(deployment, server.port, tmp_path / "data")
        work_and_kill(office)
    finally:
        server.stop()
    check(office, sink)


def work_and_kill(office: Office) -> None:
    """Let jobs come in rounds, answer in the browser meanwhile, and kill both processes in the midst of each round."""
    wanted, until = [*office.to_answer], time.monotonic() + 3 * PATIENCE * max(1, JOBS / 500)
    with running() as processes, ThreadPoolExecutor(1) as browser:
        for number in range(KILLS):
            begin(office, processes)
            answering = browser.submit(answer, office, wanted)
            before = office.done()
            office.ask_for(range(number * JOBS // KILLS, (number + 1) * JOBS // KILLS))
            while office.done() < before + JOBS // KILLS // 2:
                assert time.monotonic() < until, f"{office.unfinished()} jobs are left"
                time.sleep(0.01)
            for pid in [*processes]:
                processes[pid].kill()
                processes.pop(pid).wait()
            answering.result()
        begin(office, processes)
        while wanted or office.unfinished():
            assert time.monotonic() < until, f"{len(wanted)} answers and {office.unfinished()} jobs are left"
            answer(office, wanted)
            office.look_for_mails()
            time.sleep(0.5)


def begin(office: Office, processes: dict[int, subprocess.Popen[bytes]]) -> None:
    """Start the web server and a worker beside it, and wait until Ada is signed in."""
    for port in (office.port, 0):
        start([*office.command, str(port)], processes)
    while not office.is_there():
        time.sleep(0.05)


def answer(office: Office, wanted: list[int]) -> None:
    """Say yes to what is left, one after the other, until the server dies."""
    while wanted and office.post(f"/home/proposals/{wanted[0]}/accept"):
        wanted.pop(0)


def check(office: Office, sink: Sink) -> None:
    with office.deployment.reading(SYSTEM) as tx:
        effects = Counter(tx.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("job-%"))))
        moves = Counter(
            tx.session.execute(
                select(AuditEntry.action, AuditEntry.subject_id).where(
                    AuditEntry.action.in_(("proposal.accepted", "proposal.expired"))
                )
            ).all()
        )
        pairs = Counter(tx.session.scalars(select(Mentorship.proposal_id)))
        notices = Counter(tx.session.scalars(select(Notice.kind)))
        deliveries = Counter(tx.session.scalars(select(Delivery.state)))
        failed = tx.session.scalars(select(JobRow.kind).where(JobRow.state == JobState.FAILED)).all()
    assert failed == []
    assert effects == {f"job-{number}": 1 for number in range(JOBS)}
    accepted = {("proposal.accepted", number): 1 for number in office.to_answer}
    assert moves == accepted | {("proposal.expired", number): 1 for number in office.to_run_out}
    assert pairs == dict.fromkeys(office.to_answer, 1)
    assert notices == {"proposal.accepted": 2 * PAIRS, "proposal.expired": 2 * PAIRS}
    assert set(deliveries) <= {DeliveryState.SENT, DeliveryState.MAYBE_SENT}
    assert deliveries.total() == 4 * PAIRS
    arrived = Counter(mail["Message-ID"] for mail in sink.mails)
    assert set(arrived.values()) == {1}
    assert deliveries[DeliveryState.SENT] <= len(arrived) <= 4 * PAIRS
