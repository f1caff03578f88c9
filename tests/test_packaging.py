"""What is built is what is in the tree, and what is installed runs from anywhere."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.packaging

REPO = Path(__file__).resolve().parents[1]
LOCKS = ["requirements-build.lock", "requirements.lock", "requirements-test.lock"]
FOLDERS = ("core", "plugins", "webui")
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
SERVE = """
import pathlib, sys
from wayfellow.config import default_config
from wayfellow_web import create_app
print(create_app(default_config(pathlib.Path(sys.argv[1]))).test_client().get("/healthz").status_code)
"""
LOAD = """
from importlib.metadata import entry_points
for group in ("wayfellow.plugins", "wayfellow.cli"):
    for entry in entry_points(group=group):
        entry.load()
        print(group, entry.name)
"""


def run(*command: object, cwd: Path = Path("/")) -> str:
    """Run a command outside the tree and return what it printed."""
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=OUTSIDE, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build(tree: Path, to: Path, *kind: str) -> Path:
    """Build with the libraries at hand; without a kind, an sdist and the wheel that is made from that."""
    run(sys.executable, "-m", "build", "--no-isolation", *kind, "--outdir", to, tree)
    return next(to.glob("*.whl"))


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def sources(tree: Path) -> set[str]:
    """Return what a wheel of a tree must hold: each file of the import packages, by the path it is installed under."""
    files = (
        path.relative_to(tree / folder) for folder in FOLDERS for path in (tree / folder).rglob("*") if path.is_file()
    )
    return {path.as_posix() for path in files if len(path.parts) > 1 and "__pycache__" not in path.parts}


def faults(wheel: Path, tree: Path) -> list[str]:
    """Name each file that a wheel lacks or should not have."""
    held = {name for name in names(wheel) if not name.split("/")[0].endswith(".dist-info")}
    wanted = sources(tree)
    return sorted([f"missing: {name}" for name in wanted - held] + [f"unexpected: {name}" for name in held - wanted])


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what a build reads, so that a test may change it."""
    tree = tmp_path_factory.mktemp("copy")
    for folder in FOLDERS:
        shutil.copytree(REPO / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(REPO / name, tree)
    return tree


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(REPO, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def from_sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(REPO, tmp_path_factory.mktemp("sdist"))


def test_the_wheel_holds_the_import_packages_and_nothing_else(wheel: Path) -> None:
    assert faults(wheel, REPO) == []
    packages = {path.parent.name for folder in FOLDERS for path in (REPO / folder).glob("*/__init__.py")}
    assert {"wayfellow", "wayfellow_tfidf", "wayfellow_web"} <= packages
    assert [name for name in packages if f"{name}/py.typed" not in names(wheel)] == []


def test_the_sdist_builds_the_same_wheel_and_can_be_worked_in(wheel: Path, from_sdist: Path) -> None:
    assert names(from_sdist) == names(wheel)
    with tarfile.open(next(from_sdist.parent.glob("*.tar.gz"))) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {"dev", *LOCKS, "pyproject.toml", "LICENSE", "docs/conf.py", "tests/test_packaging.py"} <= held


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (r'"plugins/wayfellow_tfidf",?', "", "missing: wayfellow_tfidf/__init__.py"),
        (r"(targets\.wheel\]\n)", r'\1exclude = ["*.html"]\n', "missing: wayfellow_web/templates/forgotten.html"),
        (r"\Z", '[tool.hatch.build.targets.wheel.force-include]\n"README.md" = "README.md"\n', "unexpected: README.md"),
    ],
    ids=["a package folder is not listed", "a template is left out", "a file falls beside the packages"],
)
def test_a_wheel_with_a_mistake_is_found_out(copy: Path, tmp_path: Path, old: str, new: str, fault: str) -> None:
    template = copy / "webui" / "wayfellow_web" / "templates" / "forgotten.html"
    template.parent.mkdir(exist_ok=True)
    template.touch()
    project = copy / "pyproject.toml"
    right = project.read_text()
    assert faults(build(copy, tmp_path / "right", "--wheel"), copy) == []
    project.write_text(re.sub(old, new, right, count=1))
    try:
        assert fault in faults(build(copy, tmp_path / "wrong", "--wheel"), copy)
    finally:
        project.write_text(right)


def pins(lock: str) -> list[Requirement]:
    """Return what a lock pins, on every platform."""
    lines = (REPO / lock).read_text().splitlines()
    return [Requirement(line.rstrip(" \\")) for line in lines if line and not line.startswith((" ", "#"))]


def clean_environment(folder: Path) -> Path:
    """Make an environment that has the runtime libraries of this one, and neither Wayfellow nor the test tools."""
    venv.create(folder, symlinks=True)
    site = next((folder / "lib").glob("python3.*")) / "site-packages"
    for pin in [*pins("requirements-build.lock"), *pins("requirements.lock")]:
        if pin.marker is None or pin.marker.evaluate():
            library = distribution(pin.name)
            for top in {file.parts[0] for file in library.files or []} - {"..", "__pycache__"}:
                found = Path(str(library.locate_file(top)))
                if found.exists() and not (site / top).exists():
                    (site / top).symlink_to(found)
    return folder / "bin"


def install(programs: Path, *what: object) -> None:
    pip = (sys.executable, "-m", "pip", "--python", programs / "python", "--disable-pip-version-check")
    run(*pip, "install", "--no-index", "--no-deps", "--no-build-isolation", *what)


def check_that_it_runs(programs: Path, data: Path) -> None:
    """Use an installation as an operator would, from a folder that has nothing to do with it."""
    version = re.search(r'"(.+)"', (REPO / "core" / "wayfellow" / "_version.py").read_text())
    assert version is not None
    assert version[1] in run(programs / "wayfellow", "--version")
    assert "Usage: wayfellow" in run(programs / "wayfellow", "--help")
    assert "wayfellow.plugins tfidf\n" in run(programs / "python", "-c", LOAD)
    assert run(programs / "python", "-c", SERVE, data).split()[-1] == "200"


def where(programs: Path) -> Path:
    return Path(run(programs / "python", "-c", "import wayfellow; print(wayfellow.__file__)").strip())


def test_the_wheel_runs_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    programs = clean_environment(tmp_path / "env")
    install(programs, wheel)
    assert where(programs).is_relative_to(tmp_path / "env")
    check_that_it_runs(programs, tmp_path)


def test_an_editable_installation_runs_in_a_clean_environment(copy: Path, tmp_path: Path) -> None:
    programs = clean_environment(tmp_path / "env")
    install(programs, "--editable", copy)
    assert where(programs).is_relative_to(copy)
    check_that_it_runs(programs, tmp_path)


@pytest.mark.parametrize("lock", LOCKS)
def test_the_lock_pins_what_the_project_asks_for(lock: str) -> None:
    project = tomllib.loads((REPO / "pyproject.toml").read_text())
    runtime, build_tools = project["project"]["dependencies"], project["dependency-groups"]["build"]
    test_tools = project["project"]["optional-dependencies"]["test"]
    asked = dict(zip(LOCKS, [build_tools, runtime, [*runtime, *build_tools, *test_tools]], strict=True))[lock]
    pinned: dict[str, list[str]] = {}
    for pin in pins(lock):
        pinned.setdefault(pin.name, []).append(str(pin.specifier).removeprefix("=="))
    for want in map(Requirement, asked):
        versions = pinned.get(re.sub(r"[-_.]+", "-", want.name).lower(), [])
        assert versions, f"{lock} lacks {want.name}; run ./dev lock"
        assert all(want.specifier.contains(version) for version in versions), f"{lock} has {want.name} {versions}"


@pytest.mark.parametrize("lock", LOCKS[:2])
def test_the_smaller_sets_are_part_of_the_test_set(lock: str) -> None:
    assert set(map(str, pins(lock))) <= set(map(str, pins("requirements-test.lock")))


@pytest.mark.parametrize("lock", LOCKS)
def test_each_library_is_pinned_by_hash_and_from_no_particular_place(lock: str) -> None:
    text = (REPO / lock).read_text()
    assert "/" not in text
    entries = re.split(r"\n(?=\S)", text.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
