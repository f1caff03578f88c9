"""Texts are said in the language that is spoken; a catalogue that is broken leaves them English."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from wayfellow.config import load_config
from wayfellow.deployment import Deployment
from wayfellow.errors import InvalidInput, WayfellowError
from wayfellow.host import PluginHost
from wayfellow.people.models import Person
from wayfellow.people.service import choose_language, create_person
from wayfellow.privacy.models import AuditEntry
from wayfellow.types import SYSTEM, Actor
from wayfellow.words import (
    FILE,
    Catalogues,
    Wordlist,
    direction,
    gettext,
    languages,
    later,
    ngettext,
    pgettext,
    said,
    this_voice,
)

MESSAGE = ("%(num)s message", "%(num)s messages")


def write(folder: Path, language: str, text: str) -> Path:
    file = folder / language / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return folder


def test_english_is_what_the_code_says() -> None:
    assert this_voice().language == "en"
    assert gettext("You are a pair") == "You are a pair"
    assert ngettext(*MESSAGE, 1) == "1 message"
    assert ngettext(*MESSAGE, 1200) == "1,200 messages"
    assert languages()[0] == "en"
    assert {"de", "ar"} <= set(languages())


def test_a_language_holds_within_its_block_only() -> None:
    with Catalogues().speaking("de"):
        assert gettext("You are a pair") == "Sie sind ein Tandem"
        with Catalogues().speaking("ar"):
            assert direction() == "rtl"
        assert direction() == "ltr"
        assert this_voice().language == "de"
    assert gettext("You are a pair") == "You are a pair"


@pytest.mark.parametrize("language", [None, "", "xx", "../../etc", "EN"])
def test_a_language_that_nobody_knows_is_english(language: str | None) -> None:
    with Catalogues().speaking(language):
        assert (this_voice().language, gettext("You are a pair")) == ("en", "You are a pair")


@given(st.integers(min_value=0, max_value=10**6))
def test_arabic_takes_the_form_that_fits_each_number(number: int) -> None:
    forms = {
        "zero": "لا رسائل",
        "one": "رسالة واحدة",
        "two": "رسالتان",
        "few": f"{number:,} رسائل",
        "many": f"{number:,} رسالة",
        "other": f"{number:,} رسالة",
    }
    with Catalogues().speaking("ar"):
        assert ngettext(*MESSAGE, number) == forms[Locale.parse("ar").plural_form(number)]


def test_marked_texts_are_said_when_they_are_read_and_names_never() -> None:
    words = Wordlist({"a": later("Goals"), "b": ("good", later("Approved"))})
    with Catalogues([Path(__file__).parents[2] / "webui" / "wayfellow_web" / "translations"]).speaking("de"):
        assert words["b"] == ("good", "Angenommen")
        assert dict(words.items()) == {"a": "Ziele", "b": ("good", "Angenommen")}
        assert said("Goals") == "Goals"
    assert words["a"] == "Goals"
    assert len(words) == 2


def test_the_first_folder_counts_and_wrong_numbers_of_forms_do_not(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        "de",
        'msgid "You are a pair"\nmsgstr "falsch"\n\nmsgid "Shelf"\nmsgstr "Regal"\n\n'
        'msgctxt "verb"\nmsgid "Shelf"\nmsgstr "einstellen"\n\n#, fuzzy\nmsgid "Book"\nmsgstr "Bach"\n\n'
        'msgid "%(num)s book"\nmsgid_plural "%(num)s books"\nmsgstr[0] "Buch"\n',
    )
    with Catalogues([folder]).speaking("de"):
        assert gettext("You are a pair") == "Sie sind ein Tandem"
        assert (gettext("Shelf"), pgettext("verb", "Shelf")) == ("Regal", "einstellen")
        assert gettext("Book") == "Book"
        assert ngettext("%(num)s book", "%(num)s books", 2) == "2 books"


def test_a_broken_file_leaves_the_rest_speaking(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = write(tmp_path, "de", 'msgid "You')
    with Catalogues([folder]).speaking("de"):
        assert gettext("You are a pair") == "Sie sind ein Tandem"
    assert str(folder / "de" / FILE) in caplog.text


def test_a_plugin_brings_its_own_words(tmp_path: Path, deployment: Deployment) -> None:
    write(tmp_path / "translations", "de", 'msgid "Shelf"\nmsgstr "Regal"\n')
    plugin = ModuleType("shelf")
    plugin.__file__ = str(tmp_path / "plugin.py")
    host = PluginHost.load(deployment.config, plugins=(("shelf", plugin),))
    with host.words.speaking("de"):
        assert gettext("Shelf") == "Regal"
    with deployment.host.words.speaking("de"):
        assert gettext("Shelf") == "Shelf"


def test_people_choose_a_language_and_it_is_written_down(deployment: Deployment) -> None:
    with deployment.transaction(SYSTEM) as tx:
        mine = create_person(tx, None, name="Mia", email="mia@example.org").id
    for _ in range(2):
        with deployment.transaction(Actor(mine, "Mia")) as tx:
            choose_language(tx, "ar")
    with deployment.reading(SYSTEM) as tx:
        assert tx.session.get_one(Person, mine).language == "ar"
        assert tx.session.query(AuditEntry).filter_by(action="person.language_chosen").count() == 1
    with pytest.raises(InvalidInput, match="languages that the page offers"), deployment.transaction(SYSTEM) as tx:
        choose_language(tx, "tlh")


def test_a_configuration_names_a_language_that_is_there(tmp_path: Path) -> None:
    file = tmp_path / "wayfellow.toml"
    file.write_text('[wayfellow]\nlanguage = "ar"\n')
    assert load_config(file, {}).language == "ar"
    file.write_text('[wayfellow]\nlanguage = "tlh"\n')
    with pytest.raises(WayfellowError, match=r"language is 'tlh'\. Write one of these: en, ar, de\."):
        load_config(file, {})
