"""Quiet hours and overviews are judged in the person's own zone, also where clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from wayfellow.notify.times import DAY, WEEK, Times, at_once, is_quiet, next_digest

ZONES = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"])
HOURS = st.integers(0, 23)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
TIMES = st.builds(Times, ZONES, HOURS, HOURS, st.sampled_from([DAY, WEEK]), HOURS)


def local(times: Times, moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo(times.zone))


@given(TIMES, MOMENTS)
def test_nothing_comes_in_quiet_hours_and_nothing_waits_longer_than_they_last(times: Times, now: datetime) -> None:
    due = at_once(times, now)
    assert now <= due <= now + timedelta(hours=25)
    if is_quiet(times, now):
        assert not is_quiet(times, due) or local(times, due).utcoffset() != local(times, now).utcoffset()
    else:
        assert due == now


@given(TIMES, MOMENTS)
def test_an_overview_comes_within_its_period(times: Times, now: datetime) -> None:
    due = next_digest(Times(times.zone, None, None, times.digest_every, times.digest_hour), now)
    assert now < due <= now + timedelta(days=1 if times.digest_every == DAY else 7, hours=25)
    assert local(times, due).weekday() == 0 or times.digest_every == DAY


def test_examples_in_a_zone_of_its_own() -> None:
    night = Times("America/New_York", 22, 7)
    assert at_once(night, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert next_digest(Times("Asia/Kathmandu"), datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == datetime(
        2026, 11, 24, 2, 15, tzinfo=UTC
    )
    monday = Times("UTC", digest_every=WEEK, digest_hour=9)
    assert next_digest(monday, datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) == datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
