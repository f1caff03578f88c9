"""The tutorial's plugin, installed as its page says, is found by its entry point and does its work."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from docs.blocks import ROOT

pytestmark = pytest.mark.packaging

MENTORS = "person_id,expertise\nm1,I help people with their career.\nm2,I repair diesel engines.\n"
MENTEES = "person_id,goals\ne1,I wonder about a career.\n"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the plugin's package into a folder, from a copy."""
    copy, site = tmp_path_factory.mktemp("source") / "themes", tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "tests" / "docs" / "tutorial", copy, ignore=shutil.ignore_patterns("__pycache__"))
    options = ["--quiet", "--disable-pip-version-check", "--no-index", "--no-deps", "--no-build-isolation"]
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", *options, "--target", str(site), str(copy)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return site


def wayfellow(site: Path, folder: Path, *arguments: str) -> str:
    here = [str(Path(entry).resolve()) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    done = subprocess.run(
        [sys.executable, "-m", "wayfellow", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(site), *here])},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_it_is_listed_as_the_page_shows(site: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "developers" / "tutorial.md").read_text(encoding="utf-8")
    shown = next(line for line in page.splitlines() if line.startswith("themes  1.0"))
    listed = wayfellow(site, tmp_path, "plugin", "list").splitlines()
    assert shown.split() in [line.split() for line in listed]


def test_it_scores_by_the_operators_themes_and_says_so(site: Path, tmp_path: Path) -> None:
    (tmp_path / "mentors.csv").write_text(MENTORS)
    (tmp_path / "mentees.csv").write_text(MENTEES)
    why = {}
    for words in ('["career"]', '["engines"]'):
        (tmp_path / "wayfellow.toml").write_text(f"[plugin.themes]\nwords = {words}\n")
        files = ("--mentors", "mentors.csv", "--mentees", "mentees.csv", "--out", "out")
        wayfellow(site, tmp_path, "match", *files)
        [pair] = csv.DictReader((tmp_path / "out" / "matches.csv").read_text(encoding="utf-8").splitlines())
        why[words] = (pair["mentor_id"], float(pair["score"]))
    assert why['["career"]'][0] == why['["engines"]'][0] == "m1"
    assert why['["career"]'][1] == pytest.approx(why['["engines"]'][1] + 0.5)
