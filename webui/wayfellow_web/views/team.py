"""Show who runs a programme, or the whole installation, and let people be given duties and relieved of them."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.errors import Conflict, InvalidInput
from wayfellow.pages import page
from wayfellow.permissions import ROLES
from wayfellow.programmes.roles import DEPLOYMENT_DUTIES, PROGRAMME_DUTIES, appoint, list_duties, revoke_role
from wayfellow.types import Role
from wayfellow.words import gettext
from wayfellow_web.messages import flash_undo
from wayfellow_web.programme import this_programme
from wayfellow_web.site import my_id, reading, writing
from wayfellow_web.words import DUTIES

programme_blueprint = Blueprint("team", __name__)
blueprint = Blueprint("administrators", __name__)


@programme_blueprint.get("/")
@page("programme.edit")
def show() -> str:
    """List who has a duty in the programme."""
    return _page(this_programme().id)


@programme_blueprint.post("/")
@page("programme.edit", fresh=True)
def add() -> Response | tuple[str, int]:
    """Give somebody a duty in the programme."""
    return _add(this_programme().id)


@programme_blueprint.post("/<int:person_id>/remove")
@page("programme.edit", fresh=True)
def remove(person_id: int) -> Response:
    """Take a duty in the programme from somebody; it can be given back."""
    return _remove(person_id, this_programme().id)


@blueprint.get("/")
@page("roles.grant")
def index() -> str:
    """List who has a duty in the whole installation."""
    return _page(None)


@blueprint.post("/")
@page("roles.grant", fresh=True)
def add_here() -> Response | tuple[str, int]:
    """Give somebody a duty in the whole installation."""
    return _add(None)


@blueprint.post("/<int:person_id>/remove")
@page("roles.grant", fresh=True)
def remove_here(person_id: int) -> Response:
    """Take a duty in the whole installation from somebody; it can be given back."""
    return _remove(person_id, None)


def _add(programme_id: int | None) -> Response | tuple[str, int]:
    typed = {field: request.form.get(field, "").strip() for field in ("email", "name", "role")}
    try:
        with writing() as tx:
            role = Role(typed["role"]) if typed["role"] in set(Role) else Role.MENTOR  # which nobody is appointed to
            person = appoint(tx, typed["email"], typed["name"], role, programme_id)
    except InvalidInput as error:
        return _page(programme_id, typed, error), error.status
    flash(gettext("%(name)s is %(role)s now.", name=person.name, role=ROLES[role]), "good")
    return redirect(_here(programme_id))


def _remove(person_id: int, programme_id: int | None) -> Response:
    role = request.form.get("role", "")
    duties = list_duties(reading(), programme_id)
    held = next((duty for duty in duties if duty.person_id == person_id and duty.role == role), None)
    if held is None:
        return redirect(_here(programme_id))
    try:
        with writing() as tx:
            revoke_role(tx, person_id, held.role, programme_id)
    except Conflict as error:
        flash(str(error), "warn")
        return redirect(_here(programme_id))
    again = {"email": held.email, "name": held.name, "role": held.role}
    flash_undo(
        gettext("%(name)s is no longer %(role)s.", name=held.name, role=ROLES[held.role]), _here(programme_id), **again
    )
    # Whoever gave up their own duty may not be let in here any more.
    return redirect(url_for("start.start") if person_id == my_id() else _here(programme_id))


def _here(programme_id: int | None) -> str:
    return url_for("team.show" if programme_id else "administrators.index")


def _page(programme_id: int | None, typed: Mapping[str, str] | None = None, error: InvalidInput | None = None) -> str:
    roles = PROGRAMME_DUTIES if programme_id else DEPLOYMENT_DUTIES
    return render_template(
        "wayfellow_web/team/show.html",
        duties=list_duties(reading(), programme_id),
        roles=[(role.value, DUTIES[role][0]) for role in roles],
        explained=[DUTIES[role] for role in roles],
        everywhere=programme_id is None,
        here=_here(programme_id),
        remove="team.remove" if programme_id else "administrators.remove_here",
        typed=typed or {},
        wrong={problem.column: problem.message for problem in error.problems} if error else {},
        DUTIES=DUTIES,
    )
