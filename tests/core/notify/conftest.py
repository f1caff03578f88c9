"""Give tests a real mail server, and two people: Ada with an address, Bo without."""

from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from mail_sink import Post, Sink, listen, sending

from wayfellow.deployment import Deployment
from wayfellow.people.service import create_person
from wayfellow.types import SYSTEM


@pytest.fixture
def sink() -> Sink:
    return Sink()


@pytest.fixture
def server(sink: Sink) -> Iterator[Controller]:
    controller = listen(sink)
    yield controller
    if controller.server is not None:
        controller.stop()


@pytest.fixture
def post(deployment: Deployment, server: Controller) -> Post:
    made = sending(deployment, server)
    with made.deployment.transaction(SYSTEM) as tx:
        for name, email in (("Ada", "ada@example.org"), ("Bo", None)):
            made.people[name] = create_person(tx, None, name=name, email=email, reference=name).id
    return made
