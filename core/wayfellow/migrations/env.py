"""Let Alembic run or compare the revisions of one owner, on the connection that the runner hands over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from wayfellow.db import Base, UTCDateTime
from wayfellow.migrations.owners import CORE, Owner, Owners, core_tables

owners: Owners = context.config.attributes["owners"]
owner: Owner = context.config.attributes["owner"]


def is_own(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
    """Leave other owners' tables alone, and models of plugins that are imported without being installed."""
    if kind != "table":
        return True
    if owner.name == CORE and not reflected and name not in core_tables():
        return False
    return owners.owner_of(name or "") == owner.name


def render(kind: str, thing: Any, autogen_context: Any) -> str | Literal[False]:
    """Write our own column types as the plain types they are stored as, so that revisions never import models."""
    return "sa.DateTime(timezone=True)" if isinstance(thing, UTCDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=owner.version_table,
    include_object=is_own,
    render_item=render,
    render_as_batch=context.config.attributes.get("as_batch", True),
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
