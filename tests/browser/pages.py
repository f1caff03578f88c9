"""Find every page in the address map, so that one added later is visited without anyone remembering to."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from werkzeug.routing import Rule

from wayfellow.config import default_config
from wayfellow_web import create_app

#: Answers that are no pages of their own: files, parts of pages, and ways to elsewhere.
NOT_PAGES = {
    "static",
    "health.check",
    "start.start",
    "people.export",
    "audit.export",
    "deliveries.export",
    "jobs.export",
    "concerns.export",
    "proposals.export",
    "events.calendar",
    "events.door_live",
    "events.export",
    "events.export_guests",
    "events.scanner_file",
    "events.scanner_manifest",
    "events.scanner_worker",
    *(f"events_api.{name}" for name in ("nothing", "openapi", "points", "roster", "scan_by_key", "search", "status")),
    "imports.problems",
    "jobs.progress",
    "matching.export",
    "matching.export_changes",
    "matching.progress",
    "oidc.come_back",
    "oidc.start",
}


def find_pages() -> list[Rule]:
    """Return the addresses of all pages, by endpoint."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(default_config(Path(folder)))
    pages = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return sorted((rule for rule in pages if rule.endpoint not in NOT_PAGES), key=lambda rule: rule.endpoint)


def address_of(rule: Rule, samples: Mapping[str, object]) -> str:
    """Fill the arguments of an address in with samples."""

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        assert name in samples, (
            f"The page {rule.endpoint} takes an argument {name!r} that the harness has no sample for: "
            "put one into World.samples in tests/browser/world.py."
        )
        return str(samples[name])

    return re.sub(r"<(?:\w+:)?(\w+)>", fill, rule.rule)
