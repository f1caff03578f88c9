"""Do imports outside requests: look through the whole file first, then write all of it in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from wayfellow.deployment import Transaction
from wayfellow.errors import NotFound
from wayfellow.importing import uploads
from wayfellow.importing.files import ImportFile, open_file
from wayfellow.importing.models import ImportBatch, ImportState
from wayfellow.importing.service import KIND, sweep
from wayfellow.importing.writing import Writer
from wayfellow.jobs.context import JobContext
from wayfellow.people.fields import add_imported_field, load_fields, sync_fields
from wayfellow.privacy.audit import record
from wayfellow.tabular.problems import Problems
from wayfellow.types import JSON, SYSTEM, Job
from wayfellow.words import gettext, later


def run_import(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Import one batch, all of it or nothing; a batch that is done stays as it is.

    Checking shows progress and can be cancelled. Raises InvalidInput with the problems, NotFound.
    """
    batch_id = int(payload["batch_id"])
    with context.deployment.reading(SYSTEM) as tx:
        batch = _find(tx, batch_id)
        if batch.state == ImportState.DONE:
            return batch.counts
        rows, todo = _check(context, tx, open_file(tx, batch))
    counts: dict[str, int] = {}
    with context.finish(counts) as tx:
        batch = _find(tx, batch_id)
        counts.update(_take(tx, open_file(tx, batch), todo))
        counts["unchanged"] = rows - counts["new"] - counts["changed"]
        batch.state, batch.counts, batch.finished_at = ImportState.DONE, dict(counts), tx.now()
        record(tx, "people.imported", "import", batch.id, batch.programme_id, role=batch.role, **counts)
        data_dir, path = tx.config.data_dir, batch.path
        tx.tell(lambda host: uploads.remove(data_dir, path))
    return None


def _find(tx: Transaction, batch_id: int) -> ImportBatch:
    batch = tx.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(gettext("This upload is not here any more. Upload the file again."))
    return batch


def _check(context: JobContext, tx: Transaction, file: ImportFile) -> tuple[int, set[int]]:
    """Return how many people the file has, and the numbers of the rows that there is something to write for."""
    problems = Problems(file.batch.filename)
    context.progress("counting")
    total = sum(1 for _ in file.table.rows(Problems(file.batch.filename)))
    done, todo = 0, set[int]()
    for changes in file.changes(tx, problems):
        done += len(changes)
        todo.update(change.row.number for change in changes if change.kind != "unchanged")
        context.progress("checking", done, total, f"{done:,} of {total:,} people checked")
    problems.raise_if_any()
    context.progress("writing", 0, len(todo), f"Writing {len(todo):,} people")
    return done, todo


def _take(tx: Transaction, file: ImportFile, todo: set[int]) -> Counter[str]:
    """Write the rows with these numbers, all or none, and return how many people were new and changed.

    Only these are compared again, so that an embedded database is kept from its other writers as shortly as can be.
    """
    problems = Problems(file.batch.filename)
    sync_fields(tx)
    for planned in file.plan.used:
        if planned.column.field is not None:
            add_imported_field(tx, planned.column.field)
    ids = {key: stored.id for key, stored in load_fields(tx).items()}
    writer = Writer(tx, file.batch.cycle_id, file.batch.role, ids)
    counts = Counter(new=0, changed=0)
    for changes in file.changes(tx, problems, todo):
        problems.raise_if_any()
        writer.write(changes)
        counts.update(change.kind for change in changes)
    problems.raise_if_any()
    return counts


def run_sweep(context: JobContext, payload: Mapping[str, Any]) -> JSON:
    """Delete uploads that nobody started."""
    with context.deployment.transaction(SYSTEM) as tx:
        return {"removed": sweep(tx)}


JOBS: tuple[Job, ...] = (
    Job(KIND, run_import, later("Import of people")),
    Job("import.sweep", run_sweep, later("Removal of forgotten uploads"), every=timedelta(days=1)),
)
