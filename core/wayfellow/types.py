"""Hold the values that hooks take and return: frozen, typed, and free of the database.

NumPy, SciPy and SQLAlchemy are named for the type checker only, so that importing this costs nothing at start-up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from wayfellow.message_types import Attachment as Attachment
from wayfellow.message_types import Channel as Channel
from wayfellow.message_types import Delivering as Delivering
from wayfellow.message_types import Enclosure as Enclosure
from wayfellow.message_types import Message as Message
from wayfellow.message_types import MessageKind as MessageKind

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

    from wayfellow.deployment import Transaction
    from wayfellow.jobs.context import JobContext

JSON = None | bool | int | float | str | Sequence["JSON"] | Mapping[str, "JSON"]
T = TypeVar("T")


class Role(StrEnum):
    """Name what a person is in a programme, or, for the last two, in the whole deployment."""

    MENTOR = "mentor"
    MENTEE = "mentee"
    COORDINATOR = "coordinator"
    EVENT_HOST = "event_host"
    DOOR_STAFF = "door_staff"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class FieldType(StrEnum):
    """Name how a profile field is typed, checked and shown."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    TAGS = "tags"
    NUMBER = "number"
    AVAILABILITY = "availability"


class Audience(StrEnum):
    """Name who may read a value, from the narrowest to the widest."""

    SELF = "self"
    COORDINATORS = "coordinators"
    PAIR = "pair"
    PROGRAMME = "programme"


class MatchState(StrEnum):
    """Name the states of a proposal and of the mentorship that comes of it."""

    DRAFTED = "drafted"
    QUEUED = "queued"
    REQUESTED = "requested"
    MORE_INFO = "more_info"
    PROPOSED = "proposed"
    AWAITING_ADMIN = "awaiting_admin"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DISCARDED = "discarded"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    ACTIVE = "active"
    PAUSED = "paused"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"


class Slot(StrEnum):
    """Name the places on pages where plugins may put a panel."""

    OVERVIEW_MAIN = "overview.main"
    OVERVIEW_SIDE = "overview.side"
    PERSON_SIDE = "person.side"
    PAIR_SIDE = "pair.side"
    HOME_MAIN = "home.main"
    HOME_SIDE = "home.side"


@dataclass(frozen=True, slots=True)
class RoleGrant:
    """Say that a role holds in one programme, or everywhere when ``programme_id`` is None."""

    role: Role
    programme_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Say who acts: a person with roles, or the system itself (jobs, the command line of an operator)."""

    person_id: int | None = None
    name: str = ""
    grants: frozenset[RoleGrant] = frozenset()
    is_system: bool = False

    def holds(self, roles: Iterable[Role], programme_id: int | None) -> bool:
        """Tell whether any of the roles holds in the programme, or in the whole deployment."""
        wanted = set(roles)
        return any(g.role in wanted and g.programme_id in (None, programme_id) for g in self.grants)


SYSTEM = Actor(name="Wayfellow", is_system=True)
ANONYMOUS = Actor()


# What register_* hooks return ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Setting:
    """Describe one value that an organisation may set for a plugin, in the browser or in the configuration file.

    ``key`` is prefixed with the plugin's name. The default's type is the value's. ``options`` are the texts to choose
    from, ``least`` and ``most`` bound a number. A ``secret`` is a text that is kept encrypted and never shown again.
    """

    key: str
    label: str
    default: JSON
    help: str = ""
    options: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Migrations:
    """Point to a plugin's Alembic versions folder and the modules that define its tables."""

    directory: Path


@dataclass(frozen=True, slots=True)
class ProfileField:
    """Describe one field of a profile.

    ``roles`` says who fills it in, ``matched_for`` for which roles its text takes part in matching, ``columns`` which
    further column headings of an import mean this field.
    """

    key: str
    label: str
    type: FieldType = FieldType.TEXT
    options: tuple[str, ...] = ()
    required: bool = False
    audience: Audience = Audience.PROGRAMME
    roles: frozenset[Role] = frozenset({Role.MENTOR, Role.MENTEE})
    matched_for: frozenset[Role] = frozenset()
    columns: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class GoalKind:
    """Describe a kind of goal, such as a first leading role or a change of field."""

    key: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class Criterion:
    """Be one rule or preference of a programme, of a :class:`CriterionKind`.

    ``weight`` 0 to 10 says how much it counts in the score; where it is ``hard``, pairs that break it are forbidden
    too. ``direction``, ``parameters`` and ``field`` are what the kind offers, filled in; empty where it offers none.
    """

    kind: str
    weight: float = 5.0
    hard: bool = False
    direction: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    field: str = ""


@dataclass(frozen=True, slots=True)
class CriterionParameter:
    """Describe one number that a coordinator may set for a criterion, from ``least`` to ``most``."""

    key: str
    label: str
    default: float
    least: float
    most: float


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """Hold what a criterion says of a block of mentees and all mentors.

    ``scores`` float32 in [0, 1] and ``broken`` bool, True where a hard rule would forbid the pair; both have the shape
    of the problem it was asked about.
    """

    scores: NDArray[np.float32]
    broken: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CriterionKind:
    """Describe a kind of rule or preference that coordinators choose and weigh.

    ``judge(problem, criterion)`` says at once what holds for the block ``problem.rows`` and all mentors;
    ``say(problem, criterion, mentee, mentor)`` says in a few words what holds for one pair of positions. ``directions``
    are (key, label), the first the default. ``takes_field`` asks for a field of the profile, ``timed`` marks what
    depends on the moment, which is ``problem.settings["criteria"]["at"]``. Functions must be importable by name, so
    that other processes find them.
    """

    key: str
    label: str
    judge: Callable[[MatchProblem, Criterion], Verdict]
    say: Callable[[MatchProblem, Criterion, int, int], str]
    help: str = ""
    directions: tuple[tuple[str, str], ...] = ()
    parameters: tuple[CriterionParameter, ...] = ()
    takes_field: bool = False
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """Describe one thing that may be allowed, and the roles that may do it by default."""

    name: str
    help: str
    roles: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Job:
    """Describe work that runs outside a request, at least once; ``run`` must be safe to repeat.

    ``every`` (None: only when asked for) repeats it, counted in UTC.
    """

    kind: str
    run: Callable[[JobContext, Mapping[str, Any]], JSON]
    label: str = ""
    every: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Format:
    """Describe a file format for lists: ``write`` turns a header and rows into chunks of bytes."""

    suffix: str
    media_type: str
    write: Callable[[Sequence[str], Iterable[Sequence[object]]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class KpiValue:
    """Hold what a KPI came to: ``value`` (None: too few to say) and ``n``, the number of cases behind it."""

    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Kpi:
    """Describe a key figure of a programme; ``compute(session, programme_id)`` returns its value."""

    key: str
    label: str
    definition: str
    compute: Callable[[Session, int], KpiValue]


@dataclass(frozen=True, slots=True)
class DemoPart:
    """Describe what a plugin adds to the demo programme; ``fill(tx, programme_id)`` runs once people are matched."""

    label: str
    fill: Callable[[Transaction, int], None]


# What verbs take and return -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NavItem:
    """Describe an entry of the main navigation; ``endpoint`` is the web's name of the page."""

    endpoint: str
    label: str
    order: int = 100
    permission: str | None = None
    icon: str = "plug"


@dataclass(frozen=True, slots=True)
class Panel:
    """Describe a part of a page: a template of the plugin and what it is rendered with."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    order: int = 100


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Hold one side of a match as aligned columns of length n, sorted by ``keys``.

    ``ids`` int64 (n,); ``keys`` the people's own identifiers; ``fields`` one text per person and field ("" where
    nothing is said); ``text_fields`` names the fields whose text takes part in matching.
    """

    ids: NDArray[np.int64]
    keys: tuple[str, ...]
    fields: Mapping[str, Sequence[str]]
    text_fields: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.keys)

    def documents(self, rows: slice = slice(None)) -> list[list[str]]:
        """Return each person's documents: one text per field that takes part, in the order of ``text_fields``."""
        columns = [self.fields[name][rows] for name in self.text_fields]
        if not columns:
            return [[] for _ in range(*rows.indices(len(self)))]
        return [list(texts) for texts in zip(*columns, strict=True)]


#: Stands for an array that the problem fills in itself, since only it knows how long that is.
_NOTHING_ASKED: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class MatchProblem:
    """Hold the whole question of a match run, and in ``rows`` the block of mentees that is asked about now.

    ``capacity`` int16 (n_mentors,): places each mentor offers. ``locked`` int64 (k, 2): positions of mentee and mentor
    that must be paired; ``excluded`` int64 (k, 2): that must not, and ``private`` those of them that nobody may be told
    of. ``minimum`` int16 (n_mentors,): mentees that each mentor should get at least, 0 where nothing is said.
    ``wanted`` int16 (n_mentees,): mentors for each mentee, 1 where nothing is said. ``current`` int64 (k, 2): pairs
    that are together now; ``met`` int64 (k, 3): pairs that a lottery brought together, and how many rounds ago (1: the
    latest). ``kinds`` holds the kinds of criteria that the settings speak of, by key. ``asked`` bool (n_mentors,) marks
    the mentors whose scores are asked for, None for all: a scorer may spare itself those of the others. ``memo`` lives
    as long as the run: there a scorer keeps what it learns once (see :meth:`once`).
    """

    mentees: Pool
    mentors: Pool
    capacity: NDArray[np.int16]
    locked: NDArray[np.int64]
    excluded: NDArray[np.int64]
    rows: slice = field(default_factory=lambda: slice(None))
    seed: int = 0
    settings: Mapping[str, JSON] = field(default_factory=dict)
    kinds: Mapping[str, CriterionKind] = field(default_factory=dict)
    memo: dict[str, Any] = field(default_factory=dict)
    minimum: NDArray[np.int16] = _NOTHING_ASKED
    wanted: NDArray[np.int16] = _NOTHING_ASKED
    current: NDArray[np.int64] = _NOTHING_ASKED
    private: NDArray[np.int64] = _NOTHING_ASKED
    met: NDArray[np.int64] = _NOTHING_ASKED
    asked: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        """Fill in arrays for what nobody asked."""
        import numpy as np

        for name, make in (
            ("minimum", lambda: np.zeros(len(self.mentors), np.int16)),
            ("wanted", lambda: np.ones(len(self.mentees), np.int16)),
            ("current", lambda: np.zeros((0, 2), np.int64)),
            ("private", lambda: np.zeros((0, 2), np.int64)),
            ("met", lambda: np.zeros((0, 3), np.int64)),
        ):
            if getattr(self, name) is _NOTHING_ASKED:
                object.__setattr__(self, name, make())

    @property
    def shape(self) -> tuple[int, int]:
        """Return (mentees in this block, mentors): the shape of what a scorer returns."""
        return len(range(*self.rows.indices(len(self.mentees)))), len(self.mentors)

    def block(self, rows: slice, asked: NDArray[np.bool_] | None = None) -> MatchProblem:
        """Return the same problem asked for other mentees, and perhaps for some mentors alone; the memo is shared."""
        return replace(self, rows=rows, asked=asked)

    def once(self, key: str, make: Callable[[], T]) -> T:
        """Return what ``make`` made the first time in this run; prefix ``key`` with the plugin's name."""
        if key not in self.memo:
            self.memo[key] = make()
        value: T = self.memo[key]
        return value


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Hold the pairs that a solver chose: positions in the pools, int64 (k,) each, aligned."""

    mentee: NDArray[np.int64]
    mentor: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Contribution:
    """Hold one reason's part of a score; the fields say which texts it came from.

    ``shared`` is False for what the two people do not say themselves, such as words that were read between the lines
    or a remainder: it counts, but nobody is told that they both speak of it.
    """

    label: str
    share: float
    mentee_field: str | None = None
    mentor_field: str | None = None
    shared: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class BrokenRule:
    """Hold which pairs of those asked about one rule forbids: ``broken`` bool (k,), in their order.

    ``label`` names the rule so that it fits after "forbidden by" and "without", such as "the criterion Languages in
    common"; it is the same however often a run asks. ``say(mentee, mentor)`` says in a few words what holds for a pair
    of positions that breaks it.
    """

    label: str
    broken: NDArray[np.bool_]
    say: Callable[[int, int], str] | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Hold a score and what it is made of: the shares of ``contributions`` add up to ``score``."""

    score: float
    contributions: tuple[Contribution, ...] = ()
