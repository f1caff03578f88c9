"""Look through a whole file and say what importing it would do, without doing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from wayfellow.deployment import Transaction
from wayfellow.errors import Problem
from wayfellow.importing.changes import Change
from wayfellow.importing.files import ImportFile
from wayfellow.importing.models import ImportBatch
from wayfellow.tabular.columns import ColumnPlan
from wayfellow.tabular.problems import LIMIT, Problems

SAMPLE = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """Hold what an import would do; ``problems`` are the first 100 of ``problem_count``, ``sample`` the first rows.

    ``plan.columns`` says what each column becomes; ``plan.unknown`` are those that nobody declared.
    """

    batch: ImportBatch
    plan: ColumnPlan
    new: int
    changed: int
    unchanged: int
    problems: tuple[Problem, ...]
    problem_count: int
    sample: tuple[Change, ...] = field(default=())

    @property
    def rows(self) -> int:
        """Return how many people the file has, without rows that have problems."""
        return self.new + self.changed + self.unchanged

    @property
    def ready(self) -> bool:
        """Tell whether the import can start."""
        return self.problem_count == 0


def look_through(
    tx: Transaction, file: ImportFile, *, limit: int = LIMIT, seen: Callable[[int], None] = lambda count: None
) -> Preview:
    """Read all rows of a file and compare them with what is known; ``seen`` is told how many were read so far."""
    problems = Problems(file.batch.filename, limit)
    counts: Counter[str] = Counter()
    sample: list[Change] = []
    for batch in file.changes(tx, problems):
        counts.update(change.kind for change in batch)
        sample += batch[: SAMPLE - len(sample)]
        seen(counts.total() + problems.total)
    return Preview(
        file.batch,
        file.plan,
        counts["new"],
        counts["changed"],
        counts["unchanged"],
        tuple(problems.items),
        problems.total,
        tuple(sample),
    )
