"""A worker that is killed while it hands a mail over leaves no mail twice and none unaccounted for."""

import asyncio
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event

from aiosmtpd.smtp import SMTP, Envelope, Session
from faults.test_killed_workers import PATIENCE, running, start
from mail_sink import Post, Sink, listen, sending

from wayfellow.clock import utc_now
from wayfellow.deployment import Deployment
from wayfellow.notify.models import DeliveryState
from wayfellow.notify.service import NewNotice, tell_all
from wayfellow.people.service import create_person
from wayfellow.types import SYSTEM

MAILS = 60
#: Those mails that the server never answers for, and whether it has taken them by then.
SILENT = {"Mail 7": True, "Mail 23": False, "Mail 58": True}
PROGRAM = Path(__file__).with_name("mail_program.py")


@dataclass
class SilentSink(Sink):
    """Be a server that takes some mails and never says so, and tells the test when that happens."""

    silent: Event = field(default_factory=Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if SILENT.get(mail["Subject"], True):
            self.mails.append(mail)
        if mail["Subject"] in SILENT:
            self.silent.set()
            await asyncio.sleep(3600)
        return "250 2.0.0 OK"


def test_killed_senders_send_nothing_twice_and_say_what_they_do_not_know(deployment: Deployment, tmp_path) -> None:
    sink = SilentSink()
    server = listen(sink)
    try:
        post = sending(replace(deployment, clock=utc_now), server)
        send_all(post, sink, server.port)
    finally:
        server.stop()
    states = post.states()
    arrived = Counter(mail["Subject"] for mail in sink.mails)
    assert set(arrived.values()) == {1}
    assert {key for key, state in states.items() if state == DeliveryState.MAYBE_SENT} == set(SILENT)
    assert Counter(states.values()) == {"sent": MAILS - len(SILENT), "maybe_sent": len(SILENT)}
    assert set(arrived) == {key for key in states if SILENT.get(key, True)}


def send_all(post: Post, sink: SilentSink, port: int) -> None:
    with post.deployment.transaction(SYSTEM) as tx:
        ada = create_person(tx, None, name="Ada", email="ada@example.org").id
        subjects = [f"Mail {number}" for number in range(MAILS)]
        tell_all(tx, [NewNotice(ada, subject, subject, "") for subject in subjects])
    url = post.deployment.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, str(PROGRAM), url, str(post.deployment.config.data_dir), str(port)]
    until = time.monotonic() + PATIENCE
    with running() as processes:
        while {DeliveryState.WAITING, DeliveryState.SENDING} & set(post.states().values()):
            assert time.monotonic() < until, "the mails were not sent in time"
            if not processes:
                start(command, processes)
            if sink.silent.wait(0.1):
                sink.silent.clear()
                (process,) = processes.values()
                process.kill()
                process.wait()
                processes.clear()
