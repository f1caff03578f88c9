import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from wayfellow.config import Config
from wayfellow.errors import WayfellowError
from wayfellow.migrations import revisions
from wayfellow.migrations.owners import CORE, find_owners
from wayfellow.migrations.runner import upgrade
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'test.sqlite'}"


@pytest.fixture
def old(site, add_ada):
    """Give a deployment that is one revision behind and knows Ada."""
    deployment = site()
    upgrade(deployment, say=str)
    owners = find_owners({})
    revisions.migrate(deployment.engine, owners[CORE], owners, "0001")
    with deployment.transaction(SYSTEM) as tx:
        add_ada(tx)
    return deployment


def test_an_upgrade_starts_with_a_backup_that_can_be_restored(old, config: Config, tmp_path: Path) -> None:
    lines: list[str] = []
    upgrade(old, say=lines.append)
    (copy,) = (config.data_dir / "backups").iterdir()
    assert lines[0] == f"Backup: {copy}"
    with old.transaction(SYSTEM) as tx:
        tx.session.delete(tx.session.get_one(Person, 1))
    old.engine.dispose()
    for leftover in tmp_path.glob("test.sqlite*"):
        leftover.unlink()
    shutil.copyfile(copy, tmp_path / "test.sqlite")
    lines.clear()
    upgrade(old, say=lines.append)
    assert [line for line in lines if line.startswith("Core: upgraded from 0001")]
    with old.reading(SYSTEM) as tx:
        assert tx.session.get_one(Person, 1).name == "Ada"


def test_backups_do_not_replace_each_other(old, config: Config, clock) -> None:
    for _ in range(2):
        upgrade(old, say=str)
        owners = find_owners({})
        revisions.migrate(old.engine, owners[CORE], owners, "0001")
        clock.move(milliseconds=1)
    assert len(list((config.data_dir / "backups").iterdir())) == 2


def test_without_a_backup_nothing_is_changed(old, config: Config) -> None:
    (config.data_dir / "backups").write_text("in the way")
    with pytest.raises(WayfellowError, match=r"backup .* could not be written.* Nothing was changed"):
        upgrade(old, say=str)
    with closing(sqlite3.connect(str(old.engine.url.database))) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("0001",)


def test_an_operator_may_do_without(old, config: Config) -> None:
    lines: list[str] = []
    assert upgrade(old, say=lines.append, backup=False)
    assert lines[0] == "No backup was made, as asked."
    assert not (config.data_dir / "backups").exists()


def test_nothing_is_copied_for_an_empty_database(site, config: Config) -> None:
    lines: list[str] = []
    upgrade(site(), say=lines.append)
    assert not [line for line in lines if "ackup" in line]
    assert not (config.data_dir / "backups").exists()
