"""Hold what a run says beside its pairs: why not others, what would help, how fair it is; plain values to store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

#: Of the people whom a relaxation would match so many are named; the rest is counted.
NAMED = 20


class Obstacle(StrEnum):
    """Name why a mentee did not get a mentor who scored higher; the codes are stored and never change their meaning."""

    FULL = "full"
    NO_PLACES = "no_places"
    LOCKED = "locked"
    EXCLUDED = "excluded"
    RULE = "rule"
    PLUGIN_CHOSE = "plugin_chose"
    OTHERS = "others"


class Unpriced(StrEnum):
    """Name why nothing says what another pair would have cost; the codes are stored as well."""

    PLUGIN = "plugin"
    MODE = "mode"
    QUOTAS = "quotas"
    MINIMUM = "minimum"
    SEVERAL = "several"


class Way(StrEnum):
    """Name what would have to give way for more people to have a mentor; the codes are stored as well."""

    PLACES = "places"
    EXCLUSION = "exclusion"
    RULE = "rule"


@dataclass(frozen=True, slots=True, order=True)
class NamedRule:
    """Name what forbids a pair: the plugin, its ``label`` for the rule, "" if it has none, and what it found."""

    plugin: str
    label: str = ""
    finding: str = ""

    def found(self, finding: str) -> NamedRule:
        """Return the same rule with what it found of a pair."""
        return replace(self, finding=finding)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Hold why a mentee did not get a mentor.

    ``lowest`` is the lowest score, in [0, 1], among those who got a place there. Had this pair been forced, the best
    choice would have matched ``people`` fewer and lost ``cost`` of the total (below 0: gained, where people are lost);
    None where that was not computed. ``rules`` forbid the pair.
    """

    obstacle: Obstacle
    lowest: float | None = None
    cost: float | None = None
    people: int = 0
    rules: tuple[NamedRule, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return what is stored with a candidate: what is known, and no more."""
        said = {name: value for name, value in asdict(self).items() if value not in (None, 0, ())}
        return said | {"obstacle": self.obstacle.value} | ({"cost": self.cost} if self.cost is not None else {})


@dataclass(frozen=True, slots=True)
class BarredMentor:
    """Hold a mentor who scored higher than the one a mentee got, but whom a rule forbids."""

    mentor: int
    score: float
    why_not: WhyNot


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Hold one change that would give more people a mentor, as numbers: positions in the pools, or ids once stored.

    ``mentor`` offers ``places`` more (PLACES), or the pairs of ``mentees`` with ``mentor`` are allowed again
    (EXCLUSION), or ``rule`` of ``plugin`` does not hold (RULE, without a mentor; "": none of its rules). ``matched``
    people would have a mentor then, no other person less; ``mentees`` names the first of them.
    """

    way: Way
    matched: int
    mentees: tuple[int, ...]
    mentor: int | None = None
    places: int = 0
    plugin: str = ""
    rule: str = ""

    def numbered(self, mentees: Sequence[int], mentors: Sequence[int]) -> Relaxation:
        """Return the same with positions turned into ids."""
        mentor = None if self.mentor is None else int(mentors[self.mentor])
        named = tuple(int(mentees[i]) for i in self.mentees)
        return replace(self, mentees=named, mentor=mentor)

    def as_json(self) -> dict[str, Any]:
        """Return what is stored with a run."""
        return asdict(self) | {"way": self.way.value, "mentees": list(self.mentees)}


@dataclass(frozen=True, slots=True)
class Fairness:
    """Hold how evenly a run treats people.

    ``first`` and ``tenth`` percentile of the chosen scores and ``gini`` (0: all alike, towards 1: one has all).
    ``idle`` mentors offer places and got nobody, ``full`` have none left, ``busiest`` is the most mentees of one.
    ``top_share`` of the mentees have their highest score with one of the ``top_mentors``, the tenth of all mentors who
    are most people's first. ``floor`` is the lowest score that was insisted on, which cost ``floor_price`` of the
    total; None when there was none.
    """

    first: float | None
    tenth: float | None
    gini: float
    idle: int
    full: int
    busiest: int
    top_mentors: int
    top_share: float
    floor: float | None = None
    floor_price: float = 0.0


def read_why_not(stored: Mapping[str, Any]) -> WhyNot:
    """Return what was stored with a candidate."""
    held = {name: value for name, value in stored.items() if name != "plugin"}
    rules = [NamedRule(**rule) for rule in stored.get("rules", ())]
    if stored.get("plugin"):  # as it was stored before rules had names
        rules = [NamedRule(stored["plugin"])]
    return WhyNot(**{**held, "obstacle": Obstacle(stored["obstacle"]), "rules": tuple(rules)})


def read_barred(stored: Sequence[Sequence[Any]]) -> tuple[BarredMentor, ...]:
    """Return the forbidden mentors that were stored with a pair."""
    return tuple(BarredMentor(mentor, score, read_why_not(why_not)) for mentor, score, why_not in stored)


def read_relaxation(stored: Mapping[str, Any]) -> Relaxation:
    """Return what was stored with a run."""
    return Relaxation(**{**stored, "way": Way(stored["way"]), "mentees": tuple(stored["mentees"])})
