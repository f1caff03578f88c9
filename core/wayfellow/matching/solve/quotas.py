"""Say how many people of a group may or should be matched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wayfellow.errors import InvalidInput
from wayfellow.matching.settings import MatchSettings, Quota
from wayfellow.types import MatchProblem

if TYPE_CHECKING:
    from wayfellow.matching.candidates import Ints


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Hold who of a group has no locked mentor (positions), and how many of them should and may be matched."""

    members: Ints
    least: int
    most: int


def open_groups(problem: MatchProblem, settings: MatchSettings) -> list[Group]:
    """Return the groups that quotas name, once the locked pairs count.

    Raises InvalidInput when the mentees have no such field or nobody has the value, or more are locked than may be.
    """
    groups = []
    for quota in settings.quotas:
        members = members_of(problem, quota)
        kept = np.isin(members, problem.locked[:, 0])
        most = len(members) if quota.most is None else min(quota.most, len(members))
        if kept.sum() > most:
            raise InvalidInput(
                f"The quota {quota} allows {most} matched people, and {kept.sum()} of them are to keep their mentors; "
                "raise the quota or keep fewer."
            )
        open_now = most - int(kept.sum())
        groups.append(Group(members[~kept], min(max(0, quota.least - int(kept.sum())), open_now), open_now))
    return groups


def members_of(problem: MatchProblem, quota: Quota) -> Ints:
    """Return the positions of the mentees whom a quota counts; case and space around a value don't matter."""
    fields = problem.mentees.fields
    if quota.field not in fields:
        known = ", ".join(sorted(fields)) or "none"
        raise InvalidInput(f"The quota {quota} names {quota.field}, which no mentee has. Their fields are: {known}.")
    wanted = quota.value.strip().casefold()
    found = np.array([text.strip().casefold() == wanted for text in fields[quota.field]], dtype=bool)
    if not found.any():
        raise InvalidInput(f"The quota {quota} counts nobody: no mentee has {quota.field} = {quota.value}.")
    return np.flatnonzero(found)


def are_apart(groups: list[Group], people: int) -> bool:
    """Tell whether nobody is in two groups."""
    seen: NDArray[np.int64] = np.zeros(people, np.int64)
    for group in groups:
        seen[group.members] += 1
    return bool((seen <= 1).all())
