"""Send one mail right away, to see whether the mail server takes it."""

from __future__ import annotations

from datetime import datetime

from wayfellow.config import Config
from wayfellow.errors import WayfellowError
from wayfellow.notify.mails import Mail, Part, build
from wayfellow.notify.outbox import message_id
from wayfellow.notify.smtp import Bounced, Mailer, MaybeSent, NotSent
from wayfellow.words import gettext


def send_test(config: Config, address: str, now: datetime) -> None:
    """Send a test mail to an address. Raises WayfellowError with what the mail server said."""
    if config.mail is None:
        raise WayfellowError(
            gettext("Mail is not configured. Write a table [mail] with host and sender into wayfellow.toml.")
        )
    text = gettext("This is a test from %(organisation)s. Nothing is left to do.", organisation=config.organisation)
    part = Part(gettext("Mail from Wayfellow works"), text)
    name = message_id(config, f"test:{now.isoformat()}")
    footer = gettext("You get this because somebody tried the mail set-up.")
    try:
        with Mailer(config.mail) as mailer:
            mailer.send(build(config, Mail(name, "", address, part.subject, [part], footer), now), address)
    except (Bounced, MaybeSent, NotSent) as error:
        raise WayfellowError(gettext("The test mail was not sent. %(reason)s", reason=error)) from error
