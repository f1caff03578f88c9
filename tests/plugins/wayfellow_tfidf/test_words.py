"""Cutting text into words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayfellow_tfidf.words import LONGEST_WORD, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("😀🎉", []),
        ("Plan, lead and teach.", ["Plan", "lead", "and", "teach"]),
        ("C++, C# and R; .NET", ["C++", "C#", "and", "R", ".NET"]),
        ("asp.net, .nets.net und .Net?", ["asp", "net", "nets", "net", "und", ".Net"]),
        ("<p class='x'>Hello &amp; <b>world</b></p>", ["Hello", "world"]),
        ("3 < 5 and 7 > 2", ["3", "5", "and", "7", "2"]),
        ("café ﬁne a_b", ["café", "fine", "a", "b"]),
        ("数据科学 and Python", ["数据", "据科", "科学", "and", "Python"]),
        ("学", ["学"]),
        ("ไทย", ["ไท", "ทย"]),
        ("हिन्दी में लिखना", ["हिन्दी", "में", "लिखना"]),
        ("한국어 공부", ["한국어", "공부"]),
        ("שלום עולם", ["שלום", "עולם"]),
        ("cafe\u0301", ["café"]),
    ],
)
def test_words_of(text, expected):
    assert words(text) == expected


def test_endless_words_are_cut():
    assert words("x" * 200_000) == ["x" * LONGEST_WORD]
    assert words(".net " * 40_000) == [".net"] * 40_000


@given(st.text())
def test_any_text_gives_words_that_are_not_empty(text):
    assert all(0 < len(word) <= LONGEST_WORD for word in words(text))


@given(st.lists(st.sampled_from(["plan", "data", "数据", "C++", "ไทย", "naïve"]), min_size=1))
def test_words_do_not_hang_on_what_stands_around_them(parts):
    assert words(" ".join(parts)) == [word for part in parts for word in words(part)]
