from pathlib import Path

import pytest

from wayfellow.importing import service
from wayfellow.programmes.members import count_members
from wayfellow.types import Role

DEMO = Path(__file__).parents[3] / "examples" / "demo"


@pytest.mark.parametrize(("name", "role", "count"), [("mentors", Role.MENTOR, 60), ("mentees", Role.MENTEE, 120)])
def test_the_demo_programme_comes_in_without_a_question(importing, mentoring, name, role, count) -> None:
    batch_id = importing.stage((DEMO / f"{name}.csv").read_bytes(), role, f"{name}.csv")
    with importing.deployment.reading(importing.actor) as tx:
        shown = service.preview(tx, batch_id)
    assert (shown.new, shown.problem_count, shown.plan.unknown) == (count, 0, ())
    assert importing.start(batch_id).result["new"] == count
    with importing.deployment.reading(importing.actor) as tx:
        assert count_members(tx, mentoring.cycle_id).of(role) == count + 1
