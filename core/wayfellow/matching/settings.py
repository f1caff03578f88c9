"""Hold what a coordinator may set for a match run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from wayfellow.errors import InvalidInput

BLOCK_ROWS = 1024
#: So many pairs are solved in about a second; small pools are solved with every pair that has a score.
PAIRS_AT_ONCE = 1_000_000


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Hold the choices of one run.

    ``weights`` by plugin (1 where nothing is said), non-negative; ``candidates`` kept per mentee (in small pools more
    take part in the choice); ``alternatives`` explained per mentee besides the assigned pair; ``terms`` shown per
    scorer of an explanation; ``workers`` that score blocks side by side (1: as ``joblib.parallel_config`` says), which
    never changes the result.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    candidates: int = 50
    alternatives: int = 5
    terms: int = 8
    workers: int = 1

    def __post_init__(self) -> None:
        """Raise InvalidInput for a value that makes no sense."""
        for name, weight in self.weights.items():
            if not math.isfinite(weight) or weight < 0:
                raise InvalidInput(f"The weight of {name} is {weight}; give a number that is 0 or more.")
        for name, lowest in (("candidates", 1), ("alternatives", 0), ("terms", 1), ("workers", 1)):
            if getattr(self, name) < lowest:
                raise InvalidInput(f"The setting {name} is {getattr(self, name)}; give {lowest} or more.")

    def width(self, mentees: int) -> int:
        """Return how many candidates of each mentee take part in the choice: no fewer than are kept."""
        return max(self.candidates, PAIRS_AT_ONCE // max(1, mentees))

    def weight(self, plugin: str) -> float:
        """Return the weight of a plugin's scores before weights are made to add up to 1."""
        return float(self.weights.get(plugin, 1.0))
