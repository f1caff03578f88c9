"""Give the tests of criteria people, sets and the real plugin."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from wayfellow.config import default_config
from wayfellow.host import PluginHost
from wayfellow.matching.criteria import plugin
from wayfellow.matching.criteria.applying import apply_criteria
from wayfellow.matching.criteria.sets import read_set
from wayfellow.matching.problem import PersonInput, build_problem
from wayfellow.types import MatchProblem

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
People = Mapping[str, Mapping[str, str]]


def _host(*plugins: tuple[str, object]) -> PluginHost:
    return PluginHost.load(default_config(Path("unused")), plugins=[("criteria", plugin), *plugins])


def _problem(
    mentees: People, mentors: People, criteria: Sequence[Mapping[str, Any]] = (), host: PluginHost | None = None, **more
) -> MatchProblem:
    """Build a problem from {key: fields} on both sides, to which criteria apply."""
    sides = [
        [PersonInput(key, fields=fields, capacity=3) for key, fields in side.items()] for side in (mentees, mentors)
    ]
    problem = build_problem(*sides, mentee_text_fields=["goals"], mentor_text_fields=["expertise"])
    host = host or _host()
    return apply_criteria(problem, read_set({"criteria": list(criteria), **more}, host.criterion_kinds), host, NOW)


@pytest.fixture(scope="session")
def make_host() -> Callable[..., PluginHost]:
    return _host


@pytest.fixture(scope="session")
def host() -> PluginHost:
    return _host()


@pytest.fixture(scope="session")
def make_problem() -> Callable[..., MatchProblem]:
    return _problem
