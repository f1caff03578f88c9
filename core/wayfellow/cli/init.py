"""Make the configuration and the data folder of a new deployment."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import click

from wayfellow.config import FILE_NAME
from wayfellow.errors import Conflict, WayfellowError

TEMPLATE = """\
# What this deployment of Wayfellow is. Every line can be overridden by an environment variable, such as
# WAYFELLOW_DATABASE_URL. This file holds a secret: keep it readable to nobody but the user that runs Wayfellow.

[wayfellow]
{organisation}

# Uploads, backups and the embedded database; relative to this file.
data_dir = "var"

# Without this line the data is kept in a SQLite file in data_dir.
{database}

# Signs cookies and links. Whoever knows it can sign in as anyone; changing it signs everyone out.
secret_key = "{secret}"

# The address that people type, for links in messages.
# base_url = "https://mentoring.example.org"

# How mail is sent; without a host, messages are read in the browser alone. The password may also come from
# password_file or from the variable WAYFELLOW_MAIL_PASSWORD. Try it: wayfellow test-mail ADDRESS
# [mail]
# host = "smtp.example.org"
# user = "mentoring@example.org"
# password_file = "mail.password"
# sender = "Mentoring <mentoring@example.org>"

[plugins]
# Installed plugins that shall not be loaded: see `wayfellow plugin list`.
disabled = []
"""


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path), default=Path())
@click.option("--organisation", metavar="NAME", help="What the pages call you.")
@click.option("--database-url", metavar="URL", help="A PostgreSQL database instead of an embedded SQLite file.")
def init(directory: Path, organisation: str | None, database_url: str | None) -> None:
    """Make the configuration and the data folder of a new deployment in DIRECTORY (this one when left out)."""
    file = directory / FILE_NAME
    if file.exists():
        raise Conflict(f"{file} is there already and was left as it is. Name another folder, or move the file away.")
    try:
        (directory / "var").mkdir(parents=True, exist_ok=True)
        _write(file, render(organisation, database_url))
    except OSError as error:
        raise WayfellowError(f"{error.filename}: {error.strerror}. Choose a folder that you may write to.") from error
    where = "" if directory.resolve() == Path().resolve() else f" --config {file}"
    click.echo(f"Wrote {file} and made {directory / 'var'}.")
    click.echo(f"Next: wayfellow upgrade{where}")


def render(organisation: str | None, database_url: str | None) -> str:
    """Return the text of a new configuration file, with a secret of its own."""
    database = (
        f"database_url = {_quoted(database_url)}" if database_url else '# database_url = "postgresql://user@host/name"'
    )
    named = f"organisation = {_quoted(organisation)}" if organisation else '# organisation = "Our organisation"'
    return TEMPLATE.format(organisation=named, database=database, secret=secrets.token_urlsafe(48))


def _quoted(text: str) -> str:
    # Strings of JSON are strings of TOML, but for one character.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(file: Path, text: str) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="utf-8") as stream:  # noqa: PTH123 - nobody else may read it, from the start
        stream.write(text)
