"""Point to the revisions of the web's own tables, for the runner that finds them by entry point."""

from __future__ import annotations

from pathlib import Path

from wayfellow.types import Migrations
from wayfellow_web.accounts import models  # noqa: F401  so that the tables are known

MIGRATIONS = Migrations(Path(__file__).parent / "versions")
