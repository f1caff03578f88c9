"""Say how a chat was; what one says can be changed and taken back."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.mentorships.chats import rate_chat
from wayfellow.pages import page
from wayfellow.words import gettext
from wayfellow_web.messages import flash_undo
from wayfellow_web.site import writing
from wayfellow_web.views.home.base import blueprint

#: What the button that takes it back sends.
NOTHING = "none"


@blueprint.post("/chats/<int:my_chat>/rate")
@page("proposals.answer")
def rate(my_chat: int) -> Response:
    """Keep what somebody says of a chat, or take it back."""
    said = request.form.get("rating", "")
    rating = int(said) if said.isdecimal() and len(said) < 3 else 0
    try:
        with writing() as tx:
            rate_chat(tx, my_chat, None if said == NOTHING else rating)
    except (Conflict, InvalidInput) as error:
        flash(gettext("%(problem)s Nothing was changed.", problem=error), "warn")
        return redirect(url_for(".index"))
    if said == NOTHING:
        flash(gettext("What you said of the chat is taken back."), "good")
    else:
        thanks = gettext("Thank you. Nobody else reads what you said.")
        flash_undo(thanks, url_for(".rate", my_chat=my_chat), rating=NOTHING)
    return redirect(url_for(".index"))
