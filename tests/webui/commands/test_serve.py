"""The commands that come with the web."""

import re
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from wayfellow.config import default_config
from wayfellow.deployment import open_deployment
from wayfellow.errors import WayfellowError
from wayfellow.migrations.runner import upgrade
from wayfellow.people.service import create_person
from wayfellow.types import SYSTEM
from wayfellow_web import create_app
from wayfellow_web.serving import open_server, require_current_schema

ROOT = Path(__file__).parents[3]


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "wayfellow", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


@pytest.mark.parametrize("arguments", [("serve", "--port", "0"), ("sign-in-link", "zoe@example.org")])
def test_an_old_schema_is_refused_with_the_way_out(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    refused = run(tmp_path, *arguments)
    assert refused.returncode == 2
    assert "run wayfellow upgrade" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_current_schema_is_accepted(tmp_path: Path) -> None:
    deployment = open_deployment(default_config(tmp_path))
    upgrade(deployment, say=lambda line: None)
    require_current_schema(deployment)
    deployment.engine.dispose()


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    app = create_app(default_config(tmp_path))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(WayfellowError, match=str(port)):
            open_server(app, "127.0.0.1", port)
        server, other = open_server(app, "127.0.0.1", port, or_any=True)
        assert other != port
        server.close()


def test_a_sign_in_link_is_printed_for_an_address(tmp_path: Path) -> None:
    deployment = open_deployment(default_config(tmp_path / "var"))
    upgrade(deployment, say=lambda line: None)
    with deployment.transaction(SYSTEM) as tx:
        create_person(tx, None, name="Zoë Ng", email="zoe@example.org")
    done = run(tmp_path, "sign-in-link", "ZOE@example.org", "--minutes", "5")
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"http://127\.0\.0\.1:8080/sign-in/[\w-]{43}\n", done.stdout)
    assert "Zoë Ng" in done.stderr
    client = create_app(deployment=deployment).test_client()
    assert "Hello Zoë Ng" in client.get(done.stdout.strip().removeprefix("http://127.0.0.1:8080")).text
    unknown = run(tmp_path, "sign-in-link", "nobody@example.org")
    assert unknown.returncode == 2
    assert "nobody@example.org" in unknown.stderr
    deployment.engine.dispose()


def test_the_demo_is_made_once_served_and_healed(tmp_path: Path) -> None:
    data = tmp_path / "few"
    data.mkdir()
    for name, count in (("mentors", 9), ("mentees", 13)):
        lines = (ROOT / "examples" / "demo" / f"{name}.csv").read_text("utf-8").splitlines(keepends=True)
        (data / f"{name}.csv").write_text("".join(lines[:count]), "utf-8")
    arguments = ("demo", "--var", "var", "--data", str(data))
    first = run(tmp_path, *arguments, "--no-serve")
    assert first.returncode == 0, first.stderr
    assert "8 mentors" in first.stdout
    assert "12 mentees" in first.stdout
    assert all(word in first.stdout for word in ("Pairs", "Unmatched", "worst score", "median", "Seconds"))
    second = run(tmp_path, *arguments, "--no-serve")
    assert "Making the programme" not in second.stdout
    assert second.stdout.splitlines()[-4:] == first.stdout.splitlines()[-4:]
    (tmp_path / "var" / "demo.json").write_text("{}")  # as if it had been interrupted
    assert "Making the programme" in run(tmp_path, *arguments, "--no-serve").stdout
    assert "Making the programme" in run(tmp_path, *arguments, "--no-serve", "--reset").stdout
    _serve(tmp_path, arguments)


def _serve(folder: Path, arguments: tuple[str, ...]) -> None:
    command = [sys.executable, "-u", "-m", "wayfellow", *arguments, "--port", "0"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        lines: list[str] = []
        while not any("Ctrl+C" in line for line in lines) and (line := process.stdout.readline()):
            lines.append(line)
        links = dict(re.findall(r"(\w+) +(http://\S+/sign-in/\S+)", "".join(lines)))
        assert set(links) == {"administrator", "coordinator", "mentor", "mentee"}
        with urllib.request.urlopen(links["coordinator"], timeout=20) as answer:  # noqa: S310 - of this machine
            assert b"Hello Ruth Adeyemi" in answer.read()
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_the_demo_keeps_its_hands_off_other_data(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "wayfellow.sqlite").write_bytes(b"somebody's data")
    for option in ("--no-serve", "--reset"):
        refused = run(tmp_path, "demo", "--var", "var", option)
        assert refused.returncode == 2
        assert "not the demo's" in refused.stderr
    assert (folder / "wayfellow.sqlite").read_bytes() == b"somebody's data"


def test_serving_an_empty_installation_says_where_to_set_it_up(tmp_path: Path) -> None:
    assert run(tmp_path, "init", "--organisation", "Open Bridges").returncode == 0
    assert run(tmp_path, "upgrade").returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "wayfellow", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            lines = [server.stdout.readline(), server.stdout.readline()]
            (address,) = re.findall(r"http://127\.0\.0\.1:\d+/set-up/[\w-]+", lines[1])
            with urllib.request.urlopen(address) as answer:  # noqa: S310
                assert "Set up Open Bridges" in answer.read().decode()
        finally:
            server.terminate()
