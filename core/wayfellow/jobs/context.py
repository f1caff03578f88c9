"""Define what a running job may use: the deployment, its progress, and the wish that it stop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from wayfellow.errors import WayfellowError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from wayfellow.deployment import Deployment, Transaction


class JobCancelled(WayfellowError):
    """Say that someone asked the job to stop."""


class JobContext(Protocol):
    """Be what a job's ``run(context, payload)`` gets."""

    @property
    def job_id(self) -> int:
        """Return the job's own row."""
        ...

    @property
    def deployment(self) -> Deployment:
        """Return the deployment that the job works for."""
        ...

    def progress(self, step: str, done: int = 0, total: int = 0, message: str = "") -> None:
        """Report progress, renew the lease, and raise JobCancelled when someone asked the job to stop."""
        ...

    def finish(self, result: Mapping[str, Any]) -> AbstractContextManager[Transaction]:
        """Give the transaction in which the effect is written and the job is marked done, both or neither."""
        ...
