"""Look a deployment over: one line for each part, with the way out where something is wrong."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import click

from wayfellow.cli.shell import Shell, pass_shell
from wayfellow.errors import WayfellowError

if TYPE_CHECKING:
    from wayfellow.deployment import Deployment

#: Below so many bytes the data folder is called full: less than a backup of a small database and a few uploads need.
ROOM = 200_000_000
#: Work that is due for so long tells that nobody does it.
LATE = timedelta(minutes=10)

Check = Callable[[Shell], Iterator[str]]


@click.command()
@pass_shell
def doctor(shell: Shell) -> None:
    """Look the deployment over; exit with 1 when something is wrong."""
    checks: tuple[tuple[str, Check], ...] = (
        ("Configuration", check_configuration),
        ("Data folder", check_data_folder),
        ("Database", check_database),
        ("Tables", check_tables),
        ("Plugins", check_plugins),
        ("Work", check_work),
        ("Mail", check_mail),
    )
    if not all([_say(shell, title, check) for title, check in checks]):  # noqa: C419 - each of them has to be said
        raise SystemExit(1)


def _say(shell: Shell, title: str, check: Check) -> bool:
    try:
        for line in check(shell):
            click.echo(f"ok     {title}: {line}")
    except WayfellowError as error:
        click.echo(f"WRONG  {title}: {error}")
        return False
    return True


def check_configuration(shell: Shell) -> Iterator[str]:
    """Read the configuration."""
    config = shell.config
    yield f"read from {config.path}" if config.path else "no file, so everything is as by default"


def check_data_folder(shell: Shell) -> Iterator[str]:
    """Write into the data folder, and see whether there is room."""
    folder = shell.config.data_dir
    try:
        with tempfile.TemporaryFile(dir=folder):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        raise WayfellowError(
            f"{folder} can't be written to: {error.strerror}. Mend its permissions, or change data_dir."
        ) from error
    if free < ROOM:
        raise WayfellowError(f"{folder} has only {free // 1_000_000} MB left. Make room, or move data_dir elsewhere.")
    yield f"{folder} can be written to, {free / 1e9:.1f} GB are free"


def check_database(shell: Shell) -> Iterator[str]:
    """Reach the database."""
    from wayfellow.db import exists, reach

    engine = shell.deployment.engine
    if not exists(engine):
        raise WayfellowError(f"There is no file {engine.url.database} yet. Run: wayfellow upgrade")
    reach(engine)
    yield f"{engine.url.render_as_string()} answers"


def check_tables(shell: Shell) -> Iterator[str]:
    """See whether every owner's tables are at the newest revision."""
    from wayfellow.migrations.owners import find_owners
    from wayfellow.migrations.runner import look

    for standing in look(shell.deployment.engine, find_owners(shell.deployment.host.migrations)):
        if standing.error:
            raise WayfellowError(standing.error)
        if standing.is_due:
            raise WayfellowError(f"{standing} Run: wayfellow upgrade")
        yield str(standing)


def check_plugins(shell: Shell) -> Iterator[str]:
    """See whether each installed plugin is well."""
    for plugin in shell.deployment.host.plugins:
        if plugin.error and plugin.health != "disabled":
            raise WayfellowError(
                f"{plugin.name} {plugin.version} is {plugin.health}: {plugin.error}. "
                f"Ask its author, or switch it off: wayfellow plugin disable {plugin.name}"
            )
        yield f"{plugin.name} {plugin.version} is {plugin.health}"


def check_work(shell: Shell) -> Iterator[str]:
    """See whether somebody does the work that is due."""
    from wayfellow.migrations.runner import require_newest

    require_newest(shell.deployment)
    if waiting := _count_late(shell.deployment):
        raise WayfellowError(
            f"work has been waiting for more than {LATE.seconds // 60} minutes (jobs: {waiting}). "
            "Start the web server, or a worker: wayfellow worker"
        )
    yield "nothing waits for a worker"


def check_mail(shell: Shell) -> Iterator[str]:
    """Reach the mail server and sign in, and see whether messages arrive."""
    settings = shell.config.mail
    if settings is None:
        yield "not configured, so messages are read in the browser alone"
        return
    from wayfellow.notify.smtp import Mailer, ServerDown

    try:
        with Mailer(settings) as mailer:
            mailer.check()
    except ServerDown as error:
        raise WayfellowError(f"{error} Then try: wayfellow test-mail ADDRESS") from error
    yield f"{settings.host}, port {settings.port}, takes mail from us"


def _count_late(deployment: Deployment) -> int:
    from sqlalchemy import func, select

    from wayfellow.jobs.models import JobRow, JobState
    from wayfellow.types import SYSTEM

    with deployment.reading(SYSTEM) as tx:
        late = select(func.count()).select_from(JobRow).where(JobRow.state == JobState.WAITING)
        return tx.session.scalar(late.where(JobRow.run_after < tx.now() - LATE)) or 0
