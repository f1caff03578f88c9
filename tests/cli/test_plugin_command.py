"""``wayfellow plugin`` shows which plugins there are and how they are, and switches them on and off."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wayfellow.cli import main

Run = Callable[..., Result]


def install(folder: Path, name: str, source: str) -> None:
    metadata = folder / f"wayfellow_{name}-1.5.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: wayfellow-{name}\nVersion: 1.5\n")
    (metadata / "entry_points.txt").write_text(f"[wayfellow.plugins]\n{name} = cli_test_{name}\n")
    (folder / f"cli_test_{name}.py").write_text(source)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command where three plugins are installed besides our own: one good, one broken, one with a command."""
    site = tmp_path / "site"
    install(site, "good", "from wayfellow import hookimpl\n@hookimpl\ndef list_nav_items(user): return []\n")
    install(site, "broken", "raise SystemExit('no luck')")
    install(
        site,
        "greeter",
        "import click\nfrom wayfellow import hookimpl\n@click.command()\ndef greet(): click.echo('Hello')\n"
        "@hookimpl\ndef register_commands(): return [greet]\n",
    )
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("wayfellow.logging.configure_logging", lambda *args, **options: None)
    return lambda *arguments: CliRunner().invoke(main, arguments)


def listed(run: Run) -> dict[str, Any]:
    return {plugin["name"]: plugin for plugin in json.loads(run("plugin", "list", "--json").stdout)}


def test_the_list_names_version_origin_hooks_and_health(run: Run) -> None:
    lines = run("plugin", "list").stdout.splitlines()
    assert lines[0].split() == ["NAME", "VERSION", "FROM", "HEALTH", "HOOKS"]
    rows = {line.split()[0]: line.split() for line in lines[1:]}
    assert rows["good"] == ["good", "1.5", "wayfellow-good", "ok", "list_nav_items"]
    assert rows["broken"] == ["broken", "1.5", "wayfellow-broken", "unloaded", "-"]
    assert lines[[line.split()[0] for line in lines].index("broken") + 1] == "  SystemExit: no luck"


def test_the_list_as_json(run: Run) -> None:
    assert listed(run)["broken"] == {
        "name": "broken",
        "version": "1.5",
        "origin": "wayfellow-broken",
        "hooks": [],
        "health": "unloaded",
        "error": "SystemExit: no luck",
    }
    assert listed(run)["tfidf"]["origin"] == "wayfellow"


def test_a_strict_configuration_does_not_keep_the_list_from_showing_what_is_broken(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wayfellow.toml").write_text("[wayfellow]\nstrict = true\n")
    assert listed(run)["broken"]["health"] == "unloaded"


def test_plugins_are_switched_off_and_on_in_the_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "wayfellow.toml"
    file.write_text("# ours\n[plugin.tfidf]\n")
    off = run("plugin", "disable", "good")
    assert off.stdout == f"The plugin 'good' is off from the next start ({file}). Its tables stay as they are.\n"
    assert file.read_text() == '# ours\n[plugin.tfidf]\n\n[plugins]\ndisabled = ["good"]\n'
    assert listed(run)["good"]["health"] == "disabled"
    assert run("plugin", "disable", "good").stdout == "The plugin 'good' is off already.\n"
    on = run("plugin", "enable", "good")
    assert on.stdout.startswith("The plugin 'good' is on from the next start")
    assert listed(run)["good"]["health"] == "ok"
    assert run("plugin", "enable", "good").stdout == "The plugin 'good' is on already.\n"


@pytest.mark.parametrize("verb", ["enable", "disable"])
def test_a_plugin_that_is_not_installed_is_refused_with_a_suggestion(verb: str, run: Run, tmp_path: Path) -> None:
    done = run("plugin", verb, "goood")
    assert done.exit_code == 2
    assert done.stderr == "Error: No plugin 'goood' is installed. Did you mean 'good'?\n"
    assert (
        "Installed are: accounts, broken, chemistry, criteria, events, good, greeter"
        in run("plugin", verb, "zzz").stderr
    )
    assert not (tmp_path / "var").exists()


def test_a_disabled_plugin_that_was_removed_can_be_switched_on(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wayfellow.toml").write_text("[plugins]\ndisabled = ['gone']\n")
    assert run("plugin", "enable", "gone").exit_code == 0
    assert (tmp_path / "wayfellow.toml").read_text() == "[plugins]\ndisabled = []\n"


def test_plugins_bring_commands(run: Run) -> None:
    assert run("greeter", "greet").stdout == "Hello\n"
    assert "Commands of the plugin greeter 1.5." in run("greeter", "--help").stdout


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("good", "The plugin 'good' brings no commands."),
        ("broken", "The plugin 'broken' is unloaded: SystemExit: no luck."),
    ],
)
def test_a_plugin_without_commands_says_why(name: str, sentence: str, run: Run) -> None:
    done = run(name, "greet")
    assert done.exit_code == 2
    assert done.stderr == f"Error: {sentence}\n"


def test_a_disabled_plugin_has_no_commands(run: Run) -> None:
    run("plugin", "disable", "greeter")
    done = run("greeter", "greet")
    assert done.exit_code == 2
    assert "The plugin 'greeter' is disabled: switched off in the configuration." in done.stderr
