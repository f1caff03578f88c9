"""Make people who do not exist, as many as a benchmark wants."""

from __future__ import annotations

import csv
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

WORDS, TOPICS = 30_000, 200


def make_people(folder: Path, mentees: int, mentors: int, seed: int = 3) -> None:
    """Write people whose words follow Zipf's law, each with a topic of 150 words, 100 words a person."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)
    words = [f"w{number:x}q" for number in range(WORDS)]
    weights = list(itertools.accumulate(1 / (number + 3) for number in range(WORDS)))
    topics = [rng.sample(words, 150) for _ in range(TOPICS)]

    def rows(kind: str, count: int) -> Iterator[list[object]]:
        for number in range(count):
            text = rng.choices(rng.choice(topics), k=35) + rng.choices(words, cum_weights=weights, k=65)
            key = f"{kind}-{number:06d}"
            yield [key, f"{kind.title()} {number}", f"{key}@example.org", " ".join(text), rng.choice([1, 2, 3, 4, 5])]

    for kind, column, count in (("mentee", "goals", mentees), ("mentor", "expertise", mentors)):
        with (folder / f"{kind}s.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(["person_id", "name", "email", column, "capacity"])
            writer.writerows(rows(kind, count))
