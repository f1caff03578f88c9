"""Write a revision by comparing an owner's models with its revisions so far: ``python -m wayfellow.migrations.make``.

``make core "add a field"`` writes the next revision. ``make core --again`` writes the first one anew, which is right
only as long as no released version has it. Read what comes out: Alembic takes a renaming for a loss and a gain.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from alembic import command
from alembic.operations.ops import DropTableOp

from wayfellow.config import default_config
from wayfellow.db import open_engine
from wayfellow.errors import WayfellowError
from wayfellow.host import PluginHost
from wayfellow.migrations import revisions
from wayfellow.migrations.owners import CORE, Owner, Owners, find_owners

FIRST = "0001"

#: Alembic's remarks, its defaults, and its mark on names to which our naming convention would add nothing anyway.
NOISE = re.compile(
    r" *# ###.*\n|, nullable=True|, unique=False|, schema=None|(?:batch_)?op\.f\((['\"](?:fk|ix|pk|uq)_\w+['\"])\)"
)


def make(owners: Owners, name: str, message: str, *, again: bool = False) -> Path:
    """Write the next revision of an owner, or with ``again`` the first one anew, and return its file.

    Raises WayfellowError when there is no such owner.
    """
    owner = _find(owners, name)
    owner.directory.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        base = Owner(name, Path(folder)) if again else owner
        number = FIRST if again else f"{len(list(owner.directory.glob('[0-9]*.py'))) + 1:04}"
        written = _compare(Path(folder), base, owners, number, message)
        text = NOISE.sub(r"\1", written.read_text(encoding="utf-8"))
        file = owner.directory / written.name
    if again:
        for old in owner.directory.glob(f"{FIRST}_*.py"):
            old.unlink()
    file.write_text(text, encoding="utf-8")
    _format(file)
    return file


def _find(owners: Owners, name: str) -> Owner:
    names = [owner.name for owner in owners]
    if name not in names:
        raise WayfellowError(f"Nobody named {name!r} has revisions. There are: {', '.join(names)}.")
    return owners[name]


def _compare(folder: Path, owner: Owner, owners: Owners, number: str, message: str) -> Path:
    """Bring an empty database to where the revisions are so far, and write down what the models have beyond that."""
    engine = open_engine(f"sqlite:///{folder / 'empty.sqlite'}")
    try:
        for earlier in {owners[CORE].name: owners[CORE], owner.name: owner}.values():
            if revisions.newest(earlier):
                revisions.migrate(engine, earlier, owners)
        with engine.connect() as connection:
            config = revisions.alembic_config(connection, owner, owners)
            config.attributes["as_batch"] = number != FIRST
            path = str(owner.directory)
            script = command.revision(config, message, True, False, "head", False, None, path, number, None, _shorten)
    finally:
        engine.dispose()
    if script is None or isinstance(script, list):
        raise WayfellowError("Alembic wrote no revision, or several.")
    return Path(script.path)


def _shorten(context: Any, revision: Any, directives: list[Any]) -> None:
    """Leave out that indexes are dropped where their tables are."""
    down = directives[0].downgrade_ops
    dropped = {step.table_name for step in down.ops if isinstance(step, DropTableOp)}
    down.ops = [step for step in down.ops if isinstance(step, DropTableOp) or step.table_name not in dropped]


def _format(file: Path) -> None:
    if find_spec("ruff"):
        options = ["--isolated", "--quiet", "--line-length=160"]
        subprocess.run([sys.executable, "-m", "ruff", "format", *options, str(file)], check=True)  # noqa: S603


@click.command()
@click.argument("owner")
@click.argument("message", default="first tables")
@click.option("--again", is_flag=True, help="Write the first revision anew.")
def main(owner: str, message: str, again: bool) -> None:
    """Write the revision that brings the tables of OWNER (core, web or a plugin) to its models."""
    with tempfile.TemporaryDirectory() as folder:
        host = PluginHost.load(default_config(Path(folder)))
    try:
        click.echo(
            f"Wrote {make(find_owners(host.migrations), owner, message, again=again)}. Read it before you use it."
        )
    except WayfellowError as error:
        raise click.UsageError(str(error)) from error


if __name__ == "__main__":
    main()
