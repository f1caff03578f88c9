"""Be a real mail server on this machine that keeps what it gets, and a deployment that sends to it."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select

from wayfellow.config_mail import MailSettings
from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow.notify.models import Delivery, Notice
from wayfellow.types import SYSTEM
from wayfellow.worker import make_worker


@dataclass
class Sink:
    """Be the mail server's mind: what came, and what to answer to addresses and to contents."""

    mails: list[EmailMessage] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)
    content: Callable[[SMTP], str] | None = None

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.content is not None:
            return self.content(server)
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.to += envelope.rcpt_tos
        return "250 2.0.0 OK"


@dataclass
class Post:
    """Be a deployment that sends mail, with the people Ada and Bo."""

    deployment: Deployment
    people: dict[str, int] = field(default_factory=dict)

    def work(self) -> None:
        work_off(self.deployment)

    def deliveries(self) -> list[Delivery]:
        with self.deployment.reading(SYSTEM) as tx:
            return list(tx.session.scalars(select(Delivery).order_by(Delivery.id)))

    def states(self) -> dict[str, str]:
        with self.deployment.reading(SYSTEM) as tx:
            query = select(Notice.key, Delivery.state).join(Delivery, Delivery.notice_id == Notice.id)
            return dict(tx.session.execute(query).all())


def work_off(deployment: Deployment) -> None:
    """Do all work that is due, as a worker would."""
    worker = make_worker(deployment)
    while worker.run_once():
        pass


def listen(sink: Sink, port: int | None = None) -> Controller:
    """Start a server on a port of this machine, a free one unless told; the caller stops it."""
    if port is None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    return controller


def mail_config(server: Controller) -> MailSettings:
    return MailSettings("127.0.0.1", "Mentoring <mentoring@example.org>", server.port, "none")


def sending(deployment: Deployment, server: Controller) -> Post:
    """Let a deployment send to a server."""
    config = replace(
        deployment.config, mail=mail_config(server), base_url="https://mentors.example.org", organisation="Open Bridges"
    )
    return Post(replace(deployment, config=config, host=PluginHost.load(config, plugins=())))
