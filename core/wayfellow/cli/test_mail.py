"""Send a test mail."""

from __future__ import annotations

import click

from wayfellow.cli.shell import Shell, pass_shell


@click.command("test-mail")
@click.argument("address")
@pass_shell
def test_mail(shell: Shell, address: str) -> None:
    """Send a test mail to ADDRESS, to see whether mail is set up well."""
    from wayfellow.clock import utc_now
    from wayfellow.errors import WayfellowError
    from wayfellow.notify.mails import Mail, Part, build
    from wayfellow.notify.outbox import message_id
    from wayfellow.notify.smtp import Bounced, Mailer, MaybeSent, NotSent

    config, now = shell.config, utc_now()
    if config.mail is None:
        raise WayfellowError("Mail is not configured. Write a table [mail] with host and sender into wayfellow.toml.")
    said = Part("Mail from Wayfellow works", f"This is a test from {config.organisation}. Nothing is left to do.")
    name = message_id(config, f"test:{now.isoformat()}")
    mail = Mail(name, "", address, said.subject, [said], "You get this because somebody tried the mail set-up.")
    try:
        with Mailer(config.mail) as mailer:
            mailer.send(build(config, mail, now), address)
    except (Bounced, MaybeSent, NotSent) as error:
        raise WayfellowError(f"The test mail was not sent. {error}") from error
    click.echo(f"{config.mail.host} took the mail for {address}. Look whether it arrives, also among the spam.")
