"""The set-up script, run for real on a small stand-in tree whose only library is a local file: no registry is asked."""

import ast
import hashlib
import importlib.util
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[1]
PYTHON = os.path.realpath(sys.executable)
STEPS = ["Make an environment", "Install the build tools", "Install the libraries", "Install Wayfellow"]
# A build backend that lives in the tree. It can be told, through the environment, to talk and fail or to hang.
BACKEND = """
import os, pathlib, time, tomllib, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    here = pathlib.Path.cwd()
    name = tomllib.loads((here / "pyproject.toml").read_text())["project"]["name"]
    if os.environ.get("STUB_FAIL") == name:
        print("\\n".join(f"log line {n}" for n in range(2000)), flush=True)
        raise SystemExit(3)
    if os.environ.get("STUB_HANG") == name:
        pathlib.Path(os.environ["STUB_MARKER"]).write_text("hanging")
        time.sleep(60)
    info, library = f"{name}-1.0.dist-info", name == "stublib"
    files = {p.name: p.read_text() for p in here.glob("*.py")} if library else {f"{name}.pth": f"{here}/core\\n"}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\\nName: {name}\\nVersion: 1.0\\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\\nGenerator: stub\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files[f"{info}/entry_points.txt"] = "[console_scripts]\\nstub = stub:main\\n" if library else ""
    files[f"{info}/RECORD"] = "".join(f"{path},,\\n" for path in files)
    with zipfile.ZipFile(pathlib.Path(folder) / f"{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return f"{name}-1.0-py3-none-any.whl"

build_editable = build_wheel
"""
PROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "{}"
version = "1.0"
"""
LOADER = {name: value for name, value in os.environ.items() if name == "LD_LIBRARY_PATH"}  # some Pythons start by it
SAYS = "import sys\nprint('{} got', sys.argv[1:])\n"


@dataclass
class Tree:
    """A stand-in for a clone, and how to run its ./dev."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)

    def start(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PYTHON, self.root / "dev", *arguments],
            env={**LOADER, **self.env, **env},
            cwd="/",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            # A shell's background jobs ignore Ctrl-C, and what they start inherits that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )

    def dev(self, *arguments: str, **env: str) -> tuple[int, str]:
        with self.start(*arguments, **env) as process:
            said = process.communicate(timeout=120)[0]
        return process.returncode, said

    def lock(self, name: str) -> None:
        """Pin the local library, written anew, so that its hash differs each time."""
        library = self.root / "stublib.tar.gz"
        sources = {
            "pyproject.toml": PROJECT.format("stublib"),
            "backend.py": BACKEND,
            "pytest.py": SAYS.format("pytest"),
        }
        sources["stub.py"] = f"def main():\n    print('stub runs', {time.time_ns()})\n"
        with tarfile.open(library, "w:gz") as archive:
            for path, text in sources.items():
                member = tarfile.TarInfo(f"stublib-1.0/{path}")
                member.size = len(text.encode())
                archive.addfile(member, io.BytesIO(text.encode()))
        digest = hashlib.sha256(library.read_bytes()).hexdigest()
        (self.root / name).write_text(f"stublib @ {library.as_uri()} --hash=sha256:{digest}\n")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A tree that is set up with uv, and with no other program on the PATH."""
    root = tmp_path / "clone"
    (root / "core" / "wayfellow").mkdir(parents=True)
    shutil.copy(REPO / "dev", root)
    (root / "pyproject.toml").write_text(PROJECT.format("wayfellow"))
    (root / "backend.py").write_text(BACKEND)
    (root / "core" / "wayfellow" / "_version.py").write_text('__version__ = "1.0"\n')
    (root / "core" / "wayfellow" / "__main__.py").write_text(SAYS.format("wayfellow"))
    found = tmp_path / "bin"
    found.mkdir()
    (found / "uv").symlink_to(Path(sys.executable).with_name("uv"))
    made = Tree(
        root, {"PATH": str(found), "HOME": str(tmp_path), "UV_OFFLINE": "1", "UV_CACHE_DIR": str(tmp_path / "uv")}
    )
    (root / "requirements-build.lock").write_text("# The stand-ins build without tools.\n")
    made.lock("requirements.lock")
    shutil.copy(root / "requirements.lock", root / "requirements-test.lock")
    return made


def steps(said: str) -> list[str]:
    """Return which set-up steps were taken, in order."""
    return [step for line in said.splitlines() for step in STEPS if line.startswith(step)]


def as_if_old(tree: Tree, path: str) -> tuple[int, str]:
    """Run ./dev in an interpreter that says it is Python 3.6."""
    pretend = "import runpy, sys; sys.version_info = (3, 6, 15, 'final', 0); sys.argv[:] = ['dev', 'demo', '--reset']; "
    run = f"runpy.run_path({str(tree.root / 'dev')!r}, run_name='__main__')"
    done = subprocess.run([PYTHON, "-c", pretend + run], env={**LOADER, "PATH": path}, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def stop_while_building(tree: Tree, marker: Path, hangs: str, by: signal.Signals = signal.SIGKILL) -> tuple[int, str]:
    """Start the demo, wait until a build hangs, and end it with all its children as a closed terminal would."""
    with tree.start("demo", STUB_HANG=hangs, STUB_MARKER=str(marker)) as process:
        wait_for(marker)
        os.killpg(process.pid, by)
        said = process.communicate(timeout=60)[0]
    return process.returncode, said


def wait_for(marker: Path) -> None:
    """Wait until a stand-in is being built."""
    deadline = time.monotonic() + 60
    while not marker.exists():
        assert time.monotonic() < deadline, "the build was never reached"
        time.sleep(0.05)


def test_an_old_python_can_parse_the_script() -> None:
    ast.parse((REPO / "dev").read_text(), feature_version=(3, 6))


def test_an_old_python_alone_gets_a_sentence(tree: Tree) -> None:
    code, said = as_if_old(tree, os.devnull)
    assert code == 1
    assert said.startswith("Wayfellow needs Python 3.11 or newer; ")
    assert " is 3.6, " in said
    assert "Install it" in said
    assert "Traceback" not in said


def test_an_old_python_hands_over_to_a_newer_one_that_runs(tree: Tree, tmp_path: Path) -> None:
    for name, script in {"python3.13": "exit 1", "python3.12": '[ "$1" = -c ] || echo "3.12 runs $@"'}.items():
        shim = tmp_path / "bin" / name
        shim.write_text(f"#!/bin/sh\n{script}\n")
        shim.chmod(0o755)
    assert as_if_old(tree, str(tmp_path / "bin")) == (0, f"3.12 runs {tree.root / 'dev'} demo --reset\n")


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_missing_module_gets_a_sentence(tree: Tree, tmp_path: Path, missing: str) -> None:
    (tmp_path / f"{missing}.py").write_text(f"raise ImportError('No module named {missing}')\n")
    code, said = tree.dev("demo", PATH=os.devnull, PYTHONPATH=str(tmp_path))
    assert code == 1
    assert "lacks the modules venv and ensurepip" in said
    assert "Install it" in said
    assert "Traceback" not in said
    assert not (tree.root / ".venv.new").exists()


def test_debian_is_told_the_name_of_its_package(tree: Tree, tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError\n")
    shutil.copy("/bin/true", tmp_path / "apt-get")
    _, said = tree.dev("demo", PATH=str(tmp_path), PYTHONPATH=str(tmp_path))
    assert "sudo apt install python3-venv" in said


def test_the_second_run_installs_nothing(tree: Tree) -> None:
    code, said = tree.dev("demo", "--no-serve")
    assert (code, steps(said)) == (0, STEPS)
    assert said.endswith("wayfellow got ['demo', '--var', 'var', '--no-serve']\n")
    assert tree.dev("demo") == (0, "wayfellow got ['demo', '--var', 'var']\n")


def test_the_environment_of_the_tests_serves_the_demo_too(tree: Tree) -> None:
    assert steps(tree.dev("demo")[1]) == STEPS
    code, said = tree.dev("test", "-k", "name")
    assert (code, steps(said)) == (0, STEPS)
    assert said.endswith("pytest got ['-k', 'name']\n")
    assert steps(tree.dev("demo")[1]) == []
    tree.lock("requirements-test.lock")
    assert "requirements-test.lock" in tree.dev("demo")[1]
    assert steps(tree.dev("test")[1]) == []


def test_what_changed_decides_what_is_installed_again(tree: Tree) -> None:
    tree.dev("demo")
    (tree.root / "pyproject.toml").write_text(PROJECT.format("wayfellow") + "# changed\n")
    assert steps(tree.dev("demo")[1]) == ["Install Wayfellow"]
    tree.lock("requirements.lock")
    assert steps(tree.dev("demo")[1]) == STEPS
    (tree.root / ".venv" / "bin" / "python").unlink()
    assert steps(tree.dev("demo")[1]) == STEPS
    (tree.root / ".venv" / "wayfellow.json").write_text("{")
    assert steps(tree.dev("demo")[1]) == STEPS
    assert steps(tree.dev("demo")[1]) == []


def test_a_folder_that_moved_is_set_up_anew(tree: Tree) -> None:
    tree.dev("demo")
    there = tree.root.with_name("moved")
    tree.root.rename(there)
    tree.root.symlink_to(there)  # the local library is still found where the lock says
    tree.root = there
    assert steps(tree.dev("demo")[1]) == STEPS


def test_scripts_name_the_folder_where_they_end_up(tree: Tree) -> None:
    tree.dev("demo")
    script = tree.root / ".venv" / "bin" / "stub"
    assert subprocess.run([script], capture_output=True, text=True).stdout.startswith("stub runs")
    assert ".venv.new" not in (tree.root / ".venv" / "bin" / "activate").read_text()
    assert not list(tree.root.glob(".venv.[no]*"))


def test_venv_and_pip_do_where_there_is_no_uv(tree: Tree) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        pytest.skip("this Python has no ensurepip, so it cannot do without uv")
    code, said = tree.dev("demo", PATH=os.devnull, PIP_NO_INDEX="1", PIP_CONFIG_FILE=os.devnull)
    assert (code, steps(said)) == (0, STEPS)
    assert "with pip" in said
    script = tree.root / ".venv" / "bin" / "stub"
    assert subprocess.run([script], capture_output=True, text=True).stdout.startswith("stub runs")


def test_a_library_that_differs_from_the_lock_is_refused(tree: Tree) -> None:
    lock = tree.root / "requirements.lock"
    lock.write_text(lock.read_text().split("sha256:")[0] + "sha256:" + "0" * 64 + "\n")
    code, said = tree.dev("demo")
    assert code == 1
    assert "Hash mismatch" in said


@pytest.mark.parametrize("fails", ["stublib", "wayfellow"])
def test_a_failed_step_shows_its_whole_log_and_keeps_what_worked(tree: Tree, fails: str) -> None:
    tree.dev("demo")
    kept = (tree.root / ".venv" / "bin" / "stub").read_bytes()
    if fails == "stublib":
        tree.lock("requirements.lock")
    else:
        (tree.root / "pyproject.toml").write_text(PROJECT.format("wayfellow") + "# changed\n")
    code, said = tree.dev("demo", STUB_FAIL=fails)
    assert code == 1
    assert [line for line in range(2000) if f"log line {line}\n" not in said] == []
    assert said.endswith("Start the same command again to retry.\n")
    assert "Traceback" not in said
    assert (tree.root / ".venv" / "bin" / "stub").read_bytes() == kept
    assert tree.dev("demo")[0] == 0


@pytest.mark.parametrize(("hangs", "left"), [("stublib", STEPS), ("wayfellow", STEPS[3:])])
def test_a_set_up_that_was_killed_heals(tree: Tree, tmp_path: Path, hangs: str, left: list[str]) -> None:
    stop_while_building(tree, tmp_path / "marker", hangs)
    assert (tree.root / ".venv").exists() == (hangs == "wayfellow"), "what is in .venv is whole"
    code, said = tree.dev("demo")
    assert (code, steps(said)) == (0, left)
    assert steps(tree.dev("demo")[1]) == []


def test_ctrl_c_says_how_to_go_on(tree: Tree, tmp_path: Path) -> None:
    code, said = stop_while_building(tree, tmp_path / "marker", "stublib", signal.SIGINT)
    assert code == 130
    assert said.endswith("Stopped. Start the same command again to go on.\n")
    assert "Traceback" not in said


def test_the_next_run_waits_for_what_a_killed_one_left_running(tree: Tree, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    with tree.start("demo", STUB_HANG="stublib", STUB_MARKER=str(marker)) as first:
        wait_for(marker)
        first.kill()
        with tree.start("demo") as second:
            assert second.stdout is not None
            assert second.stdout.readline().startswith("Another ./dev is setting up this folder")
            os.killpg(first.pid, signal.SIGKILL)
            said = second.communicate(timeout=120)[0]
    assert (second.returncode, steps(said)) == (0, STEPS)


def test_two_terminals_set_up_once(tree: Tree) -> None:
    with tree.start("demo") as one, tree.start("demo") as two:
        said = [process.communicate(timeout=120)[0] for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0)
    assert sorted(len(steps(text)) for text in said) == [0, len(STEPS)]


def test_alone_it_lists_the_commands(tree: Tree) -> None:
    code, said = tree.dev()
    assert code == 0
    assert [c for c in ("demo", "test", "check", "bench", "docs", "lock") if f"./dev {c} " not in said] == []


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["frobnicate"], 2, "There is no command 'frobnicate'; ./dev alone lists them.\n"),
        (["check", "all"], 1, "./dev check takes no arguments; it got: all\n"),
        (["bench"], 1, "There are no benchmarks here: tests/benchmarks/run.py is missing.\n"),
    ],
)
def test_a_wrong_command_gets_a_sentence(tree: Tree, arguments: list[str], code: int, sentence: str) -> None:
    assert tree.dev(*arguments) == (code, sentence)


def test_check_runs_every_check_and_counts_the_failed(tree: Tree) -> None:
    code, said = tree.dev("check")
    assert code == 1
    assert "No module named ruff" in said
    assert "File sizes ... ok" in said
    assert "6 of 7 checks failed: Lint, Format, Types, Layers, Translations, Documentation.\n" in said


def test_a_file_too_long_is_named(tree: Tree) -> None:
    (tree.root / "core" / "wayfellow" / "much.py").write_text("x = 1\n" * 501)
    code, said = tree.dev("long-files")
    assert code == 1
    assert said.startswith("core/wayfellow/much.py: 501 lines\n")
