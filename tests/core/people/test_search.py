from hypothesis import given
from hypothesis import strategies as st

from wayfellow.people.search import fold, search_words


def test_folding_forgets_case_accents_and_spaces() -> None:
    assert fold("  Zoë   ÅBERG ") == "zoe aberg"
    assert fold("straße") == "strasse"
    assert search_words("  ÉLODIE  d'Arc") == ["elodie", "d'arc"]
    assert search_words("  ") == []


@given(st.text())
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text.upper().lower())
    assert fold(fold(text)) == fold(text)
