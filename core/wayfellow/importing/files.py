"""Open the file of an import: its table, and what its columns become."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass

from wayfellow.deployment import Transaction
from wayfellow.importing.changes import Change, Changes
from wayfellow.importing.models import ImportBatch
from wayfellow.people.fields import load_fields
from wayfellow.tabular.columns import PROFILE_FIELDS, ColumnPlan, plan_columns, widen
from wayfellow.tabular.limits import UPLOAD
from wayfellow.tabular.people import read_people
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Table, read_table
from wayfellow.types import ProfileField, Role


@dataclass(frozen=True, slots=True)
class ImportFile:
    """Be an import's file, opened: rows are read each time anew, and never held all at once."""

    batch: ImportBatch
    table: Table
    plan: ColumnPlan

    def changes(
        self, tx: Transaction, problems: Problems, only: Container[int] | None = None
    ) -> Iterator[list[Change]]:
        """Yield what the rows (or ``only`` those with these numbers) change, at most 500 at a time.

        Faults are noted in ``problems``.
        """
        ids = {key: stored.id for key, stored in load_fields(tx).items()}
        changes = Changes(tx.session, self.batch.cycle_id, self.batch.role, ids, problems)
        return changes.batches(read_people(self.table, self.plan, problems, only))


def open_file(tx: Transaction, batch: ImportBatch) -> ImportFile:
    """Open an import's file. Raises InvalidInput with a sentence when it is no table of people."""
    table = read_table(tx.config.data_dir / batch.path, batch.filename, UPLOAD)
    role = Role(batch.role)
    fields = _fields(tx, role)
    plan = plan_columns(table.columns, role, name=batch.filename, fields=fields, ignore=batch.plan.get("ignore", ()))
    return ImportFile(batch, table, plan)


def _fields(tx: Transaction, role: Role) -> list[ProfileField]:
    """Return the fields beyond core's: plugins', and those of earlier imports, which now serve this role too."""
    core = {definition.key for definition in PROFILE_FIELDS}
    plugins = {definition.key: definition for definition in tx.host.profile_fields}
    imported = [stored.definition for stored in load_fields(tx).values() if stored.origin == "import"]
    return [*plugins.values(), *(widen(d, role) for d in imported if d.key not in core | plugins.keys())]
