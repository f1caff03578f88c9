from pathlib import Path

import pytest
from click.testing import CliRunner

from wayfellow.db import open_engine
from wayfellow.errors import WayfellowError
from wayfellow.migrations import make as module
from wayfellow.migrations import revisions
from wayfellow.migrations.make import make
from wayfellow.migrations.owners import CORE, Owner, Owners


def test_the_first_revision_holds_all_tables_and_the_next_what_is_missing(tmp_path: Path) -> None:
    owner = Owner(CORE, tmp_path / "versions")
    owners = Owners((owner,))
    first = make(owners, CORE, "first tables")
    assert first.name == "0001_first_tables.py"
    assert "sa.DateTime(timezone=True)" in first.read_text()
    first.write_text(first.read_text().replace('sa.Column("email"', 'sa.Column("post"').replace('"email"', '"post"'))
    second = make(owners, CORE, "call it e-mail").read_text()
    assert 'down_revision: str | None = "0001"' in second
    assert 'sa.Column("email", sa.String(length=320))' in second
    engine = open_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    revisions.migrate(engine, owner, owners)
    engine.dispose()


def test_the_first_revision_can_be_written_anew(tmp_path: Path) -> None:
    owners = Owners((Owner(CORE, tmp_path),))
    old = make(owners, CORE, "old name")
    text = old.read_text()
    old.write_text("nothing of use")
    (tmp_path / "0002_by_hand.py").write_text("revision = '0002'\ndown_revision = '0001'\n")
    new = make(owners, CORE, "new name", again=True)
    assert sorted(path.name for path in tmp_path.glob("*.py")) == ["0001_new_name.py", "0002_by_hand.py"]
    assert new.read_text() == text.replace("Old name", "New name")


def test_unknown_owners_are_named(tmp_path: Path) -> None:
    with pytest.raises(WayfellowError, match=r"Nobody named 'shelf' has revisions. There are: core"):
        make(Owners((Owner(CORE, tmp_path),)), "shelf", "more")
    answer = CliRunner().invoke(module.main, ["no-such-owner"])
    assert answer.exit_code == 2
    assert "Nobody named 'no-such-owner'" in answer.output
