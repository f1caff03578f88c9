"""What counts as a message of one's own, and what as a copy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayfellow.errors import InvalidInput
from wayfellow.mentorships.requests.wording import MAX_LENGTH, MIN_LENGTH, clean_message, is_copy

WORDS = st.lists(st.text("abcdefghijklmnopqrstuvwxyzäöüß", min_size=2, max_size=9), min_size=12, max_size=60)


@given(WORDS, st.sampled_from(["Maja Lind", "Zoë ÅBERG", "李 小龙"]))
def test_another_name_case_or_punctuation_makes_no_other_text(words, name) -> None:
    text = " ".join(words)
    changed = f"Dear {name},\n\n{text.upper()}!"
    assert is_copy(changed, [f"Dear Somebody: {text}"], f"{name} Somebody")


@given(WORDS, WORDS)
def test_texts_of_other_words_are_no_copies(one, other) -> None:
    mine = [f"x{word}" for word in one]
    theirs = [f"q{word}" for word in other]
    assert not is_copy(" ".join(mine), [" ".join(theirs)])


def test_a_few_changed_words_are_a_copy_and_half_of_them_are_not() -> None:
    words = [f"word{number}" for number in range(40)]
    changed = ["other", *words[1:39], "words"]
    halved = words[:20] + [f"new{number}" for number in range(20)]
    assert is_copy(" ".join(changed), [" ".join(words)])
    assert not is_copy(" ".join(halved), [" ".join(words)])


@given(st.text(max_size=3000))
def test_whatever_is_typed_is_kept_as_it_is_or_refused_with_a_sentence(text) -> None:
    clean = text.replace("\r\n", "\n").strip()
    if len(" ".join(clean.split())) >= MIN_LENGTH and len(clean) <= MAX_LENGTH:
        assert clean_message(text) == clean
    else:
        with pytest.raises(InvalidInput) as caught:
            clean_message(text)
        assert [problem.column for problem in caught.value.problems] == ["message"]


def test_spaces_do_not_make_a_message_longer() -> None:
    with pytest.raises(InvalidInput, match="too few"):
        clean_message("a" + " " * 100 + "b")
