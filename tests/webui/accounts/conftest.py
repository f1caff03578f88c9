"""Let the web's tests of accounts send mail to a real server, with the web's own kinds of messages."""

from dataclasses import replace

import pytest
from aiosmtpd.controller import Controller
from mail_sink import sending
from web_world import World

from wayfellow.deployment import Deployment
from wayfellow.host import PluginHost
from wayfellow_web import plugin


@pytest.fixture
def house(deployment: Deployment, world: World, server: Controller) -> Deployment:
    made = sending(deployment, server).deployment
    return replace(made, host=PluginHost.load(made.config, plugins=(("accounts", plugin),)))
