"""Hold what pages show of match runs: plain values, read once, free of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wayfellow.matching.models import RunState
from wayfellow.matching.reasons import Fairness, Relaxation
from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.tries import TryState
from wayfellow.types import Contribution


@dataclass(frozen=True, slots=True)
class PersonRef:
    """Name a person in a list; ``job_title`` is "" when their profile says none."""

    id: int
    name: str
    job_title: str = ""


@dataclass(frozen=True, slots=True)
class ScorerPart:
    """Hold one scorer's part of a pair's score: ``points`` of all parts add up to the score, in [0, 1].

    ``terms`` add up to ``points``; they are empty when the scorer could not explain itself.
    """

    scorer: str
    weight: float
    points: float
    terms: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class JobProgress:
    """Hold how far a run's job is: a step's name, and ``done`` of ``total`` (0: not known)."""

    step: str = ""
    done: int = 0
    total: int = 0
    message: str = ""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Hold what a run came to, as it was when it ended; scores are in [0, 1], None when nobody was matched.

    Of ``current`` pairs that were together before, so many ``moved``.
    ``quotas`` as they were asked for, with how many people each counts; ``short`` mentors got fewer than asked for.
    Runs from before these were measured have no ``fairness`` and no ``relaxations``. These name people by their ids.
    ``unpriced`` says why the run does not know what other pairs would have cost, "" where it does.
    """

    mentees: int = 0
    mentors: int = 0
    matched: int = 0
    places: int = 0
    places_used: int = 0
    median: float | None = None
    worst: float | None = None
    current: int = 0
    moved: int = 0
    total: float = 0.0
    upper_bound: float = 0.0
    seconds: Mapping[str, float] = field(default_factory=dict)
    fairness: Fairness | None = None
    relaxations: tuple[Relaxation, ...] = ()
    unpriced: str = ""
    quotas: Sequence[tuple[str, int]] = ()
    short: int = 0


@dataclass(frozen=True, slots=True)
class RunView:
    """Hold one match run as a page shows it; ``created_by`` and ``published_by`` are names ("" for the system).

    ``degraded`` names scorers that failed; ``error`` is the sentence of a failed run. ``kept_from`` is the run
    whose locked pairs it kept, ``criteria_version`` the version of the programme's criteria it went by, None for none.
    ``try_of`` is the run that it came from as a try, and ``try_state`` where it stands as one (None: never a try).
    """

    id: int
    cycle_id: int
    programme_id: int
    number: int
    state: str
    seed: int
    created_by: str
    created_at: datetime
    finished_at: datetime | None
    published_by: str
    published_at: datetime | None
    summary: RunSummary
    degraded: tuple[str, ...]
    error: str | None
    input_hash: str | None
    versions: Mapping[str, str]
    kept_from: int | None
    progress: JobProgress
    criteria_version: int | None = None
    settings: MatchSettings = field(default_factory=MatchSettings)
    try_of: int | None = None
    try_of_number: int | None = None
    try_state: TryState | None = None

    @property
    def is_try(self) -> bool:
        """Tell whether this is a try that nobody used."""
        return self.try_state not in (None, TryState.USED)

    @property
    def under_review(self) -> bool:
        """Tell whether its pairs may be changed and published."""
        return self.state == RunState.DONE and self.published_at is None and not self.is_try
