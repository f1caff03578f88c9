"""What is in the code is in the documentation: something new that no page tells of fails here."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
import pytest
from docs.blocks import DOCS, ROOT, code_in, pages, read, rows

import wayfellow.testing.plugin as fixtures
from wayfellow import hookspecs
from wayfellow.cli import main
from wayfellow.config import default_config, load_config
from wayfellow.errors import WayfellowError
from wayfellow.host import PluginHost
from wayfellow.host.catalogue import describe_hooks
from wayfellow.matching.figures import summarise
from wayfellow.matching.output import write_tables
from wayfellow.matching.pipeline import run_match
from wayfellow.matching.result import Cause
from wayfellow.mentorships.leftovers import EXCLUDED_IN_REVIEW
from wayfellow.permissions import CORE_PERMISSIONS
from wayfellow.programmes.models import MembershipState
from wayfellow.tabular.columns import CORE_COLUMNS, PROFILE_FIELDS, field_column, normalise_heading
from wayfellow.tabular.limits import UPLOAD, Limits
from wayfellow.tabular.values import MAX_CAPACITY, MAX_TAGS
from wayfellow.testing.problems import match_problem
from wayfellow.types import Audience, FieldType, Role, Slot
from wayfellow_web.demo import LINKS_WORK, STAFF
from wayfellow_web.profile_form import READERS
from wayfellow_web.words import DECLINE_REASONS, MEMBER_STATES

COMMANDS = "operators/commands.md"
CONFIGURATION = "operators/configuration.md"
TWO_FILES = "start/match-two-files.md"


def headings(page: str, level: int) -> list[str]:
    return re.findall(rf"^{'#' * level} (.+)$", read(page), re.MULTILINE)


def section(page: str, heading: str) -> str:
    """Return what stands below a heading, up to the next one of its kind."""
    return re.split(r"^## ", read(page).partition(f"\n## {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(page: str, heading: str) -> list[str]:
    """Return the codes in the first column of the first table below a heading, in order."""
    return [code for row in rows(page, heading) for code in re.findall(r"`([^`]+)`", row[0])]


def test_each_hook_has_its_section() -> None:
    assert headings("developers/hooks.md", 3) == [hook.name for hook in describe_hooks(hookspecs)]


def commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its whole name; a group without options of its own is only its commands."""
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=name)
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below is not None
            yield from commands(below, f"{name} {word}")
    if not isinstance(command, click.Group) or command.params:
        yield name, command


ALL_COMMANDS = dict(commands(main, "wayfellow"))


def test_each_command_has_its_section() -> None:
    assert set(headings(COMMANDS, 2)) == set(ALL_COMMANDS)


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_each_option_of_a_command_is_in_its_table(name: str) -> None:
    command, text = ALL_COMMANDS[name], section(COMMANDS, name)
    options = [param for param in command.params if isinstance(param, click.Option)]
    wanted = {option for param in options for option in param.opts}
    wanted |= {"-h", "--help"} if name == "wayfellow" else set()
    told = {code.split()[0] for code in re.findall(r"^\| (.+?) \|", text, re.MULTILINE) for code in code_in(code)}
    assert told == wanted
    arguments = {param.name.upper() for param in command.params if isinstance(param, click.Argument) and param.name}
    assert arguments <= code_in(text)


@pytest.mark.parametrize("name", ALL_COMMANDS)
def test_each_default_of_an_option_is_as_the_table_says(name: str) -> None:
    defaults = {
        param.opts[0]: str(param.default)
        for param in ALL_COMMANDS[name].params
        if isinstance(param, click.Option) and isinstance(param.default, str | int | Path) and not param.is_flag
    }
    lines = [line for line in section(COMMANDS, name).splitlines() if line.startswith("| `")]
    told = {row[0].strip("`"): row[1].strip("`") for row in ([c.strip() for c in ln.split("|")[1:]] for ln in lines)}
    assert {option: told[option] for option in defaults} == defaults


def keys_of_table(tmp_path: Path, table: str) -> list[str]:
    """Return the keys that the configuration knows in a table, as its refusal lists them."""
    file = tmp_path / "wayfellow.toml"
    file.write_text(f"[{table}]\n0 = 0\n")
    with pytest.raises(WayfellowError, match="Known are") as refusal:
        load_config(file, {})
    return str(refusal.value).partition("Known are: ")[2].rstrip(".").split(", ")


def test_each_key_of_the_configuration_is_documented_with_its_variable(tmp_path: Path) -> None:
    table = rows(CONFIGURATION, "Configuration")
    keys = keys_of_table(tmp_path, "wayfellow")
    told = {row[0].strip("`"): row[1].strip("`") for row in table}
    assert told == {key: f"WAYFELLOW_{key.upper()}" for key in keys}
    text = read(CONFIGURATION)
    assert {f"`{key}`" for key in keys_of_table(tmp_path, "plugins")} <= set(re.findall(r"^\| (`\w+`) \|", text, re.M))


def test_each_environment_variable_is_documented() -> None:
    code = [path for folder in ("core", "plugins", "webui") for path in (ROOT / folder).rglob("*.py")]
    named = {name for path in [*code, ROOT / "dev", ROOT / "tests" / "conftest.py"] for name in variables(path)}
    assert "WAYFELLOW_LOG" in named
    assert named <= {name for page in pages() for name in variables(DOCS / page)}


def variables(path: Path) -> set[str]:
    return set(re.findall(r"WAYFELLOW_[A-Z]+(?:_[A-Z]+)*", path.read_text(encoding="utf-8")))


def test_the_table_of_permissions_is_that_of_the_code() -> None:
    told = {row[0].strip("`"): (row[1], row[2]) for row in rows("operators/roles.md", "Permissions")}
    held = {p.name: (p.help, ", ".join(sorted(role.value for role in p.roles))) for p in CORE_PERMISSIONS.values()}
    assert told == held


def test_each_role_state_and_audience_is_documented() -> None:
    assert sorted(first_cells("operators/roles.md", "Roles")) == sorted(Role)
    states = {row[0].strip("`"): row[1] for row in rows("operators/roles.md", "States of taking part")}
    assert states == {state.value: MEMBER_STATES[state][1] for state in MembershipState}
    text = read("participants/who-sees-what.md")
    assert [f"| `{audience}` | {READERS[audience]} |" in text for audience in Audience] == [True] * len(Audience)


def test_each_reason_for_a_no_is_documented() -> None:
    text = " ".join(read("participants/your-home.md").split())
    assert [reason for reason in DECLINE_REASONS.values() if f"*{reason}*" not in text] == []


def test_each_column_is_documented_with_all_its_names() -> None:
    columns = [*CORE_COLUMNS, *map(field_column, PROFILE_FIELDS)]
    told = rows("coordinators/import-people.md", "Columns")
    assert [row[0].strip("`") for row in told] == [column.key for column in columns]
    for row, column in zip(told, columns, strict=True):
        names = {normalise_heading(name) for name in (column.key, column.label, *column.synonyms)}
        assert {normalise_heading(name) for name in (column.key, *row[1].split(", ")) if name} == names
        assert row[3] == (", ".join(sorted(f"{role}s" for role in column.matched_for)) or "nobody")


def test_each_cause_is_documented() -> None:
    assert first_cells(TWO_FILES, "unmatched.csv") == [cause.value for cause in Cause]
    board = section("coordinators/match-and-publish.md", "Review the pairs")
    assert {*Cause, EXCLUDED_IN_REVIEW} <= code_in(board)


def test_each_figure_and_column_of_the_results_is_documented(tmp_path: Path) -> None:
    result = run_match(match_problem(3, 2), PluginHost.load(default_config(tmp_path), plugins=()))
    assert set(first_cells(TWO_FILES, "summary.json")) == {*summarise(result), "seconds", "peak_memory_mb"}
    write_tables(result, tmp_path, 10)
    for file in sorted(tmp_path.glob("*.csv")):
        header = file.read_text().splitlines()[0].split(",")
        told = re.split(r"^### ", read(TWO_FILES).partition(f"\n### {file.name}\n")[2], flags=re.MULTILINE)[0]
        assert set(header) <= code_in(told), file.name


def test_each_setting_of_the_plugins_that_come_along_is_documented(tmp_path: Path) -> None:
    host = PluginHost.load(default_config(tmp_path))
    ours = {plugin.name for plugin in host.plugins if plugin.origin == "wayfellow"}
    settings = {key: value for key, value in host.all_settings().items() if key.partition(".")[0] in ours}
    # A list that would fill the page is told by its length.
    shown = {key: f"{len(v)} groups" if isinstance(v, list) else json.dumps(v) for key, v in settings.items()}
    table = [[cell.strip("`") for cell in row[:3]] for row in rows("operators/run.md", "Plugins")]
    assert {f"{plugin}.{key}": default for key, plugin, default in table} == shown


def test_what_plugins_give_names_to_is_documented() -> None:
    assert {*Slot, *FieldType} <= code_in(read("developers/architecture.md"))
    offered = {name for name, item in inspect.getmembers(fixtures) if "fixture" in type(item).__name__.lower()}
    assert offered
    assert set(first_cells("developers/testing.md", "The fixtures")) == offered


def test_limits_are_as_the_pages_say() -> None:
    assert_numbers(TWO_FILES, [Limits().rows, Limits().columns, MAX_CAPACITY, MAX_TAGS])
    assert_numbers("coordinators/import-people.md", [UPLOAD.rows, UPLOAD.columns, MAX_CAPACITY, MAX_TAGS])
    assert f"{UPLOAD.bytes >> 20} MB" in read("coordinators/import-people.md")


def assert_numbers(page: str, numbers: Iterable[int]) -> None:
    said = {int(number.replace(",", "")) for number in re.findall(r"\b\d[\d,]*\b", read(page))}
    assert set(numbers) <= said


def test_the_demo_page_names_who_signs_in() -> None:
    text = read("start/demo.md")
    assert [f"| `{role}` | {name} |" in text for role, name, _ in STAFF] == [True] * len(STAFF)
    assert {f"`{role}`" for role in (Role.MENTOR, Role.MENTEE)} <= set(re.findall(r"^\| (`\w+`)", text, re.MULTILINE))
    assert LINKS_WORK.total_seconds() == 12 * 3600
    assert "within twelve hours" in text


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_links_of_the_front_pages_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
    assert [target for target in targets if not (ROOT / target).exists()] == []
