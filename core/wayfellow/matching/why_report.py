"""Put what a report says of the pairs that were not made: the weakest pairs, and what would help the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wayfellow.matching.reasons import NAMED
from wayfellow.matching.result import MatchResult
from wayfellow.matching.sentences import say_way, say_why_not
from wayfellow.matching.whynot import BETTER, WEAKEST


def people_helped(
    result: MatchResult, mentee_names: Mapping[str, str], mentor_names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what would let more people have a mentor: a sentence each, the first of them only."""
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    return [
        {
            "sentence": say_way(
                one,
                "" if one.mentor is None else mentor_names[mentors[one.mentor]],
                [mentee_names[mentees[i]] for i in one.mentees],
            ),
            "matched": one.matched,
        }
        for one in result.reasons.relaxations[:NAMED]
    ]


def weakest_pairs(
    result: MatchResult, mentee_names: Mapping[str, str], mentor_names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the weakest pairs for which another mentor scored higher, each with why not."""
    mentees, mentors = result.problem.mentees.keys, result.problem.mentors.keys
    holders = _holders(result, mentee_names)
    found = []
    for place in result.pairs[np.argsort(result.candidates.micro[result.pairs], kind="stable")[:WEAKEST]].tolist():
        mentee, got = int(result.candidates.mentee[place]), int(result.candidates.mentor[place])
        said = [
            {"mentor": mentor_names[mentors[j]], "score": f"{score:.3f}", "why_not": why}
            for j, score, why in _better(result, mentee, holders)
        ]
        if said:
            names = {"mentee": mentee_names[mentees[mentee]], "mentor": mentor_names[mentors[got]]}
            found.append(names | {"score": f"{result.candidates.score[place]:.3f}", "others": said})
    return found


def _better(result: MatchResult, mentee: int, holders: Mapping[int, list[str]]) -> list[tuple[int, float, str]]:
    """Return the mentors who scored higher for a mentee: position, score, and why not, the highest first."""
    row = range(int(result.candidates.indptr[mentee]), int(result.candidates.indptr[mentee + 1]))
    places = {int(result.candidates.mentor[place]): place for place in row}
    found = [
        (j, float(result.candidates.score[places[j]]), say_why_not(why_not, holders.get(j, ())))
        for j in places
        if (why_not := result.reasons.why_not.get((mentee, j)))
    ]
    found += [(one.mentor, one.score, say_why_not(one.why_not)) for one in result.reasons.barred.get(mentee, ())]
    return sorted(found, key=lambda item: (-item[1], item[0]))[:BETTER]


def _holders(result: MatchResult, names: Mapping[str, str]) -> dict[int, list[str]]:
    """Return who has each mentor's places, as names with points, the highest score first."""
    order = result.pairs[np.argsort(-result.candidates.micro[result.pairs], kind="stable")]
    keys = result.problem.mentees.keys
    mentees, mentors = result.candidates.mentee[order].tolist(), result.candidates.mentor[order].tolist()
    found: dict[int, list[str]] = {}
    for i, j, score in zip(mentees, mentors, result.candidates.score[order].tolist(), strict=True):
        found.setdefault(j, []).append(f"{names[keys[i]]} ({round(100 * score)})")
    return found
