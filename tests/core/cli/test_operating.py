"""Test what operators run: upgrade, doctor and worker, with a plugin that can be made to fail."""

import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wayfellow.cli import main
from wayfellow.config import load_config
from wayfellow.deployment import Deployment, open_deployment
from wayfellow.jobs.models import JobState
from wayfellow.jobs.service import ask, get_job
from wayfellow.types import SYSTEM

PLUGIN = """
from pathlib import Path
from wayfellow import hookimpl
from wayfellow.types import Job, Migrations

@hookimpl
def register_migrations():
    return Migrations(Path(__file__).parent / "cellar_versions")

@hookimpl
def register_jobs():
    return [Job("cellar.count", lambda context, payload: {"bottles": 7})]
"""
REVISION = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "0001", None

def upgrade():
    op.create_table("cellar_bottle", sa.Column("id", sa.Integer))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of a new deployment in which a plugin ``cellar`` is installed."""
    info = tmp_path / "packages" / "cellar-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cellar\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[wayfellow.plugins]\ncellar = cellar_plugin\n")
    (info.parent / "cellar_plugin.py").write_text(PLUGIN)
    (info.parent / "cellar_versions").mkdir()
    (info.parent / "cellar_versions" / "0001_bottles.py").write_text(REVISION)
    monkeypatch.syspath_prepend(info.parent)
    monkeypatch.delitem(sys.modules, "cellar_plugin", raising=False)
    monkeypatch.chdir(tmp_path)
    assert wayfellow("init").exit_code == 0
    return tmp_path


def wayfellow(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def break_revision(folder: Path) -> None:
    (folder / "packages" / "cellar_versions" / "0001_bottles.py").write_text(f"{REVISION}\n    1 / 0\n")


def opened(folder: Path) -> Deployment:
    return open_deployment(load_config(folder / "wayfellow.toml", {}))


def test_check_tells_whether_there_is_something_to_upgrade(folder: Path) -> None:
    answer = wayfellow("upgrade", "--check")
    assert answer.exit_code == 3
    assert "Plugin cellar: to be upgraded from nothing to 0001." in answer.output
    assert list((folder / "var").iterdir()) == []
    answer = wayfellow("upgrade")
    assert answer.exit_code == 0
    assert "Plugin cellar: upgraded from nothing to 0001." in answer.output
    answer = wayfellow("upgrade", "--check")
    assert answer.exit_code == 0
    assert "Plugin cellar: nothing to do, at revision 0001." in answer.output


def test_a_failing_plugin_is_named_and_the_rest_is_there(folder: Path) -> None:
    break_revision(folder)
    answer = wayfellow("upgrade")
    assert answer.exit_code == 1
    assert "Plugin cellar: the upgrade from nothing to 0001 failed" in answer.output
    assert "ZeroDivisionError" in answer.output
    assert "Traceback" not in answer.output
    assert "WRONG  Tables: Plugin cellar: to be upgraded" in wayfellow("doctor").output
    assert wayfellow("worker", "--drain").exit_code == 0


def test_a_plugin_that_is_not_loaded_is_named(folder: Path) -> None:
    wayfellow("upgrade")
    (folder / "packages" / "cellar_plugin.py").write_text("1 / 0")
    sys.modules.pop("cellar_plugin", None)
    answer = wayfellow("upgrade")
    assert answer.exit_code == 0
    assert "Plugin cellar: not loaded, its tables are left alone." in answer.output
    answer = wayfellow("doctor")
    assert answer.exit_code == 1
    assert "WRONG  Plugins: cellar" in answer.output


def test_the_doctor_finds_a_healthy_deployment_healthy(folder: Path) -> None:
    wayfellow("upgrade")
    answer = wayfellow("doctor")
    assert answer.exit_code == 0, answer.output
    assert all(line.startswith("ok ") for line in answer.output.splitlines())
    assert {"Configuration", "Data", "Database", "Tables", "Plugins", "Work"} <= set(
        answer.output.replace(":", "").split()
    )


def test_the_doctor_names_what_is_missing_and_the_way_out(folder: Path) -> None:
    answer = wayfellow("doctor")
    assert answer.exit_code == 1
    assert "WRONG  Database: There is no file" in answer.output
    assert "Run: wayfellow upgrade" in answer.output
    assert list((folder / "var").iterdir()) == []
    (folder / "wayfellow.toml").write_text("[wayfellow]\ndatabase_url = 'postgresql://nobody:pw@127.0.0.1:1/x'\n")
    answer = wayfellow("doctor")
    assert (
        "WRONG  Database: The database postgresql+psycopg://nobody:***@127.0.0.1:1/x can't be reached" in answer.output
    )
    (folder / "wayfellow.toml").write_text("[wayfellow]\ndata_dir = 'elsewhere'\n")
    assert "elsewhere can't be written to" in wayfellow("doctor").output
    (folder / "wayfellow.toml").write_text("not toml")
    assert "WRONG  Configuration: " in wayfellow("doctor").output


def test_an_unreachable_database_is_refused_with_a_sentence(folder: Path) -> None:
    (folder / "wayfellow.toml").write_text("[wayfellow]\ndatabase_url = 'postgresql://nobody:pw@127.0.0.1:1/x'\n")
    for command in (["upgrade"], ["upgrade", "--check"], ["worker", "--drain"]):
        answer = wayfellow(*command)
        assert answer.exit_code == 2
        assert "can't be reached" in answer.output
        assert ":pw@" not in answer.output


def test_a_worker_does_what_is_due(folder: Path) -> None:
    answer = wayfellow("worker", "--drain")
    assert answer.exit_code == 2
    assert "not up to date with this program. Run: wayfellow upgrade" in answer.output
    wayfellow("upgrade")
    deployment = opened(folder)
    with deployment.transaction(SYSTEM) as tx:
        job_id = ask(tx, "cellar.count", {}, key="count").id
    assert wayfellow("worker", "--drain").output.startswith("Jobs run: ")
    with deployment.reading(SYSTEM) as tx:
        job = get_job(tx, job_id)
    assert (job.state, job.result) == (JobState.DONE, {"bottles": 7})
    deployment.engine.dispose()


def test_the_doctor_notices_that_nobody_works(folder: Path) -> None:
    wayfellow("upgrade")
    deployment = opened(folder)
    earlier = replace(deployment, clock=lambda: deployment.clock() - timedelta(minutes=11))
    with earlier.transaction(SYSTEM) as tx:
        ask(tx, "cellar.count", {}, key="count")
    deployment.engine.dispose()
    answer = wayfellow("doctor")
    assert answer.exit_code == 1
    assert "WRONG  Work: work has been waiting for more than 10 minutes (jobs: 1)" in answer.output


@pytest.mark.parametrize("options", [[], ["--processes", "2"]])
def test_a_worker_ends_well_when_it_is_told_to(folder: Path, options: list[str]) -> None:
    wayfellow("upgrade")
    command = [sys.executable, "-m", "wayfellow", "worker", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Working: ")
        process.send_signal(signal.SIGTERM)
        assert "Stopped." in process.stdout.read()
    assert process.returncode == 0
