"""Run one job that was taken: give it its context, and settle it whatever happens."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from wayfellow.deployment import Deployment, Transaction
from wayfellow.errors import WayfellowError
from wayfellow.jobs import queue
from wayfellow.jobs.context import JobCancelled
from wayfellow.jobs.models import JobState
from wayfellow.jobs.queue import LeaseLost, Taken
from wayfellow.types import SYSTEM, Actor, Job

log = logging.getLogger(__name__)

#: Progress within the same step is written at most this often, in seconds.
PROGRESS_EVERY = 0.3


class Stopping(BaseException):
    """Say that the worker has to go, and the job goes back to the others.

    It is no Exception, so that a job's own ``except Exception`` lets it pass.
    """


@dataclass(slots=True)
class Context:
    """Be the JobContext of one run of one job."""

    deployment: Deployment
    job: Taken
    lease: timedelta
    stopping: Callable[[], bool]
    settled: bool = False
    _settling: bool = False
    _step: str | None = None
    _written_at: float = field(default=0.0)

    @property
    def job_id(self) -> int:
        """Return the job's own row."""
        return self.job.id

    @property
    def actor(self) -> Actor:
        """Return the system, acting for whoever asked for the job."""
        return Actor(person_id=self.job.asked_by, name=SYSTEM.name, is_system=True)

    def progress(self, step: str, done: int = 0, total: int = 0, message: str = "") -> None:
        """Report progress, renew the lease, and raise JobCancelled when someone asked the job to stop.

        Inside ``finish`` it does nothing: what is written there shows all at once, and cannot be cancelled any more.
        """
        fresh = step == self._step and time.monotonic() - self._written_at < PROGRESS_EVERY
        if self._settling or fresh:
            return
        if self.stopping():
            raise Stopping
        report = {"step": step, "done": done, "total": total, "message": message}
        with self.deployment.transaction(SYSTEM) as tx:
            cancel_asked = queue.renew(tx.session, self.job, tx.now() + self.lease, progress=report)
        self._step, self._written_at = step, time.monotonic()
        if cancel_asked:
            raise JobCancelled("The work was stopped because someone asked for it.")

    @contextmanager
    def finish(self, result: Mapping[str, Any]) -> Iterator[Transaction]:
        """Give the transaction in which the effect is written and the job is marked done, both or neither.

        ``result`` is JSON, read at the end, so the effect may still fill it in. Raises JobCancelled, LeaseLost.
        """
        self._settling = True
        try:
            with self.deployment.transaction(self.actor) as tx:
                if queue.renew(tx.session, self.job, tx.now() + self.lease):
                    raise JobCancelled("The work was stopped because someone asked for it.")
                yield tx
                queue.settle(tx.session, self.job, JobState.DONE, tx.now(), result=dict(result), error=None)
            self.settled = True
        finally:
            self._settling = False


def run_job(context: Context, job: Job) -> None:
    """Run a job and settle it: done, cancelled, failed, or back to be tried again."""
    try:
        _run(context, job)
    except LeaseLost:
        log.warning("job %d (%s): another worker has it, nothing was written here", context.job_id, job.kind)
    except Exception as error:
        what = "went wrong after it was done" if context.settled else "could not be settled, its lease will run out"
        log.error("job %d (%s) %s: %s", context.job_id, job.kind, what, describe(error))


def _run(context: Context, job: Job) -> None:
    taken = context.job
    try:
        if taken.cancel_asked:
            raise JobCancelled
        if taken.attempts > queue.MAX_ATTEMPTS:
            raise WayfellowError(_gave_up("its worker stopped before the end", taken))
        result = job.run(context, taken.payload)
        if not context.settled:
            with context.finish(result if isinstance(result, Mapping) else {"value": result}):
                pass
    except Stopping:
        with context.deployment.transaction(SYSTEM) as tx:
            queue.put_back(tx.session, taken, tx.now(), attempts=taken.attempts - 1, error=None)
    except Exception as error:
        if context.settled:
            raise
        _fail(context, error)


def _fail(context: Context, error: Exception) -> None:
    taken = context.job
    with context.deployment.transaction(SYSTEM) as tx:
        if isinstance(error, JobCancelled):
            queue.settle(tx.session, taken, JobState.CANCELLED, tx.now(), error=None)
        elif isinstance(error, WayfellowError):  # a sentence for people: trying again would only say it again
            queue.settle(tx.session, taken, JobState.FAILED, tx.now(), error=str(error))
        elif taken.attempts >= queue.MAX_ATTEMPTS:
            sentence = _gave_up(f"something went wrong inside Wayfellow ({type(error).__name__})", taken)
            queue.settle(tx.session, taken, JobState.FAILED, tx.now(), error=sentence)
        else:
            again = tx.now() + queue.wait_before(taken.attempts)
            sentence = f"Something went wrong inside Wayfellow ({type(error).__name__}); it is tried again."
            queue.put_back(tx.session, taken, again, attempts=taken.attempts, error=sentence)
    if not isinstance(error, WayfellowError):
        log.error("job %d (%s), attempt %d: %s", taken.id, taken.kind, taken.attempts, describe(error))


def _gave_up(why: str, job: Taken) -> str:
    return (
        f"The work was given up after {queue.MAX_ATTEMPTS} attempts: {why}. "
        f"Start it again; if it fails again, ask your administrator to look into the log for job {job.id}."
    )


def describe(error: BaseException) -> str:
    """Return the kind of an error and the lines it passed, without its message, which may hold personal data."""
    lines = "".join(f"\n  {f.filename}:{f.lineno} in {f.name}" for f in traceback.extract_tb(error.__traceback__))
    causes = error.__cause__ or error.__context__
    return f"{type(error).__name__}{lines}" + (f"\ncaused by {describe(causes)}" if causes else "")
