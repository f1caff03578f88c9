"""Import people from files: stage, look, choose columns, start; or discard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import select

from wayfellow.deployment import Transaction
from wayfellow.errors import Conflict, InvalidInput, NotFound
from wayfellow.importing import uploads
from wayfellow.importing.files import open_file
from wayfellow.importing.models import ImportBatch, ImportState
from wayfellow.importing.preview import Preview, look_through
from wayfellow.jobs.models import JobRow, JobState
from wayfellow.jobs.service import FINAL_STATES, ask
from wayfellow.privacy.audit import record
from wayfellow.programmes.service import get_cycle
from wayfellow.tabular.writing import write_csv
from wayfellow.types import Role
from wayfellow.words import gettext

#: The job that does an import.
KIND = "import.people"
#: How long an upload that nobody starts is kept.
KEPT = timedelta(hours=24)
#: How many problems the file of problems holds.
MOST_PROBLEMS = 10_000


def stage_upload(tx: Transaction, cycle_id: int, role: Role, filename: str, stream: BinaryIO) -> ImportBatch:
    """Keep an uploaded file for looking at; nothing is imported yet. Uploads that nobody started are swept out.

    Raises NotFound, NotAllowed, and InvalidInput when the file is no table of people.
    """
    cycle = get_cycle(tx, cycle_id)
    tx.require("people.import", cycle.programme_id)
    if role not in (Role.MENTOR, Role.MENTEE):
        raise InvalidInput(gettext("Say whether the file holds mentors or mentees."))
    sweep(tx)
    name = uploads.shown_name(filename)
    path = uploads.store(tx.config.data_dir, stream, name)
    batch = ImportBatch(programme_id=cycle.programme_id, cycle_id=cycle_id, role=role, filename=name, path=path)
    batch.created_by, batch.created_at, batch.plan = tx.actor.person_id, tx.now(), {"ignore": []}
    try:
        open_file(tx, batch)
    except InvalidInput:
        uploads.remove(tx.config.data_dir, path)
        raise
    tx.session.add(batch)
    tx.session.flush()
    return batch


def get_import(tx: Transaction, batch_id: int) -> ImportBatch:
    """Return an import of a programme whose people the actor may import. Raises NotFound, NotAllowed."""
    batch = tx.session.get(ImportBatch, batch_id)
    if batch is None:
        raise NotFound(gettext("This upload is not here any more. Upload the file again."))
    tx.require("people.import", batch.programme_id)
    return batch


def list_imports(tx: Transaction, cycle_id: int, limit: int = 50) -> Sequence[ImportBatch]:
    """Return a cycle's imports, the newest first. Raises NotFound, NotAllowed."""
    tx.require("people.import", get_cycle(tx, cycle_id).programme_id)
    newest = select(ImportBatch).where(ImportBatch.cycle_id == cycle_id).order_by(ImportBatch.id.desc())
    return tx.session.scalars(newest.limit(limit)).all()


def choose_columns(tx: Transaction, batch_id: int, ignore: Iterable[str]) -> ImportBatch:
    """Say which columns are left out, by heading. Raises NotFound, NotAllowed, Conflict, InvalidInput."""
    batch = _open(tx, batch_id)
    batch.plan = {"ignore": sorted(set(ignore))}
    open_file(tx, batch)
    tx.session.flush()
    return batch


def preview(tx: Transaction, batch_id: int) -> Preview:
    """Return what an import would do: columns, counts, problems and a sample. Raises NotFound, NotAllowed, Conflict."""
    return look_through(tx, open_file(tx, _open(tx, batch_id)))


def export_problems(tx: Transaction, batch_id: int) -> Iterator[bytes]:
    """Yield a CSV file of a file's problems: row, column, problem, value. Raises NotFound, NotAllowed, Conflict."""
    found = look_through(tx, open_file(tx, _open(tx, batch_id)), limit=MOST_PROBLEMS).problems
    rows = [(problem.row, problem.column, problem.message, problem.value) for problem in found]
    return write_csv(("Row", "Column", "Problem", "Value"), rows)


def start_import(tx: Transaction, batch_id: int) -> JobRow:
    """Ask for the import; while it waits or runs, asking again gives the same job. One that failed starts anew.

    Raises NotFound, NotAllowed, and Conflict when it is done already.
    """
    batch = get_import(tx, batch_id)
    job = tx.session.get(JobRow, batch.job_id) if batch.job_id else None
    if job is None or job.state in FINAL_STATES:
        _require_open(batch, job)
        batch.attempt += 1
        batch.state = ImportState.STARTED
    key = f"{KIND}:{batch.id}:{batch.attempt}"
    job = ask(tx, KIND, {"batch_id": batch.id}, key=key, programme_id=batch.programme_id)
    batch.job_id = job.id
    tx.session.flush()
    return job


def discard(tx: Transaction, batch_id: int) -> None:
    """Delete an upload that is not imported. Raises NotFound, NotAllowed, Conflict."""
    batch = _open(tx, batch_id)
    _delete(tx, batch)
    record(tx, "import.discarded", "import", batch.id, batch.programme_id)


def sweep(tx: Transaction) -> int:
    """Delete uploads that nobody started within a day, and files that no import knows; return how many."""
    old = select(ImportBatch).where(ImportBatch.state == ImportState.STAGED, ImportBatch.created_at < tx.now() - KEPT)
    batches = tx.session.scalars(old).all()
    for batch in batches:
        _delete(tx, batch)
    known = set(tx.session.scalars(select(ImportBatch.path)))
    return len(batches) + uploads.remove_strays(tx.config.data_dir, known, KEPT.total_seconds())


def _delete(tx: Transaction, batch: ImportBatch) -> None:
    data_dir, path = tx.config.data_dir, batch.path
    tx.session.delete(batch)
    tx.session.flush()
    tx.tell(lambda host: uploads.remove(data_dir, path))


def _open(tx: Transaction, batch_id: int) -> ImportBatch:
    batch = get_import(tx, batch_id)
    _require_open(batch, tx.session.get(JobRow, batch.job_id) if batch.job_id else None)
    return batch


def _require_open(batch: ImportBatch, job: JobRow | None) -> None:
    if batch.state == ImportState.DONE or (job is not None and job.state == JobState.DONE):
        raise Conflict(
            gettext(
                "%(filename)s is imported already. Upload it again to import it once more.", filename=batch.filename
            )
        )
    if job is not None and job.state not in FINAL_STATES:
        raise Conflict(
            gettext("%(filename)s is being imported. Wait for it to end, or stop it first.", filename=batch.filename)
        )
