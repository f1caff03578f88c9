"""Mails speak the language of who gets them; what administrators reworded stays as they wrote it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mail_sink import Post, Sink

from wayfellow.notify.languages import languages_of
from wayfellow.notify.service import tell
from wayfellow.notify.texts import LetterForm, Words, changed_words, fill, save_words
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM
from wayfellow.words import later

WEB = Path(__file__).parents[3] / "webui" / "wayfellow_web" / "translations"


def speak(post: Post, name: str, language: str) -> None:
    with post.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, post.people[name]).language = language


def test_the_frame_of_a_mail_is_in_the_language_of_who_gets_it(post: Post, sink: Sink) -> None:
    speak(post, "Ada", "ar")
    with post.deployment.transaction(SYSTEM) as tx:
        tell(tx, post.people["Ada"], key="one", subject="One", body="Dear Ada")
    post.work()
    (mail,) = sink.mails
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "القراءة في المتصفح: https://mentors.example.org/notices/" in plain
    assert "إيقاف هذا النوع من الرسائل: https://mentors.example.org/unsubscribe/" in plain
    assert '<html lang="ar" dir="rtl">' in html
    assert "Read it" not in plain + html


def test_who_chose_nothing_gets_what_the_configuration_says(post: Post, sink: Sink) -> None:
    post.deployment.config = replace(post.deployment.config, language="de")
    with post.deployment.transaction(SYSTEM) as tx:
        tell(tx, post.people["Ada"], key="one", subject="One")
    post.work()
    assert "Im Browser lesen: " in sink.mails[0].get_body(("plain",)).get_content()


def test_languages_of_many_people_take_one_statement(post: Post, statements: list[str]) -> None:
    speak(post, "Bo", "de")
    with post.deployment.reading(SYSTEM) as tx:
        statements.clear()
        found = languages_of(tx, list(post.people.values()))
    assert found == {post.people["Ada"]: "en", post.people["Bo"]: "de"}
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1


def test_words_of_administrators_win_in_every_language(post: Post) -> None:
    form = LetterForm("shelf", "A letter", Words(later("An invitation"), later("A link to sign in")))
    with post.deployment.transaction(SYSTEM) as tx:
        post.deployment.host.words.include(WEB)
        with tx.host.words.speaking("de"):
            assert fill(form.words, {}) == Words("Eine Einladung", "Ein Link zum Anmelden")
            save_words(tx, form, Words("An invitation", "Come on in"), seen=0)
            assert fill(changed_words(tx, ["shelf"])["shelf"], {}) == Words("An invitation", "Come on in")
