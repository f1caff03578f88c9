"""Rules of a point are written in plain lines, and read back as they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayfellow_events.door.rule_lines import read_rules, write_rules

LINES = (
    "from 60 minutes before the start",
    "until 5 minutes after the end",
    "until the end",
    "at most 3 entries",
    "10 minutes between entries",
    "inside Main hall",
    "not inside Main hall or answer 7 is yes",
)


@given(st.lists(st.sampled_from(LINES), max_size=20))
def test_rules_are_read_as_they_are_written(lines):
    assert write_rules(read_rules("\n".join(lines))).splitlines() == lines


@pytest.mark.parametrize("text", ["at most x entries", "inside", "x" * 201, "until the end\n" * 21])
def test_what_is_no_rule(text):
    with pytest.raises(ValueError, match="rule"):
        read_rules(text)
