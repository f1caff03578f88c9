"""Publish what a run drafted: once, by one person, re-checked pair by pair, all or nothing."""

from __future__ import annotations

from wayfellow.deployment import Transaction
from wayfellow.mentorships.views import Published, PublishPreview


def publish_preview(tx: Transaction, run_id: int) -> PublishPreview:
    """Say what publishing a run would do and what people will read. Needs ``matching.publish``."""
    raise NotImplementedError


def publish_run(tx: Transaction, run_id: int, *, leave_out_failing: bool = False) -> Published:
    """Propose a run's drafts to the people in them. Needs ``matching.publish``.

    Raises Conflict when somebody published it before, when the run is not done, and, unless ``leave_out_failing``,
    when a pair does not hold any more; then nothing is published and the sentence names the pairs.
    """
    raise NotImplementedError
