"""Change a profile: one form for people themselves and for their coordinators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.people.service import Profile, get_profile, save_profile
from wayfellow.types import Audience, FieldType, ProfileField
from wayfellow.words import Wordlist, gettext, later
from wayfellow_web.site import actor, reading, writing

READERS: Mapping[str, str] = Wordlist(
    {
        Audience.SELF: later("Only you see it."),
        Audience.COORDINATORS: later("Coordinators see it."),
        Audience.PAIR: later("Coordinators and your pair see it."),
        Audience.PROGRAMME: later("Everybody in the programme sees it."),
    }
)


@dataclass(frozen=True, slots=True)
class Control:
    """Be one field of the form: ``kind`` is line, area, choice, number or secret."""

    key: str
    label: str
    kind: str
    value: str
    hint: str
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()
    error: str = ""


def edit_profile(person_id: int, *, back: str, with_email: bool) -> str | Response | tuple[str, int]:
    """Show the form, or save what it holds and go back; what was typed stays when something needs mending."""
    profile = get_profile(reading(), person_id)
    controls = _controls(profile, with_email)
    if request.method == "GET":
        return _page(profile, controls, back)
    typed = {control.key: request.form.get(control.key, control.value) for control in controls}
    try:
        with writing() as tx:
            save_profile(tx, person_id, typed)
    except InvalidInput as error:
        return _page(profile, _controls(profile, with_email, typed, error), back, error), error.status
    flash(gettext("The profile is saved."), "good")
    return redirect(back)


def _page(profile: Profile, controls: list[Control], back: str, error: InvalidInput | None = None) -> str:
    problems = [(control.key, control.error) for control in controls if control.error]
    if error is not None and not problems:
        problems = [("", str(error))]
    own = profile.person.id == actor().person_id
    return render_template(
        "wayfellow_web/people/edit.html", profile=profile, controls=controls, problems=problems, back=back, own=own
    )


def _controls(
    profile: Profile, with_email: bool, typed: Mapping[str, str] = {}, error: InvalidInput | None = None
) -> list[Control]:
    """Return the form's fields with what the profile says, or with what was typed and what is wrong with it."""
    wrong = {problem.column: problem.message for problem in error.problems} if error else {}
    found = [
        Control(
            "name", gettext("Name"), "line", profile.person.name, gettext("As others should call you."), required=True
        )
    ]
    if with_email:
        found.append(Control("email", gettext("E-mail address"), "line", profile.person.email or "", ""))
    found += _field_controls(profile)
    found += [
        Control("skills", gettext("Skills to offer"), "area", "\n".join(profile.offers), gettext("One per line.")),
        Control(
            "skills_to_learn", gettext("Skills to learn"), "area", "\n".join(profile.wants), gettext("One per line.")
        ),
        Control("timezone", gettext("Time zone"), "line", profile.person.timezone, gettext("Such as Europe/London.")),
    ]
    return [
        Control(c.key, c.label, c.kind, typed.get(c.key, c.value), c.hint, c.required, c.options, wrong.get(c.key, ""))
        for c in found
    ]


_KINDS = {
    FieldType.TEXT: "line",
    FieldType.LONG_TEXT: "area",
    FieldType.TAGS: "area",
    FieldType.CHOICE: "choice",
    FieldType.NUMBER: "number",
    FieldType.AVAILABILITY: "line",
}


def _field_controls(profile: Profile) -> list[Control]:
    return [field_control(answer.field, answer.value) for answer in profile.values]


def field_control(definition: ProfileField, value: str, *, required: bool | None = None, when: str = "") -> Control:
    """Return the control for a field; ``required`` overrules the field's own, ``when`` says when it is asked."""
    how = gettext("One per line.") if definition.type is FieldType.TAGS else ""
    hints = (when, gettext(definition.help) if definition.help else "", how, READERS[definition.audience])
    options = (("", gettext("Not said")), *((option, option) for option in definition.options))
    return Control(
        definition.key,
        gettext(definition.label),
        _KINDS[definition.type],
        value,
        " ".join(hint for hint in hints if hint),
        definition.required if required is None else required,
        options,
    )
