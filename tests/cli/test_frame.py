"""The command line finds commands without importing them, and turns errors into sentences."""

import errno
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from wayfellow.cli import main
from wayfellow.cli.lazy import COMMANDS
from wayfellow.cli.shell import Shell, pass_shell
from wayfellow.errors import Conflict, InvalidInput, Problem

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("wayfellow.logging.configure_logging", lambda *args, **options: None)
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Give a function that makes ``wayfellow fail`` raise an error."""

    def arrange(error: BaseException) -> None:
        def fail() -> None:
            raise error

        monkeypatch.setitem(main.commands, "fail", click.Command("fail", callback=fail))

    return arrange


HEAVY = {"numpy", "scipy", "sklearn", "sqlalchemy", "flask", "structlog", "alembic", "openpyxl"}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, json\nfrom wayfellow.cli import main\n"
        f"main({arguments!r}, standalone_mode=False)\nprint(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert HEAVY.isdisjoint(json.loads(done.stdout.splitlines()[-1]))


def test_help_lists_each_command_with_a_line(run: Run) -> None:
    text = run("--help").output
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in text
        assert line[:40] in text
    assert "wayfellow accounts --help" in text


def test_an_unknown_command_is_refused(run: Run) -> None:
    done = run("mach")
    assert done.exit_code == 2
    assert "No such command 'mach'" in done.output


def test_what_people_can_mend_exits_with_2_and_its_sentence(run: Run, failing: Any) -> None:
    failing(Conflict("Somebody was faster. Try again."))
    done = run("fail")
    assert (done.exit_code, done.stderr, done.stdout) == (2, "Error: Somebody was faster. Try again.\n", "")


@pytest.mark.parametrize(("count", "more"), [(1, None), (20, None), (23, "  and 3 more")])
def test_problems_of_an_input_are_listed_up_to_twenty(count: int, more: str | None, run: Run, failing: Any) -> None:
    problems = tuple(Problem("is no number", row=row, column="capacity") for row in range(2, count + 2))
    failing(InvalidInput("mentors.csv has faults; nothing was read.", problems))
    done = run("fail")
    lines = done.stderr.splitlines()
    assert done.exit_code == 2
    assert lines[:2] == [
        "Error: mentors.csv has faults; nothing was read.",
        "  row 2, column capacity: is no number",
    ]
    assert (lines[-1] == more) if more else (len(lines) == count + 1)


def test_a_file_that_cannot_be_used_is_named(run: Run, failing: Any) -> None:
    failing(PermissionError(errno.EACCES, "Permission denied", "/srv/mentors.csv"))
    done = run("fail")
    assert done.exit_code == 2
    assert done.stderr == "Error: /srv/mentors.csv: Permission denied. Check the name and the rights of that file.\n"


def test_a_fault_of_ours_is_written_down_and_shows_no_trace(run: Run, failing: Any) -> None:
    failing(KeyError("x"))
    done = run("fail")
    assert done.exit_code == 1
    assert done.stderr.startswith(
        "Error: Something went wrong in Wayfellow itself (KeyError). What happened is written"
    )
    assert "Traceback" not in done.output
    path = Path(next(word for word in done.stderr.split() if "wayfellow-error-" in word).rstrip(":"))
    assert "Traceback" in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    path.unlink()


def test_debug_shows_the_trace(run: Run, failing: Any) -> None:
    failing(KeyError("x"))
    assert isinstance(run("--debug", "fail").exception, KeyError)
    failing(Conflict("Try again."))
    assert isinstance(run("--debug", "fail").exception, Conflict)


def test_a_reader_that_goes_away_is_no_fault(run: Run, failing: Any) -> None:
    failing(BrokenPipeError(errno.EPIPE, "Broken pipe"))
    done = run("fail")
    assert done.exit_code == 1
    assert "went wrong" not in done.output


def test_the_configuration_may_stand_before_or_after_the_command(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @click.command()
    @pass_shell
    def show(shell: Shell) -> None:
        click.echo(shell.config.organisation)

    monkeypatch.setitem(main.commands, "show", show)
    (tmp_path / "ours.toml").write_text('[wayfellow]\norganisation = "Ours"\n')
    assert run("show").output == "Our organisation\n"
    assert run("--config", "ours.toml", "show").output == "Ours\n"
    assert run("show", "--config", "ours.toml").output == "Ours\n"


def test_a_missing_configuration_exits_with_2(run: Run) -> None:
    done = run("--config", "none.toml", "plugin", "list")
    assert done.exit_code == 2
    assert "'none.toml' does not exist" in done.stderr


def test_a_mistake_in_the_configuration_exits_with_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wayfellow.toml").write_text("[wayfellow]\norganization = 'x'\n")
    done = run("plugin", "list")
    assert done.exit_code == 2
    assert f"{tmp_path}/wayfellow.toml: [wayfellow] organization is not known here" in done.stderr


def test_a_broken_command_of_another_package_is_named(run: Run, tmp_path: Path, monkeypatch: Any) -> None:
    folder = tmp_path / "site" / "other-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text("[wayfellow.cli]\nbroken = no_such_module:command\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert re.search(r"broken +From no_such_module\.", run("--help").output)
    done = run("broken")
    assert done.exit_code == 2
    assert "The command 'broken' can't be loaded from no_such_module:command: ModuleNotFoundError" in done.stderr
