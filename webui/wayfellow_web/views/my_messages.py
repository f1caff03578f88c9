"""Choose how messages reach oneself."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import InvalidInput
from wayfellow.notify.preferences import get_preferences, set_choices, set_times
from wayfellow.notify.times import DAY, WEEK
from wayfellow.pages import SIGNED_IN, page
from wayfellow.types import Delivering
from wayfellow.words import gettext, later, said
from wayfellow_web.site import reading, writing

blueprint = Blueprint("my_messages", __name__)

CHOICES = (
    (Delivering.AT_ONCE.value, later("At once")),
    (Delivering.DIGEST.value, later("In an overview")),
    (Delivering.NEVER.value, later("Never")),
)
EVERY = ((DAY, later("Every day")), (WEEK, later("Every Monday")))
HOURS = tuple((str(hour), f"{hour:02}:00") for hour in range(24))
FIELDS = ("quiet_from", "quiet_until", "digest_every", "digest_hour")


@blueprint.get("/")
@page(SIGNED_IN)
def index() -> str:
    """Show what holds now."""
    return _render({}, {})


@blueprint.post("/")
@page(SIGNED_IN)
def save() -> Response | tuple[str, int]:
    """Keep what was chosen, all of it or nothing."""
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    chosen = {_place(name): value for name, value in request.form.items() if name.startswith("choice:")}
    try:
        with writing() as tx:
            set_choices(tx, chosen)
            set_times(tx, **typed)
    except InvalidInput as error:
        wrong = {problem.column or "": problem.message for problem in error.problems} or {"": str(error)}
        kept = {f"choice:{channel}:{kind}": value for (kind, channel), value in chosen.items()}
        return _render(typed | kept, wrong), error.status
    flash(gettext("Saved. It holds for messages from now on."), "good")
    return redirect(url_for(".index"))


def _place(name: str) -> tuple[str, str]:
    """Return kind and channel of a field's name, which is ``choice:<channel>:<kind>``."""
    _, channel, kind = (*name.split(":", 2), "", "")[:3]
    return kind, channel


def _render(typed: dict[str, str], wrong: dict[str, str]) -> str:
    chosen = get_preferences(reading())
    times = chosen.times
    now = {name: str(value) for name in FIELDS if (value := getattr(times, name)) is not None}
    for channel in chosen.channels:
        now |= {f"choice:{channel}:{kind.key}": chosen.of(kind, channel) for kind in chosen.kinds}
    return render_template(
        "wayfellow_web/me/messages.html",
        chosen=chosen,
        values=now | typed,
        wrong=wrong,
        choices=[(key, said(label)) for key, label in CHOICES],
        every=[(key, said(label)) for key, label in EVERY],
        hours=HOURS,
    )
