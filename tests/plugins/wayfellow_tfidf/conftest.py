"""Give the matcher's tests people whose relevance to each other is known."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

SAMPLE = Path(__file__).parents[2] / "data" / "onet_sample"


@dataclass(frozen=True)
class Sample:
    """Hold documents of mentors and mentees, and relevance int (n_mentees, n_mentors) from 0 to 3."""

    mentors: list[list[str]]
    mentees: list[list[str]]
    relevance: np.ndarray

    def ndcg(self, scores: np.ndarray, k: int = 10) -> float:
        """Return the mean nDCG@k with gain 2**relevance - 1 over the mentees for whom anyone is relevant."""
        discount = 1 / np.log2(np.arange(k) + 2)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        gain = 2.0**self.relevance - 1
        got = np.take_along_axis(gain, order, axis=1) @ discount
        best = -np.sort(-gain, axis=1)[:, :k] @ discount
        return float((got[best > 0] / best[best > 0]).mean())


def read(name: str) -> list[dict[str, str]]:
    with (SAMPLE / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="session")
def sample() -> Sample:
    mentors, mentees = read("mentors.csv"), read("mentees.csv")
    related = {(row["code"], row["related_code"]): int(row["relevance"]) for row in read("related.csv")}
    return Sample(
        mentors=[[row["job_title"], row["expertise"], row["skills"]] for row in mentors],
        mentees=[[row["goals"], row["skills_to_learn"]] for row in mentees],
        relevance=np.array(
            [
                [3 if a["code"] == b["code"] else related.get((a["code"], b["code"]), 0) for b in mentors]
                for a in mentees
            ]
        ),
    )
