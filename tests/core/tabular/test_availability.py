"""When people are free: what is read, what is refused, and that reading what was written changes nothing."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayfellow.tabular.availability import DAYS, QUARTERS_A_DAY, clean_availability, read_availability

MANY = "; ".join(f"Mon {n // 4:02}:{n % 4 * 15:02}-24:00; Tue {n // 4:02}:{n % 4 * 15:02}-24:00" for n in range(51))
MANY = MANY.rpartition(";")[0]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Mon 18:00-20:00; Thu 12:00-13:00", "Mon 18:00-20:00; Thu 12:00-13:00"),
        ("thursday 9:15 \u2013 10:00,\nMon. 8:00-8:30", "Mon 08:00-08:30; Thu 09:15-10:00"),
        ("Sat-Mon 10:00-11:00", "Mon 10:00-11:00; Sat 10:00-11:00; Sun 10:00-11:00"),
        ("Tue 10:00-12:00; Tue 11:00-13:00; Tue 13:00-14:00", "Tue 10:00-14:00"),
        ("Sun 22:00-24:00", "Sun 22:00-24:00"),
        (" ; ", ""),
    ],
)
def test_times_are_put_into_one_form(text: str, cleaned: str) -> None:
    assert clean_availability(text) == cleaned


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("evenings", "“evenings” is no time of the week that can be read. Write it like Mon 18:00-20:00"),
        ("Mon 18-20", "is no time of the week that can be read"),
        ("Xyz 18:00-20:00", "“Xyz” in “Xyz 18:00-20:00” is no day"),
        ("Mon 18:00-25:00", "25:00 in “Mon 18:00-25:00” is no time of day"),
        ("Mon 18:10-20:00", "18:10 in “Mon 18:10-20:00” is between the quarters. Use :00"),
        ("Mon 22:00-02:00", "ends before it starts. Past midnight, write two times"),
        (MANY, "There are 101 times; the most is 100"),
    ],
)
def test_what_cannot_be_read_gets_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        clean_availability(text)
    assert read_availability(text) == []


def spans() -> st.SearchStrategy[tuple[int, int, int]]:
    times = st.lists(st.integers(0, QUARTERS_A_DAY), min_size=2, max_size=2, unique=True).map(sorted)
    return st.tuples(st.integers(0, 6), times).map(lambda pair: (pair[0], *pair[1]))


def clock(quarter: int) -> str:
    return f"{quarter // 4}:{quarter % 4 * 15:02}"


@given(st.lists(spans(), max_size=20))
def test_reading_gives_the_same_quarters(wanted: list[tuple[int, int, int]]) -> None:
    text = clean_availability("; ".join(f"{DAYS[day]} {clock(start)}-{clock(end)}" for day, start, end in wanted))
    assert clean_availability(text) == text

    def quarters(found: list[tuple[int, int, int]]) -> set[tuple[int, int]]:
        return {(day, quarter) for day, start, end in found for quarter in range(start, end)}

    assert quarters(read_availability(text)) == quarters(wanted)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ValueError):
        assert clean_availability(clean_availability(text)) == clean_availability(text)
