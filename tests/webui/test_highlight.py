"""Marking shared words in what people wrote."""

import re

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from wayfellow_web.highlight import Highlighter


def test_whole_words_with_the_same_stem_are_marked() -> None:
    highlight = Highlighter(["forecasting", "C++"])
    assert highlight("She forecasts, forecasted; C++ but not a forest's C.") == (
        "She <mark>forecasts</mark>, <mark>forecasted</mark>; <mark>C++</mark> but not a forest&#39;s C."
    )


def test_neighbours_are_marked_together() -> None:
    assert Highlighter(["team", "analytics"])("An analytics team, teams") == (
        "An <mark>analytics team</mark>, <mark>teams</mark>"
    )


def test_what_people_write_is_escaped() -> None:
    assert Highlighter(["script", "b"])("<script>b</script> &amp;") == (
        "&lt;<mark>script</mark>&gt;<mark>b</mark>&lt;/<mark>script</mark>&gt; &amp;amp;"
    )


@given(st.lists(st.text()), st.text())
def test_marks_are_all_that_is_added(terms: list[str], text: str) -> None:
    marked = str(Highlighter(terms)(text))
    assert re.sub("</?mark>", "", marked) == str(escape(text))
    assert marked.count("<mark>") == marked.count("</mark>")
