"""Make verdicts, in which what nobody said is neutral."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wayfellow.types import Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The score of a pair of which one side, or both, says nothing: neither a reason for it nor against it.
NEUTRAL = 0.5
NOT_SAID = "One of them says nothing"


def verdict(known: NDArray[np.bool_], scores: Any, broken: NDArray[np.bool_]) -> Verdict:
    """Return a verdict in which pairs that are not ``known`` score neutrally and break nothing."""
    import numpy as np

    return Verdict(np.where(known, scores, NEUTRAL).astype(np.float32), broken & known)


def counted(value: float, one: str, several: str = "") -> str:
    """Return a number, at most two digits after the point, with its noun."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return f"{shown} {one if shown == '1' else several or one + 's'}"
