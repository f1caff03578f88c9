"""Administrators change the words of letters; what would not work is refused with a sentence."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_sink import Post

from wayfellow.errors import Conflict, InvalidInput, NotAllowed
from wayfellow.matching.views import PersonRef
from wayfellow.mentorships import letters
from wayfellow.mentorships.notices import write_all
from wayfellow.notify.texts import Words, changed_words, fill, list_versions, reset_words, save_words
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import Actor, Role, RoleGrant

FORM = letters.FORMS["accepted"]
ADA, BO = PersonRef(1, "Ada {other}", ""), PersonRef(2, "Bo", "Head of data")


def admin(post: Post) -> Actor:
    return Actor(post.people["Ada"], "Ada", frozenset({RoleGrant(Role.ADMINISTRATOR)}))


def test_a_letter_is_written_in_the_changed_words_and_back_again(post: Post) -> None:
    first = letters.accepted(ADA, BO)
    with post.deployment.transaction(admin(post)) as tx:
        save_words(tx, FORM, Words("Hurrah, {name}", "You and {other_titled}.\r\n"), seen=0)
    with post.deployment.transaction(admin(post)) as tx:
        (changed,) = write_all(tx, [first])
        assert (changed.subject, changed.body) == ("Hurrah, Ada {other}", "You and Bo, Head of data.")
        reset_words(tx, FORM, seen=1)
        assert write_all(tx, [first]) == [letters.write(first)]
        assert [(v.number, v.author, v.is_default) for v in list_versions(tx, FORM)] == [
            (2, "Ada", True),
            (1, "Ada", False),
        ]
        actions = [entry.action for entry in tx.session.query(AuditEntry).order_by(AuditEntry.id)]
        assert actions[-2:] == ["message_text.changed", "message_text.reset"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (Words("Hello {nam}", "x"), r"\{nam\} does not stand for anything in this letter. Did you mean \{name\}\?"),
        (Words("Hello", "{zzz}"), r"These can stand here: \{name\}, \{other\}, \{other_titled\}"),
        (Words(" ", "x"), "The subject says nothing"),
        (Words("x", "y" * 20_001), "more than 20,000 characters"),
    ],
)
def test_words_that_would_not_work_are_refused(post: Post, words: Words, sentence: str) -> None:
    with post.deployment.transaction(admin(post)) as tx:
        with pytest.raises(InvalidInput) as refusal:
            save_words(tx, FORM, words, seen=0)
        assert changed_words(tx, [FORM.key]) == {}
    assert any(re.search(sentence, str(problem)) for problem in refusal.value.problems)


def test_two_administrators_do_not_overwrite_each_other_and_others_may_not_write(post: Post) -> None:
    with post.deployment.transaction(admin(post)) as tx:
        save_words(tx, FORM, Words("One", "1"), seen=0)
        with pytest.raises(Conflict, match="Somebody else"):
            save_words(tx, FORM, Words("Two", "2"), seen=0)
        assert changed_words(tx, [FORM.key]) == {FORM.key: Words("One", "1")}
    with post.deployment.transaction(Actor(post.people["Ada"])) as tx, pytest.raises(NotAllowed):
        save_words(tx, FORM, Words("Three", "3"), seen=1)


@given(st.text(max_size=300), st.text(alphabet="{}ab\n \\", max_size=50))
def test_a_name_is_put_in_as_it_is_whatever_it_holds(name: str, around: str) -> None:
    filled = fill(Words("{name}", f"<{{name}}>{around}"), {"name": name, "a": name})
    assert len(filled.subject) <= 200
    assert filled.subject == " ".join(name.split()) or filled.subject.endswith("…")
    if "\n\n\n" not in name:
        assert filled.body.startswith(f"<{name}>")
