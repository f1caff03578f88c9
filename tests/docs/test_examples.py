"""Every example of the documentation runs, and prints what its page says."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from docs.blocks import GENERATED, MARKED, Block, blocks, pages

from wayfellow.cli import main

#: The languages in use; "text" is not an example that could be wrong, unless it has a mark.
LANGUAGES = MARKED | {"text"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the empty folder in which a reader follows a page."""
    for name in [name for name in os.environ if name.startswith("WAYFELLOW_")]:
        monkeypatch.delenv(name)
    here = [str(Path(entry).resolve()) for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(here))
    monkeypatch.setattr("wayfellow.logging.configure_logging", lambda *args, **options: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(words: list[str]) -> tuple[int, str]:
    """Run a command as a reader would, and return its exit code and all that it printed.

    ``wayfellow`` runs in this process, which spares it the start, but not where it would change how signals are heard.
    """
    if words[0] == "wayfellow" and "worker" not in words:
        done = CliRunner().invoke(main, words[1:], prog_name="wayfellow")
        return done.exit_code, done.output
    command = [sys.executable, *(["-m", "wayfellow"] if words[0] == "wayfellow" else []), *words[1:]]
    told = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8")
    return told.returncode, told.stdout


def rounded(text: str) -> str:
    """Return a text with long decimals cut, as the last digits differ between processors."""
    return re.sub(r"\d+\.\d{4,}", lambda number: f"{float(number[0]):.3f}", text).strip()


def check_shown(block: Block, actual: str, shown: str) -> None:
    """Fail unless a text is what a page shows; "..." stands for anything."""
    pattern = ".*".join(re.escape(part) for part in rounded(shown).split("..."))
    if not re.fullmatch(pattern, rounded(actual), re.DOTALL):
        pytest.fail(f"{block.page}:{block.line} shows\n{shown}\nbut it is\n{actual}", pytrace=False)


def check_run(block: Block) -> None:
    """Run the commands of a block, each with the output that follows it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, shown = part.replace("\\\n", " ").partition("\n")
        words = shlex.split(command)
        assert words[0] in {"wayfellow", "python"}, f"{block.page}:{block.line}: only wayfellow and python are run"
        code, printed = run(words)
        assert code == block.exit_code, f"{block.page}:{block.line}: {command}\n{printed}"
        if shown.strip():
            check_shown(block, printed, shown)


def do(block: Block, folder: Path) -> None:
    """Do what a block's mark says."""
    if block.mark == "file":
        file = folder / block.argument
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, encoding="utf-8")
    elif block.mark == "run":
        check_run(block)
    elif block.mark == "shows":
        check_shown(block, (folder / block.argument).read_text(encoding="utf-8"), block.text)


@pytest.mark.parametrize("page", [page for page in pages() if any(block.mark for block in blocks(page))])
def test_examples_do_what_the_page_says(page: str, folder: Path) -> None:
    for block in blocks(page):
        do(block, folder)


@pytest.mark.parametrize("page", [page for page in pages() if page not in GENERATED])
def test_each_example_is_run_or_says_why_not(page: str) -> None:
    assert [f"{page}:{b.line} ({b.language})" for b in blocks(page) if b.language in MARKED and not b.mark] == []
    assert [f"{page}:{b.line}" for b in blocks(page) if b.mark == "not run" and not b.argument] == []
    assert [f"{page}:{b.line} ({b.language})" for b in blocks(page) if b.language not in LANGUAGES] == []


@pytest.mark.parametrize("page", [page for page in pages() if page not in GENERATED])
def test_each_toml_and_python_example_can_be_read(page: str) -> None:
    for block in blocks(page):
        if block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "python":
            compile(block.text, f"{page}:{block.line}", "exec")
