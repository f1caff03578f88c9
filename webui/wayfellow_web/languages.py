"""Choose the language of each answer: the person's own, else the browser's, else the installation's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import cast

from babel import Locale, support
from flask import Flask, current_app, request
from flask_babel import Babel, Domain, format_decimal, refresh
from jinja2 import pass_context
from jinja2.runtime import Context
from werkzeug.wrappers import Response

from wayfellow.words import PLAIN, languages, speak, this_voice
from wayfellow_web.site import deployment

COOKIE = "wayfellow_language"
#: Days and numbers in English are written as the rest of the pages is: the British way.
LOCALES = {"en": "en_GB"}


class Catalogue(Domain):  # type: ignore[misc]  # the library has no types
    """Give Flask-Babel, and so templates and plugins' ``flask_babel.gettext``, the deployment's own catalogue."""

    def get_translations(self) -> support.NullTranslations:
        """Return all that is translated into the language that is spoken."""
        found = this_voice().translations
        return found if isinstance(found, support.NullTranslations) else support.NullTranslations()


def configure_languages(app: Flask) -> None:
    """Speak the language of each request, in texts, days and numbers."""
    app.extensions["wayfellow"].deployment.host.words.include(Path(__file__).parent / "translations")
    Babel(app, locale_selector=locale).domain_instance = Catalogue()
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.globals["ngettext"] = _with_marks(cast(Callable[..., str], app.jinja_env.globals["ngettext"]))
    app.before_request(listen)
    app.after_request(label)
    app.teardown_request(forget)


def _with_marks(ngettext: Callable[..., str]) -> Callable[..., str]:
    """Return the templates' ``ngettext`` with a number that is written as the language does."""

    @pass_context
    def say(context: Context, one: str, many: str, count: int, /, **values: object) -> str:
        return ngettext(context, one, many, count, **{"num": format_decimal(count), **values})

    return say


def locale() -> str:
    """Return the locale by whose rules days and numbers are written."""
    spoken = this_voice().language
    return LOCALES.get(spoken, spoken)


def listen() -> None:
    """Speak what the browser asks for, until it is known who asks."""
    asked = [tag.partition("-")[0].lower() for tag in request.accept_languages.values()]
    wanted = [request.cookies.get(COOKIE, ""), *asked]
    speak_language(next((language for language in wanted if language in languages()), deployment().config.language))


def speak_language(language: str | None) -> None:
    """Speak somebody's own language; None changes nothing."""
    if language is not None:
        speak(deployment().host.words.voice(language))
        refresh()  # Flask-Babel keeps the locale of the request


def label(response: Response) -> Response:
    """Say in which language a page is, and what that depends on."""
    if response.mimetype == "text/html":
        response.content_language.add(this_voice().language)
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def forget(error: BaseException | None = None) -> None:
    """Leave no language behind for the thread's next request."""
    speak(PLAIN)


def remember_language(response: Response, language: str) -> None:
    """Set the cookie for a year."""
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    response.set_cookie(COOKIE, language, max_age=31536000, secure=secure, httponly=True, samesite="Lax")


@cache
def language_names() -> Mapping[str, str]:
    """Return the languages that can be chosen, each by its own name."""
    return {code: Locale.parse(code).get_display_name(code) or code for code in languages()}
