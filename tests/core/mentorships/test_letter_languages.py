"""Letters about a pair are written in the language of each reader, whoever acts and whatever they speak."""

import pytest
from sqlalchemy import select

from wayfellow.mentorships.letters import FORMS
from wayfellow.mentorships.publishing import publish_preview, publish_run
from wayfellow.mentorships.requests.letters import FORMS as OF_REQUESTS
from wayfellow.mentorships.staff.letters import FORMS as OF_STAFF
from wayfellow.notify.models import Notice
from wayfellow.notify.texts import Words, fill, save_words
from wayfellow.people.models import Person
from wayfellow.types import SYSTEM

BY_KEY = {**FORMS, **OF_REQUESTS, **OF_STAFF}


@pytest.fixture
def run_id(world):
    """Draft one pair: Cy reads German, Ada Arabic."""
    ada, cy = world.mentor("Ada", 2), world.mentee("Cy")
    with world.deployment.transaction(SYSTEM) as tx:
        tx.session.get_one(Person, cy).language = "de"
        tx.session.get_one(Person, ada).language = "ar"
    return world.run([(cy, ada, 0.9)])


def test_each_of_a_pair_reads_their_own_language(world, run_id):
    ruth = world.coordinator()
    with world.deployment.reading(ruth) as tx:
        shown = publish_preview(tx, run_id)
    with world.deployment.transaction(ruth) as tx:
        publish_run(tx, run_id)
    with world.deployment.reading(SYSTEM) as tx:
        notices = tx.session.scalars(select(Notice).order_by(Notice.id)).all()
    to_cy, to_ada = sorted(notices, key=lambda one: "Cy" in one.subject)
    assert to_cy.subject == "Wir haben für Ihr Mentoring jemanden gefunden: Ada"
    assert "weil Sie beide von care und sql sprechen." in to_cy.body
    assert "Wir warten auf Ihre Antwort bis Montag, 7. Dezember." in to_cy.body
    assert to_ada.subject == "وجدنا لك مسترشدًا: Cy"
    assert "care وsql" in to_ada.body
    assert (shown.mentee_letter.body, shown.mentor_letter.body) == (to_cy.body, to_ada.body)


def test_an_administrators_words_go_out_as_they_are(world, run_id):
    with world.deployment.transaction(SYSTEM) as tx:
        save_words(tx, BY_KEY["proposed.mentee"], Words("Somebody for you: {other}", "Hello {name}.{fit}"), seen=0)
    with world.deployment.reading(world.coordinator()) as tx:
        letter = publish_preview(tx, run_id).mentee_letter
    assert letter.subject == "Somebody for you: Ada"
    assert letter.body == "Hello Cy. Sie passen zusammen, weil Sie beide von care und sql sprechen."


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_letter_is_translated_with_all_its_places(world, language):
    for key, form in BY_KEY.items():
        values = {name: f"<{name}>" for name in form.placeholders}
        english = fill(form.words, values)
        with world.deployment.host.words.speaking(language):
            said = fill(form.words, values)
        assert said.subject != english.subject, key
        assert said.body != english.body, key
        assert all((f"<{name}>" in said.body) is (f"<{name}>" in english.body) for name in values), key
