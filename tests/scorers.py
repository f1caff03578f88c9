"""Plugins that other processes can import too, since what is defined in a test file can't be sent."""

import os
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from wayfellow.markers import hookimpl


@dataclass
class Fails:
    """Score until a mentee is asked about, as all blocks but the first are asked elsewhere."""

    at: int

    @hookimpl
    def score_matches(self, problem):
        if problem.rows.start >= self.at:
            raise ZeroDivisionError("no more")
        return csr_array(np.full(problem.shape, 0.5, dtype=np.float32))


@dataclass
class Learns:
    """Score by what was learnt once: in which process, which no other process should have to learn."""

    @hookimpl
    def score_matches(self, problem):
        learnt = problem.once("learns.where", os.getpid)
        return csr_array(np.full(problem.shape, (learnt % 1000 + 1) / 1001, dtype=np.float32))
