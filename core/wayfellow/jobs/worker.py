"""Work through the jobs: in a thread of the web server, or in processes of their own."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from wayfellow.deployment import Deployment
from wayfellow.jobs import queue
from wayfellow.jobs.bell import bell
from wayfellow.jobs.run import Context, describe, run_job
from wayfellow.jobs.service import ask
from wayfellow.settings.service import refresh
from wayfellow.types import SYSTEM, Job

log = logging.getLogger(__name__)


class Worker:
    """Take jobs by lease and run them, one at a time.

    ``lease`` is how long a job may show no progress before another worker takes it; ``poll`` how many seconds to wait
    before looking for work of other processes. Work asked for in this process is taken at once.
    """

    def __init__(
        self,
        deployment: Deployment,
        jobs: Iterable[Job],
        *,
        lease: timedelta = timedelta(seconds=60),
        poll: float = 1.0,
    ) -> None:
        self.deployment, self.lease, self.poll = deployment, lease, poll
        self.jobs = {job.kind: job for job in jobs}
        self._asked_for: dict[str, datetime] = {}
        self._stop = Event()
        self._bell = bell(deployment.engine)
        self._thread: Thread | None = None

    def run_once(self) -> bool:
        """Take one job that is due and run it; tell whether there was one."""
        self._ask_for_repeated()
        with self.deployment.transaction(SYSTEM) as tx:
            taken = queue.take(tx.session, list(self.jobs), tx.now(), self.lease)
        if taken is not None:
            refresh(self.deployment)
            run_job(Context(self.deployment, taken, self.lease, self._stop.is_set), self.jobs[taken.kind])
        return taken is not None

    def run(self) -> None:
        """Work until :meth:`stop` is called from elsewhere; a database that is away for a while is waited for."""
        while not self._stop.is_set():
            self._bell.clear()
            try:
                busy = self.run_once()
            except Exception as error:
                log.error("the worker waits: %s", describe(error))
                busy = False
            if not busy and not self._stop.is_set():
                self._bell.wait(self.poll)

    def start(self) -> None:
        """Work in a thread of this process, which ends with it."""
        self._stop.clear()
        self._thread = Thread(target=self.run, name="wayfellow-worker", daemon=True)
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Take no more jobs; the one at work ends, or goes back to the others at its next sign of progress."""
        self._stop.set()
        self._bell.set()

    @property
    def is_stopping(self) -> bool:
        """Tell whether it was asked to stop."""
        return self._stop.is_set()

    def stop(self, timeout: float | None = 10.0) -> bool:
        """Stop, wait for the thread for so many seconds, and tell whether it ended."""
        self.ask_to_stop()
        return self.wait(timeout)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the thread for so many seconds, and tell whether it ended."""
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()

    def _ask_for_repeated(self) -> None:
        """Ask for each repeated job once per period, counted in UTC, however many workers do the same."""
        for job in self.jobs.values():
            if job.every is None:
                continue
            now = self.deployment.clock()
            start = _EPOCH + (now - _EPOCH) // job.every * job.every
            if self._asked_for.get(job.kind) != start:
                with self.deployment.transaction(SYSTEM) as tx:
                    ask(tx, job.kind, {}, key=f"{job.kind}@{start.isoformat()}")
                self._asked_for[job.kind] = start


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
