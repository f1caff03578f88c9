"""Give templates what every page shows, and words for times and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Flask, g
from jinja2 import StrictUndefined
from markupsafe import Markup

from wayfellow.matching.sentences import say_unpriced
from wayfellow.notify.service import count_unread
from wayfellow.permissions import ROLES
from wayfellow.wording import joined, plural, spoken_day
from wayfellow.words import direction, gettext, said, this_voice
from wayfellow_web import nav
from wayfellow_web.figures import day, moment, number, percent
from wayfellow_web.gate import may_anywhere
from wayfellow_web.languages import language_names
from wayfellow_web.pair_words import pair_words
from wayfellow_web.panels import panels
from wayfellow_web.points import to_points
from wayfellow_web.programme import my_programmes, shown_cycle
from wayfellow_web.site import actor, deployment, reading
from wayfellow_web.theme import THEMES, this_theme
from wayfellow_web.words import scorer_name

WORK_SHELL = "wayfellow_web/layouts/work.html"
PEOPLE_SHELL = "wayfellow_web/layouts/people.html"
PLAIN_SHELL = "wayfellow_web/layouts/plain.html"


def configure_templates(app: Flask) -> None:
    """Make templates strict about names, and hand them the frame's parts."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        panels=panels, may=_may, THEMES=THEMES, pair_words=pair_words, language_names=language_names
    )
    app.jinja_env.filters.update(
        day=day,
        weekday=spoken_day,
        moment=moment,
        number=number,
        plural=plural,
        initials=initials,
        sentence=sentence,
        joined=joined,
        marked=marked,
    )
    app.jinja_env.filters.update(
        points=to_points, percent=percent, scorer_name=scorer_name, unpriced=say_unpriced, said=said
    )
    app.jinja_env.filters.update(
        gettext=gettext,  # for English that comes from the database
        role_name=ROLES.__getitem__,
    )
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """Return what the layouts need; it is read only when a page is rendered."""
    who, shown = actor(), g.get("shown_programme")
    signed_in = who.person_id is not None
    staff = nav.is_staff(who)
    return {
        "actor": who,
        "shell": (WORK_SHELL if staff else PEOPLE_SHELL) if signed_in else PLAIN_SHELL,
        "organisation": deployment().config.organisation,
        "language": this_voice().language,
        "direction": direction(),
        "theme": this_theme(),
        "programme": shown,
        "programmes": my_programmes(),
        "cycle": shown_cycle() if signed_in else None,
        "unread": count_unread(reading()) if signed_in else 0,
        "work_entries": nav.work_entries(shown.id if shown else None) if staff else [],
        "installation_entries": nav.installation_entries() if staff else [],
        "own_entries": nav.own_entries() if signed_in and not staff else [],
        "takes_part": nav.takes_part(who),
    }


def _may(permission: str) -> bool:
    programme = g.get("programme")
    return reading().may(permission, programme.id) if programme else may_anywhere(actor(), permission)


def marked(terms: Sequence[str]) -> Markup:
    """Return terms of which two people both speak, marked, as a part of a sentence."""
    return Markup(joined([Markup("<mark>{}</mark>").format(term) for term in terms]))  # noqa: S704


def initials(name: str) -> str:
    """Return one or two letters for a person's avatar: those that the first and the last word begin with."""
    letters = [letter for word in name.split() if (letter := next(filter(str.isalnum, word), ""))] or ["?"]
    return (letters[0] + (letters[-1] if len(letters) > 1 else "")).upper()


def sentence(text: object) -> str:
    """Return a text with a capital at its start."""
    said = str(text)
    return said[:1].upper() + said[1:]
