"""The directory: who stands in it, in which order, and that it tells nothing which is not for all."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from wayfellow.host import PluginHost
from wayfellow.markers import hookimpl
from wayfellow.matching.exclusions import add_exclusion
from wayfellow.mentorships.requests.directory import Query, get_card, list_directory
from wayfellow.mentorships.requests.fits import FitState, read_fits, work_out_fits
from wayfellow.mentorships.requests.hiding import hide, list_hidden, show_again
from wayfellow.mentorships.requests.parts import list_parts
from wayfellow.people.service import save_profile
from wayfellow.types import SYSTEM, Contribution, Explanation, Role
from wayfellow.worker import make_worker

SECOND = "Your years on night wards made me think: how did you lead tired people without wearing yourself out?"


def look(tx, page=1, size=20, **query):
    part = list_parts(tx)[0]
    return list_directory(tx, part, read_fits(tx, part), Query(**query), page=page, size=size)


def names(asking, person, **query) -> list[str]:
    return [card.person.name for card in asking.read(person, look, **query).cards.items]


def profile(world, person, **values) -> None:
    with world.deployment.transaction(SYSTEM) as tx:
        save_profile(tx, person, values)


def work_out(world, asking, person) -> None:
    asking.do(person, lambda tx: work_out_fits(tx, list_parts(tx)[0]))
    worker = make_worker(world.deployment)
    while worker.run_once():
        pass


def test_mentors_with_room_come_first_and_the_others_say_why_not(world, asking) -> None:
    mio, zoe = world.mentee("Mio"), world.mentee("Zoe")
    world.mentor("Zara", 3)
    full, paused = world.mentor("Ada", 1), world.mentor("Bo", 1)
    asking.say(full, asking.ask(zoe, full), True)
    world.change_member(paused, state="paused")
    gone = world.mentor("Gone", 1)
    world.change_member(gone, state="withdrawn")
    cards = asking.read(mio, look).cards.items
    assert [(card.person.name, card.standing, card.free) for card in cards] == [
        ("Zara", "free", 3),
        ("Ada", "full", 0),
        ("Bo", "paused", 1),
    ]
    assert names(asking, mio, with_room=True) == ["Zara"]
    assert names(asking, mio, sort="name") == ["Ada", "Bo", "Zara"]


def test_blocked_excluded_and_hidden_people_are_not_listed_either_way(world, asking) -> None:
    mio = world.mentee("Mio")
    blocked, blocking, excluded, hidden = (world.mentor(name) for name in ("One", "Two", "Three", "Four"))
    world.mentor("Five")
    world.block(mio, blocked)
    world.block(blocking, mio)
    with world.deployment.transaction(SYSTEM) as tx:
        add_exclusion(tx, world.programme_id, mio, excluded)
    for _ in range(2):
        asking.do(mio, hide, hidden)
    assert names(asking, mio) == ["Five"]
    assert names(asking, hidden) == ["Mio"], "hiding goes one way"
    assert names(asking, blocked) == names(asking, blocking) == names(asking, excluded) == []
    assert [one.name for one in asking.read(mio, list_hidden)] == ["Four"]
    asking.do(mio, show_again, hidden)
    assert names(asking, mio) == ["Five", "Four"]


class Curtain:
    """Hide everybody whose id is odd."""

    @hookimpl
    def filter_visible(self, user, permission, ids, session):
        return np.asarray(ids) % 2 == 0


def test_a_plugin_hides_people_from_it(world, asking) -> None:
    mio, *mentors = world.mentee("Mio"), *(world.mentor(f"Mentor {number}") for number in range(4))
    world.deployment.host = PluginHost.load(world.deployment.config, plugins=(("curtain", Curtain()),))
    assert names(asking, mio) == [f"Mentor {number}" for number, mentor in enumerate(mentors) if mentor % 2 == 0]
    odd = next(mentor for mentor in mentors if mentor % 2)
    card = asking.read(mio, lambda tx: get_card(tx, list_parts(tx)[0], read_fits(tx, list_parts(tx)[0]), odd))
    assert card is None


def test_search_looks_through_what_all_may_read_and_through_no_address(world, asking) -> None:
    mio, ines, bo = world.mentee("Mio"), world.mentor("Inés Müller"), world.mentor("Bo")
    profile(world, ines, expertise="Zeitreihen und Prognosen für Städte", department="Verkehr", skills="R; Statistik")
    profile(world, bo, expertise="Bridges", availability="Mon 18:00-20:00", manager="boss@elsewhere.org")
    assert names(asking, mio, search="ines MULLER") == ["Inés Müller"]
    assert names(asking, mio, search="prognosen stadte") == ["Inés Müller"]
    assert names(asking, mio, search="verkehr statistik") == ["Inés Müller"]
    for private in ("elsewhere", "18:00", world.domain, "@"):
        assert names(asking, mio, search=private) == []


def test_nothing_of_a_card_is_for_fewer_than_the_programme(world, asking) -> None:
    mio, bo = world.mentee("Mio"), world.mentor("Bo")
    profile(world, bo, availability="Mon 18:00-20:00", manager="boss@elsewhere.org", department="Roads")
    (card,) = asking.read(mio, look).cards.items
    assert card.facts == {"Department": "Roads"}
    assert "@" not in repr(card)


def test_facets_narrow_by_fields_skills_and_time_zone(world, asking) -> None:
    mio, ada, bo = world.mentee("Mio"), world.mentor("Ada"), world.mentor("Bo")
    profile(world, ada, department="Roads", languages="English; Welsh", skills="R; Statistics", timezone="Asia/Tokyo")
    profile(world, bo, department="Rail", languages="Polish; English", skills="Statistics")
    facets = {facet.key: facet.options for facet in asking.read(mio, look).facets}
    assert facets["languages"] == [("English", 2), ("Polish", 1), ("Welsh", 1)]
    assert facets["skill"] == [("R", 1), ("Statistics", 2)]
    assert facets["department"] == [("Rail", 1), ("Roads", 1)]
    assert "manager" not in facets
    assert "availability" not in facets
    for chosen, found in (
        ({"languages": "Welsh"}, ["Ada"]),
        ({"languages": "English"}, ["Ada", "Bo"]),
        ({"languages": "Engl"}, []),
        ({"skill": "statistics", "department": "Rail"}, ["Bo"]),
        ({"timezone": "Asia/Tokyo"}, ["Ada"]),
        ({"nonsense": "x"}, ["Ada", "Bo"]),
    ):
        assert names(asking, mio, chosen=chosen) == found, chosen


class Telling:
    """Score by one shared word and say that it stands in the open, and by another that does not."""

    @hookimpl
    def score_matches(self, problem):
        return csr_array(np.array([[self._score(texts) for texts in problem.mentors.documents()]] * problem.shape[0]))

    def _score(self, texts) -> float:
        return np.float32(sum(word in " ".join(texts) for word in ("forecasting", "statistics")) / 2)

    @hookimpl
    def explain_matches(self, problem, pairs):
        terms = (Contribution("forecasting", 0.5, "goals", "expertise"), Contribution("boss", 0.5, "goals", "manager"))
        return [Explanation(1.0, terms) for _ in pairs]


def test_fits_are_worked_out_by_a_job_and_say_why(world, asking, clock) -> None:
    world.deployment.host = PluginHost.load(world.deployment.config, plugins=(("telling", Telling()),))
    mio = world.mentee("Mio", "learn forecasting and statistics")
    world.mentor("Ada", 1, expertise="bridges")
    world.mentor("Bo", 1, expertise="forecasting statistics")
    zed = world.mentor("Zed", 1, expertise="forecasting of tides and of many other things")
    fits = asking.read(mio, lambda tx: read_fits(tx, list_parts(tx)[0]))
    assert (fits.state, fits.found) == (FitState.MISSING, {})
    asking.do(mio, lambda tx: work_out_fits(tx, list_parts(tx)[0]))
    assert asking.read(mio, lambda tx: read_fits(tx, list_parts(tx)[0])).state is FitState.WORKING
    work_out(world, asking, mio)
    assert asking.read(mio, lambda tx: read_fits(tx, list_parts(tx)[0])).state is FitState.READY
    cards = asking.read(mio, look).cards.items
    assert [card.person.name for card in cards] == ["Bo", "Zed", "Ada"]
    assert cards[0].fit.terms == ("forecasting",), "what stands in a field for coordinators alone is not told"
    assert cards[2].fit is None
    clock.move(minutes=1)
    profile(world, mio, department="Roads")
    stale = asking.read(mio, lambda tx: read_fits(tx, list_parts(tx)[0]))
    assert stale.state is FitState.MISSING
    assert set(stale.found) >= {zed}


def test_a_mentor_finds_mentees_and_those_without_a_mentor_first(world, asking) -> None:
    maja, ines = world.mentor("Maja", 2, expertise="forecasting statistics"), world.mentor("Ines")
    world.mentee("Ada", "cook well")
    world.mentee("Bo", "forecasting")
    taken = world.mentee("Cy", "forecasting statistics")
    asking.say(ines, asking.ask(taken, ines), True)
    work_out(world, asking, maja)
    assert names(asking, maja) == ["Bo", "Ada", "Cy"]


def test_last_activity_and_time_to_answer_come_from_what_is_there(world, asking, clock) -> None:
    mentees = [world.mentee(name) for name in ("Mio", "Zoe", "Kim")]
    maja, _ines = world.mentor("Maja", 5), world.mentor("Ines")
    texts = (SECOND, f"{SECOND} And what would you do otherwise today, after all that?")
    for mentee, text, days in zip(mentees, texts, (1, 3), strict=False):
        request = asking.ask(mentee, maja, text)
        clock.move(days=days)
        asking.say(maja, request, True)
    cards = {card.person.name: card for card in asking.read(mentees[2], look).cards.items}
    assert cards["Maja"].answers_in.days == 3
    assert cards["Maja"].last_active == clock()
    assert (cards["Ines"].answers_in, cards["Ines"].last_active) == (None, None)
    assert names(asking, mentees[2], sort="active") == ["Maja", "Ines"]


def test_what_is_open_stands_on_the_card_but_nobody_sees_who_has_them_in_line(world, asking) -> None:
    asking.rules(open_requests=1)
    mio, maja, ines = world.mentee("Mio"), world.mentor("Maja"), world.mentor("Ines")
    asking.ask(mio, maja)
    asking.ask(mio, ines, SECOND, in_line=True)
    mine = {card.person.name: card.asked and card.asked.state for card in asking.read(mio, look).cards.items}
    assert mine == {"Maja": "requested", "Ines": "queued"}
    assert [card.asked and card.asked.by_me for card in asking.read(maja, look).cards.items] == [False]
    assert [card.asked for card in asking.read(ines, look).cards.items] == [None]


@pytest.mark.parametrize("query", [{}, {"search": "care", "sort": "active", "chosen": {"skill": "R"}}])
def test_the_statements_do_not_grow_with_people(world, asking, statements, query) -> None:
    mio = world.mentee("Mio")
    counts = []
    for wave in range(2):
        world.crowd([(f"Mentor {wave} {number}", 1, "care and SQL") for number in range(5 + 45 * wave)], Role.MENTOR)
        actor = asking.actor(mio)
        with world.deployment.reading(actor) as tx:
            statements.clear()
            look(tx, **query)
            counts.append(len(statements))
    assert counts[0] <= counts[1] <= counts[0] + 1
    assert counts[1] <= 22, statements


def test_pages_beyond_the_last_give_the_last(world, asking) -> None:
    mio = world.mentee("Mio")
    world.crowd([(f"Mentor {number:02}", 1, "care") for number in range(12)], Role.MENTOR)
    found = asking.read(mio, look, page=9, size=5).cards
    assert (found.number, found.total, [card.person.name for card in found.items]) == (
        3,
        12,
        ["Mentor 10", "Mentor 11"],
    )
