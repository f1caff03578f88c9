import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from wayfellow.cli import main
from wayfellow.config import load_config


def init(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["init", *map(str, arguments)])


@pytest.mark.parametrize("name", ["Zoë's club", 'The "best" \\ of all', "多様性", "a\nb\x7f"])
def test_what_is_written_can_be_read(tmp_path: Path, name: str) -> None:
    answer = init(tmp_path / "site", "--organisation", name)
    assert answer.exit_code == 0
    config = load_config(tmp_path / "site" / "wayfellow.toml", {})
    assert config.organisation == name
    assert config.data_dir == tmp_path / "site" / "var"
    assert config.data_dir.is_dir()
    assert config.database_url.startswith("sqlite:///")
    assert f"wayfellow upgrade --config {tmp_path / 'site' / 'wayfellow.toml'}" in answer.output


def test_the_secret_is_new_long_and_private(tmp_path: Path) -> None:
    secrets = set()
    for name in ("a", "b"):
        assert init(tmp_path / name).exit_code == 0
        file = tmp_path / name / "wayfellow.toml"
        secrets.add(load_config(file, {}).secret_key)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(secrets) == 2
    assert all(len(secret or "") >= 48 for secret in secrets)


def test_a_database_may_be_named(tmp_path: Path) -> None:
    init(tmp_path, "--database-url", "postgresql://us@host/name")
    assert load_config(tmp_path / "wayfellow.toml", {}).database_url == "postgresql://us@host/name"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "wayfellow.toml").write_text("# mine")
    answer = init(tmp_path)
    assert answer.exit_code == 2
    assert "is there already and was left as it is" in answer.output
    assert [path.name for path in tmp_path.iterdir()] == ["wayfellow.toml"]
    assert (tmp_path / "wayfellow.toml").read_text() == "# mine"


def test_a_folder_that_cannot_be_made_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = init(tmp_path / "file" / "site")
    assert answer.exit_code == 2
    assert "Choose a folder that you may write to" in answer.output
