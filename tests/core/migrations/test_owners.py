from pathlib import Path

import pytest

from wayfellow.errors import WayfellowError
from wayfellow.migrations.owners import find_owners
from wayfellow.types import Migrations

HERE = Migrations(Path("versions"))


def test_tables_belong_to_the_longest_prefix() -> None:
    owners = find_owners({"shelf": HERE, "shelf_more": HERE})
    assert [owner.name for owner in owners][-2:] == ["shelf", "shelf_more"]
    for table, owner in (
        ("person", "core"),
        ("shelf_book", "shelf"),
        ("shelf_more_book", "shelf_more"),
        ("shelf", "core"),
        ("alembic_version_shelf", None),
    ):
        assert owners.owner_of(table) == owner


@pytest.mark.parametrize("name", ["core", "match", "field"])
def test_nobody_may_claim_tables_of_core(name: str) -> None:
    with pytest.raises(WayfellowError, match="would own tables of core"):
        find_owners({name: HERE})


def test_packages_that_are_no_plugins_announce_theirs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "cellar-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: cellar\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[wayfellow.migrations]\ncellar = cellar_package:MIGRATIONS\n")
    (tmp_path / "cellar_package.py").write_text(
        "from pathlib import Path\nfrom wayfellow.types import Migrations\nMIGRATIONS = Migrations(Path('down here'))\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    names = [owner.name for owner in find_owners({"a_plugin": HERE})]
    assert names.index("core") < names.index("cellar") < names.index("a_plugin")
    assert find_owners({})["cellar"].directory == Path("down here")
