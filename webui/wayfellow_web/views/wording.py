"""Let administrators change the words of letters, with a look at them before and a way back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput, NotFound
from wayfellow.mentorships import letters
from wayfellow.mentorships.requests import letters as request_letters
from wayfellow.mentorships.staff import letters as staff_letters
from wayfellow.notify.texts import (
    LetterForm,
    Words,
    changed_words,
    check_words,
    fill,
    list_versions,
    reset_words,
    save_words,
)
from wayfellow.pages import page
from wayfellow.programmes import letters as member_letters
from wayfellow.words import gettext, said
from wayfellow_web.accounts import letters as accounts_letters
from wayfellow_web.site import reading, writing

blueprint = Blueprint("wording", __name__)

FORMS = {
    **accounts_letters.FORMS,
    **member_letters.FORMS,
    **letters.FORMS,
    **staff_letters.FORMS,
    **request_letters.FORMS,
}


@blueprint.get("/")
@page("messages.edit")
def index() -> str:
    """List the letters, and which of them have words of the organisation's own."""
    changed = changed_words(reading(), FORMS)
    return render_template("wayfellow_web/wording/index.html", forms=FORMS.values(), changed=changed)


@blueprint.get("/<form_key>")
@page("messages.edit")
def edit(form_key: str) -> str:
    """Show the words of a letter, and how it looks with sample names."""
    form = _find(form_key)
    return _render(form, changed_words(reading(), [form.key]).get(form.key, form.words))


@blueprint.post("/<form_key>")
@page("messages.edit")
def save(form_key: str) -> str | Response | tuple[str, int]:
    """Show a preview, or keep the words."""
    form = _find(form_key)
    words = Words(request.form.get("subject", ""), request.form.get("body", ""))
    try:
        if request.form.get("act") == "preview":
            return _render(form, check_words(form, words), is_preview=True)
        with writing() as tx:
            save_words(tx, form, words, seen=_seen())
    except InvalidInput as error:
        wrong = {problem.column or "": problem.message for problem in reversed(error.problems)}
        return _render(form, words, wrong=wrong), error.status
    flash(gettext("Saved. Letters from now on are written so."), "good")
    return redirect(url_for(".edit", form_key=form.key))


@blueprint.post("/<form_key>/default")
@page("messages.edit")
def reset(form_key: str) -> Response:
    """Go back to the words that come along."""
    form = _find(form_key)
    with writing() as tx:
        reset_words(tx, form, seen=_seen())
    flash(gettext("The letter has its first words again. What you wrote is kept in the log of versions."), "good")
    return redirect(url_for(".edit", form_key=form.key))


def _find(form_key: str) -> LetterForm:
    if form_key not in FORMS:
        raise NotFound(gettext("There is no such letter. Choose one in the list."))
    return FORMS[form_key]


def _seen() -> int:
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _render(form: LetterForm, words: Words, *, wrong: dict[str, str] | None = None, is_preview: bool = False) -> str:
    versions = list_versions(reading(), form)
    seen = _seen() if request.method == "POST" else versions[0].number if versions else 0
    return render_template(
        "wayfellow_web/wording/edit.html",
        form=form,
        words=Words(said(words.subject), said(words.body)),
        shown=fill(words, {name: said(text) for name, text in form.sample.items()}),
        wrong=wrong or {},
        is_preview=is_preview,
        versions=versions,
        seen=seen,
        is_changed=bool(versions) and not versions[0].is_default,
    )
