"""Read a set of criteria from a file, JSON or, where its name ends so, TOML."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wayfellow.clock import utc_now
from wayfellow.errors import InvalidInput, Problem
from wayfellow.matching.criteria.applying import apply_criteria, weigh
from wayfellow.matching.criteria.sets import CriteriaSet, Kinds, check_fields, read_set
from wayfellow.matching.settings import MatchSettings
from wayfellow.types import MatchProblem

if TYPE_CHECKING:
    from wayfellow.host import PluginHost


def with_criteria_file(
    problem: MatchProblem, settings: MatchSettings, source: Path, host: PluginHost
) -> tuple[MatchProblem, MatchSettings]:
    """Return a problem and settings to which the criteria of a file apply; raise InvalidInput as the file's reader."""
    chosen = read_criteria_file(source, host.criterion_kinds)
    try:
        check_fields(chosen, problem.mentees.fields.keys() | problem.mentors.fields.keys())
    except InvalidInput as error:
        raise _of_file(source, error) from error
    return apply_criteria(problem, chosen, host, utc_now()), weigh(settings, chosen, host)


def read_criteria_file(source: Path, kinds: Kinds) -> CriteriaSet:
    """Return the set that a file holds. Raises InvalidInput that names the file and the place in it."""
    data = _parsed(source)
    try:
        return read_set(data, kinds)
    except InvalidInput as error:
        raise _of_file(source, error) from error


def _of_file(source: Path, error: InvalidInput) -> InvalidInput:
    """Return the error with the file's name; its sentences tell the criterion, which is no row of the file."""
    return InvalidInput(f"{source}: {error}", tuple(Problem(problem.message) for problem in error.problems))


def _parsed(source: Path) -> Any:
    try:
        text = source.read_text(encoding="utf-8-sig")
        return tomllib.loads(text) if source.suffix.lower() == ".toml" else json.loads(text)
    except OSError as error:
        raise InvalidInput(f"{source} can't be read: {error.strerror}. Check the name of the file.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{source} is not in UTF-8. Save it as UTF-8 and try again.") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(f"{source} is no JSON: {error.msg} at {place}. Mend that place.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InvalidInput(f"{source} can't be read as {source.suffix[1:] or 'JSON'}: {error}.") from error
