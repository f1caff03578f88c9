"""Choose pairs by integer programming, where quotas over groups that overlap are more than a flow can hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array, hstack, vstack

from wayfellow.errors import WayfellowError
from wayfellow.matching.solve.arcs import Arcs
from wayfellow.matching.solve.quotas import Group

Row = NDArray[np.float64]


def best_integer(arcs: Arcs, people_first: bool, groups: list[Group]) -> NDArray[np.bool_]:
    """Return which arcs the best choice takes, in the same order as :func:`best_flow`.

    One program for each thing in the order, each bound to what the ones before reached (HiGHS). It is exact, and
    takes seconds for some ten thousand pairs.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    a, n, m, g = len(arcs), len(arcs.wanted), len(arcs.room), len(groups)
    if not a:
        return np.zeros(0, dtype=bool)
    upper = np.concatenate([np.ones(a + n), arcs.minimum, [group.least for group in groups]])
    whole = np.concatenate([np.ones(a + n), np.zeros(m + g)])
    matrix, least, most = _rules(arcs, groups)
    rules = [LinearConstraint(matrix, least, most)]
    for cost in _order(arcs, people_first, g):
        found: Any = milp(
            cost, integrality=whole, bounds=Bounds(0, upper), constraints=rules, options={"mip_rel_gap": 0}
        )
        if found.x is None:
            raise WayfellowError(f"The solver could not choose pairs ({found.message}); this is a fault of Wayfellow.")
        rules.append(LinearConstraint(cost[None, :], ub=round(found.fun) + 0.5))
    chosen: NDArray[np.bool_] = found.x[:a] > 0.5
    return chosen


def _rules(arcs: Arcs, groups: list[Group]) -> tuple[csr_array, Row, Row]:
    """Return the rules over arcs, matched people, what mentors lack and what groups lack: least <= matrix <= most."""
    a, n, m, g = len(arcs), len(arcs.wanted), len(arcs.room), len(groups)
    one, number = np.ones(a), np.arange(a)
    of_mentee = coo_array((one, (arcs.mentee, number)), shape=(n, a))
    of_mentor = coo_array((one, (arcs.mentor, number)), shape=(m, a))
    members = np.zeros((g, n))
    for row, group in enumerate(groups):
        members[row, group.members] = 1
    least = [group.least for group in groups]
    none: Any = np.inf
    # Columns: arcs, people, what mentors lack, what groups lack; then the bounds.
    parts: list[tuple[Any, ...]] = [
        (of_mentee, -np.diag(arcs.wanted.astype(float)), None, None, -none, 0),
        (of_mentee, -np.eye(n), None, None, 0, none),
        (of_mentor, None, None, None, -none, arcs.room),
        (of_mentor, None, np.eye(m), None, arcs.minimum, none),
        (None, members, None, None, -none, [group.most for group in groups]),
        (None, members, None, np.eye(g), least, none),
    ]
    rows = (n, n, m, m, g, g)
    blocks = [
        hstack(
            [csr_array((k, size)) if x is None else csr_array(x) for x, size in zip(part, (a, n, m, g), strict=False)]
        )
        for part, k in zip(parts, rows, strict=True)
    ]
    low, high = (
        np.concatenate([np.broadcast_to(np.asarray(part[i], float), k) for part, k in zip(parts, rows, strict=True)])
        for i in (4, 5)
    )
    return csr_array(vstack(blocks)), low, high


def _order(arcs: Arcs, people_first: bool, groups: int) -> Iterator[Row]:
    """Yield what is made least, one after the other, each a row over all variables."""
    sizes = (len(arcs), len(arcs.wanted), len(arcs.room), groups)

    def row(*parts: Any) -> Row:
        return np.concatenate([np.broadcast_to(np.asarray(x, float), k) for x, k in zip(parts, sizes, strict=True)])

    yield row(0, 0, 0, 1)
    yield row(0, 0, 1, 0)
    if people_first:
        yield row(0, -arcs.alone.astype(float), 0, 0)
        yield row(-1, 0, 0, 0)
    yield row(-arcs.gain, 0, 0, 0)
