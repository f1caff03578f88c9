"""Texts in several languages, beside each other and in one programme."""

import numpy as np
import pytest

from wayfellow_tfidf import TfidfMatcher
from wayfellow_tfidf.languages import tell
from wayfellow_tfidf.stopwords import LANGUAGES
from wayfellow_tfidf.tokens import tokenise

TEXTS = {
    "english": "I want to lead a team and to learn how to give feedback.",
    "german": "Ich möchte lernen, wie man ein Team führt und Rückmeldung gibt.",
    "french": "Je voudrais apprendre à diriger une équipe et à donner un retour.",
    "spanish": "Quiero aprender a dirigir un equipo y a dar mi opinión sobre el trabajo.",
    "portuguese": "Quero aprender a liderar uma equipe e não só a dar uma opinião.",
    "italian": "Vorrei imparare a guidare una squadra e come si danno le opinioni.",
    "dutch": "Ik wil leren hoe ik een team leid en hoe je het goed doet.",
    "swedish": "Jag vill lära mig att leda ett team och att ge återkoppling.",
    "danish": "Jeg vil gerne lære at lede et hold og at give noget af mig selv.",
    "norwegian": "Jeg vil lære å lede et lag og hvordan man gir noe tilbake.",
    "finnish": "Haluan oppia, että miten tiimiä johdetaan ja mitä se on.",
    "russian": "Я хочу научиться руководить командой и давать обратную связь.",
    "turkish": "Bir ekibi yönetmeyi ve daha iyi geri bildirim vermeyi öğrenmek istiyorum.",
    "arabic": "أريد أن أتعلم كيف أقود فريقا من المهندسين",
}


def told(*people: list[str]) -> list[str | None]:
    return [LANGUAGES[position] if position >= 0 else None for position in tell(tokenise(people)).tolist()]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_tells_its_language(language):
    assert told([TEXTS[language]]) == [language]


def test_a_list_of_skills_is_in_the_language_of_its_person():
    assert told([TEXTS["german"], "Excel; SAP"], ["Excel; SAP"], [], [""]) == ["german", "german", None, None]


def test_words_of_each_language_meet_in_their_forms_and_its_stop_words_count_nothing():
    mentors = [["Ich lehre, wie man eine Maschine baut."], ["Ich male und singe."]]
    mentees = [["Ich will lernen, wie man Maschinen bauen kann."], [TEXTS["spanish"]]]
    matcher = TfidfMatcher(neighbours=0).fit(mentors, mentees)
    found = matcher.score(mentees).toarray()
    assert found[0, 0] > 0
    assert found[0, 1] == 0
    assert not found[1].any()
    assert {reason.term[:8] for reason in matcher.explain(0, 0)} == {"Maschine"}


def test_a_word_that_two_languages_write_alike_is_one_term():
    mentors = [["Ich habe viele Jahre Erfahrung mit dem Management von Projekten."]]
    mentees = [["I want to learn about the management of people."]] * 2
    assert TfidfMatcher(neighbours=0).fit(mentors, mentees).score(mentees).toarray().all()


def test_a_stop_word_of_one_language_is_a_word_in_another():
    mentors = [["Die casting and the tools for it are what I do."], [TEXTS["german"] + " Die Maschine ist die beste."]]
    mentees = [["I want to learn about die design and about the tools."]]
    matcher = TfidfMatcher(neighbours=0).fit(mentors, mentees)
    matcher.score(mentees)
    assert "die" in {reason.term.lower() for reason in matcher.explain(0, 0)}
    assert matcher.explain(0, 1) == []


def test_people_of_many_languages_score_the_same_in_any_order():
    people = [[text, "Excel"] for text in TEXTS.values()]
    found = TfidfMatcher().fit(people, people).score(people).toarray()
    moved = TfidfMatcher().fit(people[::-1], people[::-1]).score(people[::-1]).toarray()
    assert np.array_equal(found, moved[::-1, ::-1])
