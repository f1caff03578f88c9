"""Print how many of the others move when 1% of the mentees leave, with and without a bonus for current pairs.

python tests/benchmarks/churn.py [--mentees N] [--mentors N] [--times N]
"""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np
from pools import make
from run import heading, table

from wayfellow.matching.settings import MatchSettings
from wayfellow.matching.solve import Solution, choose_best, finish


def main() -> None:
    """Solve, let 1% leave, solve again, and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mentees", type=int, default=2_000)
    parser.add_argument("--mentors", type=int, default=500)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    heading(f"Re-runs: 1% of {options.mentees:,} mentees leave, {options.mentors:,} mentors, mean of {options.times}")
    rows = []
    for bonus in (0.0, 0.03, 0.05, 0.1):
        for floor in (True, False):
            settings = MatchSettings(incumbent_bonus=bonus, floor=floor)
            found = [rerun(options.mentees, options.mentors, settings, seed) for seed in range(options.times)]
            moved, cost = np.mean(found, axis=0)
            rows.append((f"{bonus:.0%}", "on" if floor else "off", f"{moved:.2f}", f"{cost:.3f}"))
    table(("bonus", "floor", "% of the others moved", "% of the total given up"), rows)


def rerun(mentees: int, mentors: int, settings: MatchSettings, seed: int) -> tuple[float, float]:
    """Return percent of the pairs that could have stayed and did not, and percent of the best total given up."""
    problem, candidates = make(mentees, mentors, seed=seed)
    before = solve(problem, candidates, settings).assignment
    gone = np.random.default_rng(seed).choice(mentees, mentees // 100, replace=False)
    stays = ~np.isin(candidates.mentee, gone)
    current = np.stack([before.mentee, before.mentor], axis=1)
    current = current[~np.isin(current[:, 0], gone)]
    left = candidates.only(stays)
    after = solve(replace(problem, current=current), left, settings)
    now = set(zip(after.assignment.mentee.tolist(), after.assignment.mentor.tolist(), strict=True))
    moved = sum((i, j) not in now for i, j in current.tolist())
    best, got = (left.micro[left.find(one.mentee, one.mentor)].sum() for one in (after.best, after.assignment))
    return 100 * moved / len(current), 100 * (best - got) / best


def solve(problem, candidates, settings) -> Solution:
    """Return the solution of a problem."""
    return finish(problem, choose_best(problem, candidates, settings), settings)


if __name__ == "__main__":
    main()
