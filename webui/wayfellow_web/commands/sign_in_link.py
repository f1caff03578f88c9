"""Offer ``wayfellow sign-in-link``."""

from __future__ import annotations

from datetime import timedelta

import click

from wayfellow.cli.shell import Shell, pass_shell


@click.command("sign-in-link")
@click.argument("email")
@click.option("--minutes", default=10, show_default=True, type=click.IntRange(1, 10080), help="How long it works.")
@click.option("--url", help="The address of the pages. [default: base_url, else http://127.0.0.1:8080]")
@pass_shell
def sign_in_link(shell: Shell, email: str, minutes: int, url: str | None) -> None:
    """Print a link that signs the person with this EMAIL in once."""
    from wayfellow.privacy.audit import record
    from wayfellow.types import SYSTEM
    from wayfellow_web.accounts.service import find_by_email
    from wayfellow_web.accounts.tickets import Purpose, issue_ticket
    from wayfellow_web.serving import require_current_schema

    deployment = shell.deployment
    require_current_schema(deployment)
    with deployment.transaction(SYSTEM) as tx:
        person = find_by_email(tx, email)
        token = issue_ticket(tx, person.id, Purpose.SIGN_IN, timedelta(minutes=minutes))
        record(tx, "account.link_made", "person", person.id)
        name = person.name
    base = (url or deployment.config.base_url or "http://127.0.0.1:8080").rstrip("/")
    click.echo(f"{base}/sign-in/{token}")
    click.echo(f"It signs {name} in once, within {minutes} minutes.", err=True)
