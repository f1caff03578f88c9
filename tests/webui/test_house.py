"""Rules that the web's own code keeps, read from the files."""

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pseudo_language import find_unsaid

from wayfellow_web.security import CONTENT_SECURITY_POLICY

TESTS = Path(__file__).parents[1]
WEB = TESTS.parent / "webui" / "wayfellow_web"


def test_the_policy_allows_nothing_inline() -> None:
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in CONTENT_SECURITY_POLICY


def test_only_accounts_know_flask_security() -> None:
    users = {path.parent.name for path in WEB.rglob("*.py") if "flask_security" in path.read_text("utf-8")}
    assert users == {"accounts"}


def test_templates_hold_nothing_inline_and_escape_everything() -> None:
    for path in WEB.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\bstyle=|<style|\son\w+=|<script(?![^>]*\bsrc=)", text), path
        assert "|safe" not in text.replace(" ", ""), path
        assert "autoescape" not in text, path


def test_colours_come_from_tokens() -> None:
    css = (WEB / "static" / "wayfellow.css").read_text("utf-8")
    grown = css[css.index("/* Grown with the program */") :]
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgb\(", grown)


@pytest.mark.parametrize(
    "folder",
    [
        WEB / "static" / "vendor",
        TESTS.parent / "plugins" / "wayfellow_events" / "static" / "vendor",
        TESTS / "browser" / "vendor",
    ],
    ids=["web", "events", "tests"],
)
def test_vendored_files_are_what_they_were(folder: Path) -> None:
    packages = json.loads((folder / "vendor.lock").read_text("utf-8"))
    listed = {name: digest for package in packages for name, digest in package["files"].items()}
    held = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    assert set(held) - {"vendor.lock"} == set(listed)
    for name, digest in listed.items():
        assert hashlib.sha512(held[name].read_bytes()).hexdigest() == digest, name
    for package in packages:
        assert any(name.endswith("LICENSE") for name in package["files"]), package["name"]


def test_starting_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys, wayfellow_web\n"
        "assert 'flask' not in sys.modules\n"
        "from pathlib import Path\n"
        "from wayfellow.config import default_config\n"
        f"wayfellow_web.create_app(default_config(Path({str(tmp_path)!r})))\n"
        "print(sorted({'sklearn', 'scipy', 'ortools', 'rustworkx', 'openpyxl', 'joblib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_search_for_untranslated_texts_finds_them() -> None:
    page = '<p>⟦Hello <a href="/">you</a>⟧ there</p><p aria-label="Main">⟦x⟧ Mia Example</p><code>wayfellow</code>'
    assert find_unsaid(page, ["Mia Example"]) == ["there", "Main"]
