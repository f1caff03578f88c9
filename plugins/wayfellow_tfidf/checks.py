"""Refuse what the matcher can't work with, in words that say what and where."""

import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

_LEAST = {"neighbours": 0, "pool_size": 1, "max_terms": 1, "max_mentors": 1}


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Raise ValueError unless the matcher's parameters are of the right kind and range."""
    for name, least in _LEAST.items():
        value = parameters[name]
        if not isinstance(value, Integral) or isinstance(value, bool) or value < least:
            raise ValueError(f"{name} must be a whole number of {least} or more, not {value!r}")
    likeness = parameters["likeness"]
    if not isinstance(likeness, Real) or isinstance(likeness, bool) or not 0 < float(likeness) <= 1:
        raise ValueError(f"likeness must be a number above 0, at most 1, not {likeness!r}")
    weight = parameters["neighbour_weight"]
    if not isinstance(weight, Real) or not math.isfinite(weight) or weight < 0:
        raise ValueError(f"neighbour_weight must be a finite number of 0 or more, not {weight!r}")


def check_people(name: str, people: Any) -> None:
    """Raise TypeError unless each person is a sequence of documents, and each document a str."""
    if isinstance(people, str) or not isinstance(people, Sequence):
        raise TypeError(f"{name} must be a sequence of people, each a sequence of documents")
    for index, person in enumerate(people):
        if isinstance(person, str) or not isinstance(person, Sequence):
            raise TypeError(f"{name}[{index}] must be a sequence of documents; put a single text in a list")
        for position, text in enumerate(person):
            if not isinstance(text, str):
                raise TypeError(f"{name}[{index}][{position}] must be a str, not {type(text).__name__}")


def check_pairs(pairs: Sequence[tuple[int, int]], n_mentees: int, n_mentors: int) -> None:
    """Raise IndexError unless each pair is a position of a mentee and one of a mentor."""
    for mentee, mentor in pairs:
        for name, position, n in (("mentee", mentee, n_mentees), ("mentor", mentor, n_mentors)):
            if not 0 <= position < n:
                raise IndexError(f"{name} {position} does not exist: there are {n}, counted from 0")
