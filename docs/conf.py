"""Configure how Sphinx builds the documentation."""

import re
from pathlib import Path

_version = Path(__file__).parents[1] / "core" / "wayfellow" / "_version.py"

project = "Wayfellow"
author = "The Wayfellow contributors"
copyright = author  # noqa: A001 - the name that Sphinx reads
release = re.findall('"(.+)"', _version.read_text(encoding="utf-8"))[0]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True

html_theme = "alabaster"
html_theme_options = {"description": "Mentorship matching and events, extended by plugins", "fixed_sidebar": True}
