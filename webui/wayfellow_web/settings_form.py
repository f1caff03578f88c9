"""Show settings as a form and save what it holds: those of the installation and those of each plugin alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import flash, redirect, request
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.settings.service import Shown, list_settings, refresh, save_settings
from wayfellow.settings.texts import OFF, ON
from wayfellow.words import gettext, said
from wayfellow_web.languages import language_names
from wayfellow_web.messages import flash_undo
from wayfellow_web.profile_form import Control
from wayfellow_web.site import deployment, reading, writing

#: Longer texts would not fit into the cookie that offers to take a change back.
UNDO_LENGTH = 1000
Render = Callable[[list[Control], list[Shown]], str]


def show_form(owner: str, render: Render) -> str:
    """Return the page with what may be set of an owner."""
    return _page(owner, render, {}, {})


def save_form(owner: str, render: Render, back: str) -> Response | tuple[str, int]:
    """Save what the form holds, let it count at once, and go back; what was typed stays when something is wrong."""
    try:
        with writing() as tx:
            former = save_settings(tx, owner, request.form)
    except InvalidInput as error:
        wrong = {problem.column or "": problem.message for problem in error.problems}
        return _page(owner, render, request.form, wrong), error.status
    refresh(deployment())
    sentence = gettext("The settings are saved.")
    if former and sum(map(len, former.values())) <= UNDO_LENGTH:
        flash_undo(sentence, request.path, **former)
    else:
        flash(sentence, "good")
    return redirect(back)


def _page(owner: str, render: Render, typed: Mapping[str, str], wrong: Mapping[str, str]) -> str:
    shown = list_settings(reading(), owner)
    controls = [
        _control(one, typed.get(one.setting.key, one.text), wrong.get(one.setting.key, ""))
        for one in shown
        if not one.is_fixed
    ]
    return render(controls, [one for one in shown if one.is_fixed])


def _control(shown: Shown, text: str, error: str) -> Control:
    setting = shown.setting
    kind, options, hint = "line", tuple((option, option) for option in setting.options), said(setting.help)
    if setting.key == "language" and options:
        options = tuple((code, language_names()[code]) for code in setting.options)
    if isinstance(setting.default, bool):
        options = ((ON, gettext("Yes")), (OFF, gettext("No")))
    if options:
        kind = "choice"
    elif setting.secret:
        kind, text = "secret", ""
        hint += " " + (gettext("One is set. Leave this empty to keep it.") if shown.is_set else gettext("None is set."))
    elif not isinstance(setting.default, str | int | float):
        kind = "area"
    return Control(setting.key, said(setting.label), kind, text, hint.strip(), True, options, error)
