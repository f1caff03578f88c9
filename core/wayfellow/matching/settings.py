"""Hold what a coordinator may set for a match run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from wayfellow.errors import InvalidInput
from wayfellow.types import JSON, Role

BLOCK_ROWS = 1024
#: So many pairs are solved in about a second; small pools are solved with every pair that has a score.
PAIRS_AT_ONCE = 1_000_000
#: The same for peers, whose choice is dearer.
PEER_PAIRS_AT_ONCE = 100_000
#: The most that lifting the lowest score may cost, as a part of the total.
FLOOR_PRICE = 0.001


class Objective(StrEnum):
    """Name what the whole choice aims at: as many people as possible first, or the highest total alone."""

    MOST_PEOPLE = "most_people"
    BEST_TOTAL = "best_total"


class Mode(StrEnum):
    """Name what kind of matching a run is.

    The best pairs, pairs by lot without repeats, groups, pairs within one pool, or, for people to get to know each
    other before pairs are chosen, chats.
    """

    PAIRS = "pairs"
    LOTTERY = "lottery"
    GROUPS = "groups"
    PEERS = "peers"
    CHEMISTRY = "chemistry"


class PeerPool(StrEnum):
    """Name whose pairs a run of peers in a cycle looks for: mentees', mentors', or everybody's."""

    MENTEES = "mentees"
    MENTORS = "mentors"
    EVERYONE = "everyone"


_POOL_ROLES: Mapping[str, tuple[Role, ...]] = MappingProxyType(
    {
        PeerPool.MENTEES: (Role.MENTEE,),
        PeerPool.MENTORS: (Role.MENTOR,),
        PeerPool.EVERYONE: (Role.MENTEE, Role.MENTOR),
    }
)
#: The lowest values that make sense.
_LEAST: Mapping[str, int] = MappingProxyType(
    {
        "candidates": 1,
        "alternatives": 0,
        "alternates": 0,
        "terms": 1,
        "workers": 1,
        "fewest_mentees": 0,
        "mentors_per_mentee": 1,
        "chats": 1,
    }
)


class Quota(NamedTuple):
    """Ask that at least and at most so many mentees are matched of those with a value in a field; None: no limit."""

    field: str
    value: str
    least: int = 0
    most: int | None = None

    def __str__(self) -> str:
        return f"{self.field}={self.value}:{self.least}-{'' if self.most is None else self.most}"


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Hold the choices of one run.

    ``weights`` by plugin (1 where nothing is said), non-negative; ``candidates`` kept per mentee (in small pools more
    take part in the choice); ``alternatives`` explained per mentee besides the assigned pair; ``alternates`` kept per
    mentee who still have a place after the run, explained where alternatives are; ``terms`` shown per scorer of an
    explanation; ``workers`` that score blocks side by side (1: as ``joblib.parallel_config`` says), which never changes
    the result. ``objective`` says what the choice aims at; ``floor`` lifts the lowest score given as far
    as that costs at most :data:`FLOOR_PRICE` of the total; ``incumbent_bonus`` in [0, 1] is what a pair that is
    together now counts more, as a part of its score; ``quotas`` over groups of mentees, with which no floor is sought.
    ``mode`` says what kind of matching it is; only pairs know quotas and a floor, and
    only groups a ``group_size``: the least and the most mentees of a mentor who has any. ``fewest_mentees`` each mentor
    should get who offers as many places, one with fewer as many as they offer. Only runs of a cycle know the others,
    since files say it of each person: ``mentors_per_mentee`` each mentee gets, as far as that is possible; ``pool`` is
    that of peers; ``chats`` each mentee has, and each mentor for every place, in the mode chemistry; and by how people
    rated these, pairs get ``ratings_weight`` of their score (0 to 1, None: ratings play no part), those without a chat
    ``beyond_chats`` alone.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    candidates: int = 50
    alternatives: int = 5
    alternates: int = 3
    terms: int = 8
    workers: int = 1
    objective: str = Objective.MOST_PEOPLE
    floor: bool = True
    incumbent_bonus: float = 0.05
    quotas: tuple[Quota, ...] = ()
    mode: str = Mode.PAIRS
    group_size: tuple[int, int] | None = None
    fewest_mentees: int = 0
    mentors_per_mentee: int = 1
    pool: str = PeerPool.EVERYONE
    chats: int = 3
    ratings_weight: float | None = None
    beyond_chats: bool = False

    def __post_init__(self) -> None:
        """Raise InvalidInput for a value that makes no sense."""
        for name, weight in self.weights.items():
            if not math.isfinite(weight) or weight < 0:
                raise InvalidInput(f"The weight of {name} is {weight}; give a number that is 0 or more.")
        for name, lowest in _LEAST.items():
            if getattr(self, name) < lowest:
                raise InvalidInput(f"The setting {name} is {getattr(self, name)}; give {lowest} or more.")
        if self.objective not in tuple(Objective):
            raise InvalidInput(f"The objective is {self.objective}; give {' or '.join(Objective)}.")
        if self.mode not in tuple(Mode):
            raise InvalidInput(f"The mode is {self.mode}; give {' or '.join(Mode)}.")
        if self.pool not in tuple(PeerPool):
            raise InvalidInput(f"The pool is {self.pool}; give {' or '.join(PeerPool)}.")
        if self.mode == Mode.PEERS and (self.mentors_per_mentee > 1 or self.fewest_mentees):
            raise InvalidInput("Each peer is in one pair; leave out how many each gets, or choose another mode.")
        if self.ratings_weight is not None and not (0 <= self.ratings_weight <= 1 and self.mode == Mode.PAIRS):
            raise InvalidInput("Ratings of chats make up a part of the score, from 0 to 1, of the mode pairs alone.")
        if self.quotas and self.mode != Mode.PAIRS:
            raise InvalidInput(f"Quotas do not go with the mode {self.mode}; leave out the quotas, or the mode.")
        self._check_group_size()
        if not 0 <= self.incumbent_bonus <= 1:
            raise InvalidInput(f"The bonus for current pairs is {self.incumbent_bonus}; give a number from 0 to 1.")
        # Settings that were stored come back as lists.
        object.__setattr__(self, "quotas", tuple(Quota(*quota) for quota in self.quotas))
        for quota in self.quotas:
            if quota.least < 0 or (quota.most is not None and quota.most < quota.least):
                raise InvalidInput(f"The quota {quota} allows nothing; give a least number and no lower most number.")

    def _check_group_size(self) -> None:
        if (self.mode == Mode.GROUPS) != (self.group_size is not None):
            raise InvalidInput("The mode groups and a group size go together; give both, or leave both out.")
        if self.group_size:
            least, most = self.group_size
            if not 1 <= least <= most:
                raise InvalidInput(f"The group size {least}-{most} allows nothing; give 1 or more, and no lower most.")
            object.__setattr__(self, "group_size", (least, most))

    def choice(self) -> dict[str, JSON]:
        """Return the settings that say how pairs are chosen, for the fingerprint of a run's input."""
        return {
            "objective": str(self.objective),
            "floor": self.floor,
            "incumbent_bonus": float(self.incumbent_bonus),
            "quotas": [list(quota) for quota in self.quotas],
            "mode": str(self.mode),
            "group_size": list(self.group_size) if self.group_size else None,
        }

    @property
    def pool_roles(self) -> tuple[Role, ...]:
        """Return the roles of the peers of a run in a cycle."""
        return _POOL_ROLES[self.pool]

    def width(self, mentees: int) -> int:
        """Return how many candidates of each mentee take part in the choice: no fewer than are kept."""
        pairs = PEER_PAIRS_AT_ONCE if self.mode == Mode.PEERS else PAIRS_AT_ONCE
        return max(self.candidates, pairs // max(1, mentees))

    def weight(self, plugin: str) -> float:
        """Return the weight of a plugin's scores before weights are made to add up to 1."""
        return float(self.weights.get(plugin, 1.0))
