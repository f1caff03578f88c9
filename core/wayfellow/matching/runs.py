"""Ask for match runs, stop them, and say how they are."""

from __future__ import annotations

from collections.abc import Sequence

from wayfellow.deployment import Transaction
from wayfellow.matching.models import MatchRun
from wayfellow.matching.views import RunView


def start_run(tx: Transaction, cycle_id: int, *, seed: int = 0, keep_locked_from: int | None = None) -> MatchRun:
    """Ask for a match run of a cycle; the job that computes it is written in the same transaction.

    ``keep_locked_from`` names an earlier run of the cycle whose locked drafts must come out paired again.
    Raises Conflict while another run of the cycle is waiting or running, or when the cycle is not open to matching.
    """
    raise NotImplementedError


def cancel_run(tx: Transaction, run_id: int) -> None:
    """Stop a run that is waiting or running; nothing of it is kept. Raises Conflict when it has ended already."""
    raise NotImplementedError


def list_runs(tx: Transaction, cycle_id: int) -> Sequence[RunView]:
    """List the runs of a cycle, newest first, at most 200."""
    raise NotImplementedError


def get_run(tx: Transaction, run_id: int) -> RunView:
    """Return one run with what it came to and how far its job is."""
    raise NotImplementedError
