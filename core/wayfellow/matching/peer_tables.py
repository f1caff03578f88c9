"""Read a match of peers from files: one table of people, and pairs to exclude or to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from wayfellow.matching.named import name_by_key
from wayfellow.matching.pair_files import PairColumn, read_met, read_pairs
from wayfellow.matching.problem import KeyPair, build_problem
from wayfellow.matching.sides import read_side
from wayfellow.matching.tables import Inputs
from wayfellow.tabular.problems import Problems
from wayfellow.types import ProfileField, Role

PEER_COLUMNS = ("person_id", "peer_id")


def read_peer_inputs(
    people_file: Path,
    *,
    exclude_file: Path | None = None,
    keep_file: Path | None = None,
    previous_files: Sequence[Path] = (),
    ignore: Sequence[str] = (),
    fields: Iterable[ProfileField] = (),
    seed: int = 0,
) -> Inputs:
    """Read the files of a match within one pool; each person asks with some columns and offers with others.

    Where all text stands in columns of one kind, these are compared with each other. A pair may stand in a file of
    pairs either way round, or both. Other arguments as in :func:`wayfellow.matching.tables.read_inputs`.
    Raises InvalidInput that names the file and, where it can, row and column.
    """
    fields = tuple(fields)
    asking = read_side(people_file, Role.MENTEE, ignore, fields)
    offering = read_side(people_file, Role.MENTOR, ignore, fields).text_fields
    columns = [PairColumn(heading, "people", asking) for heading in PEER_COLUMNS]
    excluded = _both_ways(read_pairs(exclude_file, *columns)) if exclude_file else {}
    keep = _both_ways(read_pairs(keep_file, *columns)) if keep_file else {}
    if keep_file:
        _check_keep(str(keep_file), keep, excluded)
    people = name_by_key(asking.people, asking.by_email)
    problem = build_problem(
        people,
        people,
        mentee_text_fields=asking.text_fields or offering,
        mentor_text_fields=offering or asking.text_fields,
        excluded=excluded,
        locked=keep,
        current=_both_ways(read_met(previous_files, *columns)),
        seed=seed,
    )
    return Inputs(problem, asking.names, asking.names, asking.notes)


def _both_ways(pairs: Mapping[KeyPair, int]) -> dict[KeyPair, int]:
    return {(other, one): row for (one, other), row in pairs.items()} | dict(pairs)


def _check_keep(name: str, keep: Mapping[KeyPair, int], excluded: Mapping[KeyPair, int]) -> None:
    problems = Problems(name)
    rows: dict[str, int] = {}
    for (one, other), row in sorted(keep.items(), key=lambda item: item[1]):
        if one == other:
            problems.add(f"{one} stands in both columns. Nobody is paired with themselves: delete the row.", row)
        elif (one, other) in excluded and one < other:
            problems.add(f"{one} and {other} are excluded. Delete the row here or there.", row)
        if rows.setdefault(one, row) != row:
            problems.add(f"{one} is kept in row {rows[one]} already. Keep one pair for each person.", row)
    problems.raise_if_any()
