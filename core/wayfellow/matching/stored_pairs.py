"""Read back what a match wrote: the pairs, and who was left over."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wayfellow.errors import InvalidInput
from wayfellow.matching.pair_files import headings
from wayfellow.matching.peer_tables import PEER_COLUMNS
from wayfellow.tabular.columns import normalise_heading
from wayfellow.tabular.problems import Problems
from wayfellow.tabular.tables import Row, Table, read_table

MATCHES, UNMATCHED = "matches.csv", "unmatched.csv"
MENTORING_COLUMNS = ("mentee_id", "mentor_id")


@dataclass(frozen=True, slots=True)
class StoredPairs:
    """Hold the pairs of a file, (mentee, mentor) keys with the score in [0, 1], None where the file says none.

    A match of peers has each pair both ways. ``left_over`` mentees took part and got nobody; None where only pairs are
    known.
    """

    pairs: Mapping[tuple[str, str], float | None]
    left_over: frozenset[str] | None


def read_stored_pairs(source: Path) -> StoredPairs:
    """Read a folder of results, or a file of pairs such as its matches.csv.

    Raises InvalidInput with every fault: a file that is missing or no table, a column that is not there, an empty
    cell, a pair that stands twice, a score that is none.
    """
    if not source.is_dir():
        return StoredPairs(_pairs(source), None)
    if not (source / MATCHES).exists():
        raise InvalidInput(f"{source} has no {MATCHES}. Name a folder that wayfellow match wrote, or a file of pairs.")
    alone = source / UNMATCHED
    return StoredPairs(_pairs(source / MATCHES), _left_over(alone) if alone.exists() else None)


def _pairs(source: Path) -> dict[tuple[str, str], float | None]:
    table, problems, asked = _open(source, 2)
    columns = headings(table)
    score = columns.get("score")
    pairs: dict[tuple[str, str], float | None] = {}
    for row in table.rows(problems):
        one, other = (_key(row, columns[normalise_heading(name)], name, problems) for name in asked)
        pair = one, other
        if pair in pairs and all(pair):
            problems.add(f"{pair[0]} and {pair[1]} stand here a second time. Delete one of the rows.", row.number)
        pairs[pair] = None if score is None else _score(row, score, problems)
    problems.raise_if_any()
    return pairs


def _left_over(source: Path) -> frozenset[str]:
    table, problems, (asked,) = _open(source, 1)
    place = headings(table)[normalise_heading(asked)]
    found = frozenset(_key(row, place, asked, problems) for row in table.rows(problems))
    problems.raise_if_any()
    return found


def _open(source: Path, first: int) -> tuple[Table, Problems, tuple[str, ...]]:
    """Return a table with the names of the first columns of a pair, which it has: those of peers or of mentoring."""
    table = read_table(source, str(source))
    problems, columns = Problems(table.name), headings(table)
    of_peers = normalise_heading(PEER_COLUMNS[0]) in columns
    asked = (PEER_COLUMNS if of_peers else MENTORING_COLUMNS)[:first]
    for column in asked:
        if normalise_heading(column) not in columns:
            problems.add(f"There is no column {column}. Name a file that wayfellow match wrote, or add the column.", 1)
    problems.raise_if_any()
    return table, problems, asked


def _key(row: Row, place: int, column: str, problems: Problems) -> str:
    key = row.cells[place].strip()
    if not key:
        problems.add("The cell is empty. Write the id, or delete the row.", row.number, column)
    return key


def _score(row: Row, place: int, problems: Problems) -> float | None:
    text = row.cells[place].strip()
    try:
        score = float(text) if text else None
    except ValueError:
        score = math.nan
    if score is not None and not 0 <= score <= 1:
        problems.add(f"“{text}” is no score. Write a number from 0 to 1.", row.number, "score", text)
    return score
