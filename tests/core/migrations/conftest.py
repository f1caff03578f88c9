from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import dedent, indent

import pytest
from sqlalchemy import insert

from wayfellow import hookimpl
from wayfellow.config import Config
from wayfellow.db import open_engine
from wayfellow.deployment import Deployment, Transaction
from wayfellow.host import PluginHost
from wayfellow.people.models import Person
from wayfellow.types import Migrations

Site = Callable[..., Deployment]


class Plugin:
    """Be a plugin that has revisions and nothing else."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @hookimpl
    def register_migrations(self) -> Migrations:
        return Migrations(self.directory)

    def revision(self, number: int, up: str, down: str = "pass") -> None:
        before = f"{number - 1:04}" if number > 1 else None
        bodies = [indent(dedent(body).strip(), "    ") for body in (up, down)]
        head = (
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision = '{number:04}'\ndown_revision = {before!r}\n"
        )
        text = f"{head}\ndef upgrade():\n{bodies[0]}\n\ndef downgrade():\n{bodies[1]}\n"
        self.directory.mkdir(exist_ok=True)
        (self.directory / f"{number:04}_step.py").write_text(text, encoding="utf-8")


@pytest.fixture
def plugin(tmp_path: Path) -> Callable[[str], Plugin]:
    return lambda name: Plugin(tmp_path / f"revisions of {name} 100%")


@pytest.fixture
def shelf(plugin: Callable[[str], Plugin]) -> Plugin:
    """Give a plugin ``shelf`` with a table of books whose readers are people of core."""
    shelf = plugin("shelf")
    shelf.revision(
        1,
        """
        op.create_table(
            "shelf_book",
            sa.Column("id", sa.Integer, nullable=False),
            sa.Column("person_id", sa.Integer, nullable=True),
            sa.PrimaryKeyConstraint("id", name="pk_shelf_book"),
            sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_shelf_book_person_id"),
        )
        """,
        'op.drop_table("shelf_book")',
    )
    return shelf


@pytest.fixture
def site(config: Config, clock) -> Iterator[Site]:
    """Open a deployment over the test's database, with the plugins named."""
    engine = open_engine(config.database_url)
    config.data_dir.mkdir(parents=True)
    lenient = replace(config, strict=False)

    def open_site(**plugins: object) -> Deployment:
        return Deployment(lenient, engine, PluginHost.load(lenient, plugins=tuple(plugins.items())), clock)

    yield open_site
    engine.dispose()


@pytest.fixture
def add_ada() -> Callable[[Transaction], None]:
    """Give a function that writes Ada into a database of any revision: no column is named that came later."""

    def add(tx: Transaction) -> None:
        now = tx.now()
        ada = {"reference": "ada", "name": "Ada", "created_at": now, "updated_at": now}
        tx.session.execute(insert(Person.__table__).values(**ada))  # type: ignore[arg-type]

    return add
