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
    from wayfellow.notify.trying import send_test

    config = shell.config
    send_test(config, address, utc_now())
    host = config.mail.host if config.mail else ""
    click.echo(f"{host} took the mail for {address}. Look whether it arrives, also among the spam.")
