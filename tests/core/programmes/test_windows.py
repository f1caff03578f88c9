from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayfellow.programmes.models import Cycle, CycleState, Programme
from wayfellow.programmes.windows import Window, registration_of
from wayfellow.types import Role

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def cycle(opens: date | None = None, closes: date | None = None, state: CycleState = CycleState.OPEN) -> Cycle:
    return Cycle(registration_opens_on=opens, registration_closes_on=closes, state=state, open_to=["mentor"])


@pytest.mark.parametrize(
    ("zone", "moment", "window"),
    [
        ("Pacific/Auckland", datetime(2026, 3, 1, 10, 59, tzinfo=UTC), Window.OPEN),
        ("Pacific/Auckland", datetime(2026, 3, 1, 11, 0, tzinfo=UTC), Window.OVER),
        ("America/Los_Angeles", datetime(2026, 3, 2, 7, 59, tzinfo=UTC), Window.OPEN),
        ("America/Los_Angeles", datetime(2026, 3, 2, 8, 0, tzinfo=UTC), Window.OVER),
        ("America/Los_Angeles", datetime(2026, 2, 1, 7, 59, tzinfo=UTC), Window.BEFORE),
    ],
)
def test_days_begin_and_end_in_the_programmes_zone(zone: str, moment: datetime, window: Window) -> None:
    programme = Programme(timezone=zone)
    found = registration_of(programme, cycle(date(2026, 2, 1), date(2026, 3, 1)), moment)
    assert found.window is window
    assert found.is_open == (window is Window.OPEN)
    assert found.roles == ((Role.MENTOR,) if window is Window.OPEN else ())


@given(opens=st.none() | DAYS, closes=st.none() | DAYS, today=DAYS)
def test_a_day_that_is_not_set_bounds_nothing(opens: date | None, closes: date | None, today: date) -> None:
    noon = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    found = registration_of(Programme(timezone="UTC"), cycle(opens, closes), noon)
    inside = (opens is None or opens <= today) and (closes is None or today <= closes)
    assert found.is_open == inside


@pytest.mark.parametrize(
    ("state", "window"),
    [
        (CycleState.DRAFT, Window.BEFORE),
        (CycleState.CLOSED, Window.OVER),
        (CycleState.RUNNING, Window.OVER),
        (CycleState.CANCELLED, Window.OVER),
    ],
)
def test_a_cycle_that_is_not_open_takes_nobody(state: CycleState, window: Window) -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    days = (now.date() - timedelta(days=1), now.date() + timedelta(days=1))
    assert registration_of(Programme(timezone="UTC"), cycle(*days, state), now).window is window
