"""The plugin of the page about translations is translated as the page says."""

from __future__ import annotations

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from docs.blocks import blocks

from wayfellow.config import default_config
from wayfellow.host import PluginHost
from wayfellow.testing.translations import find_problems, main
from wayfellow.words import said


def test_the_pages_plugin_speaks_german(tmp_path: Path) -> None:
    for block in blocks("developers/words.md"):
        if block.mark == "file":
            file = tmp_path / block.argument
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text + "\n", "utf-8")
    assert main(["update", str(tmp_path / "shelf")]) == 0
    assert find_problems(tmp_path / "shelf", "de") == []
    spec = spec_from_file_location("shelf_plugin", tmp_path / "shelf" / "plugin.py")
    assert spec is not None
    assert spec.loader is not None
    plugin = module_from_spec(spec)
    spec.loader.exec_module(plugin)
    host = PluginHost.load(default_config(tmp_path), plugins=(("shelf", plugin),))
    with host.words.speaking("de"):
        assert said(host.goal_kinds[0].label) == "Mehr Bücher lesen"
        assert plugin.describe("Mia", 1) == "Mia liest: 1 Buch"
    assert plugin.describe("Mia", 2) == "Mia reads: 2 books"
