"""Let a deployment send mail to a real server, and give it two people: Ada with an address, Bo without."""

import pytest
from aiosmtpd.controller import Controller
from mail_sink import Post, sending

from wayfellow.deployment import Deployment
from wayfellow.people.service import create_person
from wayfellow.types import SYSTEM


@pytest.fixture
def post(deployment: Deployment, server: Controller) -> Post:
    made = sending(deployment, server)
    with made.deployment.transaction(SYSTEM) as tx:
        for name, email in (("Ada", "ada@example.org"), ("Bo", None)):
            made.people[name] = create_person(tx, None, name=name, email=email, reference=name).id
    return made
