"""Let people take along what is kept about them, and have it erased."""

from __future__ import annotations

import io
import json
import zipfile

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.mentorships.erasing import erase_me
from wayfellow.mentorships.personal import collect_my_data
from wayfellow.pages import SIGNED_IN, page
from wayfellow.people.service import get_profile
from wayfellow.words import gettext
from wayfellow_web.accounts.base import end_login
from wayfellow_web.site import my_id, reading, writing

blueprint = Blueprint("my_data", __name__)


@blueprint.get("/")
@page(SIGNED_IN)
def show() -> str:
    """Say what people can do with their data."""
    return _page()


@blueprint.post("/take")
@page(SIGNED_IN, fresh=True)
def take() -> Response:
    """Hand over all that is kept about the person."""
    with writing() as tx:
        data = collect_my_data(tx)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", json.dumps(data, ensure_ascii=False, indent=2))
    answer = make_response(file.getvalue())
    answer.headers["Content-Type"] = "application/zip"
    answer.headers["Content-Disposition"] = 'attachment; filename="my-data.zip"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/erase")
@page(SIGNED_IN, fresh=True)
def erase() -> Response | tuple[str, int]:
    """Erase the person who asks, and sign them out."""
    typed = request.form.get("confirm", "")
    try:
        with writing() as tx:
            erase_me(tx, typed)
    except (InvalidInput, Conflict) as error:
        return _page(typed, str(error)), error.status
    end_login()
    flash(gettext("Your data is erased, and you are signed out. Thank you for having been here."), "good")
    answer = redirect(url_for("accounts.sign_in"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _page(typed: str = "", wrong: str = "") -> str:
    person = get_profile(reading(), my_id()).person
    return render_template(
        "wayfellow_web/me/data.html",
        typed=typed,
        wrong=wrong,
        by_email=bool(person.email),
        confirm=person.email or person.name,
    )
