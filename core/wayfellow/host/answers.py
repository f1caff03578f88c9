"""Check what plugins answer, and bring it into the form that the hook's docstring promises.

NumPy and SciPy are imported when the first answer is checked, so that loading plugins stays quick.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from wayfellow.host.errors import BadAnswer
from wayfellow.types import JSON, Assignment, BrokenRule, Explanation, MatchProblem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

#: How far rounding may carry a score out of [0, 1] before it counts as a fault.
ROUNDING = 1e-5


def check_scores(answer: Any, shape: tuple[int, int]) -> csr_array:
    """Return scores as a float32 csr_array of a shape, values in [0, 1]; raise BadAnswer when they are not."""
    import numpy as np

    scores = _sparse(answer, shape, np.float32)
    if scores.nnz:
        low, high = float(scores.data.min()), float(scores.data.max())
        if not np.isfinite([low, high]).all():
            raise BadAnswer("returned scores that are not finite numbers")
        if low < -ROUNDING or high > 1 + ROUNDING:
            raise BadAnswer(f"returned scores from {low:g} to {high:g}, outside [0, 1]")
        if low < 0 or high > 1:
            scores.data = scores.data.clip(0, 1)
    return scores


def check_forbidden(answer: Any, shape: tuple[int, int]) -> csr_array:
    """Return forbidden pairs as a bool csr_array of a shape; raise BadAnswer when they are not."""
    return _sparse(answer, shape, bool)


def check_assignment(answer: Any, problem: MatchProblem) -> Assignment:
    """Return an assignment that gives no mentee and no mentor more than the problem allows; else raise BadAnswer."""
    import numpy as np

    if not isinstance(answer, Assignment):
        raise BadAnswer(f"returned {type(answer).__name__} instead of an Assignment")
    mentee, mentor = (np.asarray(side, dtype=np.int64) for side in (answer.mentee, answer.mentor))
    if mentee.ndim != 1 or mentee.shape != mentor.shape:
        raise BadAnswer(f"returned sides of different shapes, {mentee.shape} and {mentor.shape}")
    for side, positions, size in (("mentee", mentee, len(problem.mentees)), ("mentor", mentor, len(problem.mentors))):
        if positions.size and not 0 <= positions.min() <= positions.max() < size:
            raise BadAnswer(f"returned a {side} that is not among the {size} of the problem")
    taken = np.bincount(mentee, minlength=len(problem.mentees))
    if (taken > problem.wanted).any():
        raise BadAnswer(
            "gave one mentee two mentors" if problem.wanted.max() == 1 else "gave a mentee too many mentors"
        )
    if np.unique(np.stack([mentee, mentor]), axis=1).shape[1] != mentee.size:
        raise BadAnswer("gave one mentee the same mentor twice")
    if (np.bincount(mentor, minlength=len(problem.mentors)) > problem.capacity).any():
        raise BadAnswer("gave a mentor more mentees than there are places")
    return Assignment(mentee, mentor)


def check_explanations(answer: Any, count: int) -> list[Explanation]:
    """Return exactly so many explanations; raise BadAnswer when they are not."""
    explanations = list(answer)
    if len(explanations) != count:
        raise BadAnswer(f"returned {len(explanations)} explanations for {count} pairs")
    if not all(isinstance(explanation, Explanation) for explanation in explanations):
        raise BadAnswer("returned something else than Explanation")
    return explanations


def check_rules(answer: Any, count: int) -> list[BrokenRule]:
    """Return rules that each say for every pair whether it is broken; raise BadAnswer when they don't."""
    import numpy as np

    rules: list[BrokenRule] = check_all(answer, BrokenRule)
    for rule in rules:
        broken = np.asarray(rule.broken)
        if broken.dtype != np.bool_ or broken.shape != (count,):
            raise BadAnswer(f"returned {broken.dtype} of shape {broken.shape} instead of bool of shape ({count},)")
    labels = [rule.label for rule in rules]
    if not all(labels) or len(set(labels)) < len(labels):
        raise BadAnswer("returned rules whose labels are empty or not all different")
    return rules


def check_visible(answer: Any, count: int) -> NDArray[np.bool_]:
    """Return one bool per id; raise BadAnswer when they are not."""
    import numpy as np

    visible = np.asarray(answer)
    if visible.dtype != np.bool_ or visible.shape != (count,):
        raise BadAnswer(f"returned {visible.dtype} of shape {visible.shape} instead of bool of shape ({count},)")
    return visible


def check_all(answer: Any, kind: type) -> list[Any]:
    """Return an iterable as a list whose items are all of a kind; raise BadAnswer when they are not."""
    items = list(answer)
    for item in items:
        if not isinstance(item, kind):
            raise BadAnswer(f"returned {type(item).__name__} instead of {kind.__name__}")
    return items


def check_json(answer: Any) -> Mapping[str, JSON]:
    """Return a mapping that JSON can hold; raise BadAnswer when it can't."""
    if not isinstance(answer, Mapping):
        raise BadAnswer(f"returned {type(answer).__name__} instead of a mapping")
    try:
        json.dumps(answer)
    except (TypeError, ValueError) as error:
        raise BadAnswer(f"returned what JSON can't hold: {error}") from error
    return answer


def _sparse(answer: Any, shape: tuple[int, int], dtype: Any) -> csr_array:
    from scipy.sparse import csr_array, issparse

    if not issparse(answer):
        raise BadAnswer(f"returned {type(answer).__name__} instead of a csr_array")
    matrix: csr_array = csr_array(cast("Any", answer), dtype=dtype)
    if matrix.shape != shape:
        raise BadAnswer(f"returned shape {matrix.shape} instead of {shape}")
    matrix.sum_duplicates()
    return matrix
