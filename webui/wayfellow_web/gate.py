"""Let a request through only to a page that says who may see it, and only those people."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, flash, g, redirect, request, url_for
from werkzeug.wrappers import Response

from wayfellow import permissions
from wayfellow.errors import NotFound
from wayfellow.pages import PUBLIC, SIGNED_IN, needs_fresh, permission_of
from wayfellow.types import Actor
from wayfellow.words import gettext
from wayfellow_web.site import actor, deployment


class UndeclaredPage(RuntimeError):
    """Say that a view names no permission; that is a fault of the code, not of the person who asks."""


def configure_gate(app: Flask) -> None:
    """Ask before each request whether the page is for this person."""
    app.before_request(check_permission)


def permission_of_endpoint(app: Flask, endpoint: str) -> str:
    """Return the permission that a page needs.

    Raises UndeclaredPage when its view was never marked.
    """
    if endpoint == "static":
        return PUBLIC
    needed = permission_of(app.view_functions[endpoint])
    if needed is None:
        raise UndeclaredPage(f"The page {endpoint} does not say who may see it: mark its view with @page(...).")
    return needed


def check_permission() -> Response | None:
    """Send strangers to the sign-in page, and those who must show first who they are to where they can.

    Raises NotAllowed for people without the permission.
    """
    if request.endpoint is None:
        return None
    needed = permission_of_endpoint(current_app, request.endpoint)
    if needed == PUBLIC:
        return None
    who = actor()
    if who.person_id is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=wanted))
    if needed != SIGNED_IN:
        _require(who, needed)
    if needs_fresh(current_app.view_functions[request.endpoint]) and not g.fresh:
        return _ask_who()
    return None


def _ask_who() -> Response:
    """Lead to the page that asks, and from there back: a form that was sent is not kept, its page is shown again."""
    back: str | None = None
    if request.method == "GET":
        back = request.full_path.rstrip("?")
    else:
        flash(gettext("Nothing is changed yet. Show first that it is you, then do it again."), "warn")
        origin = urlsplit(request.referrer or "")
        if origin.netloc == request.host:
            back = origin._replace(scheme="", netloc="").geturl()
    return redirect(url_for("confirm.ask", next=back))


def may_anywhere(who: Actor, permission: str) -> bool:
    """Tell whether someone may do a thing in the deployment or in any programme."""
    extra = deployment().host.permissions
    places = {None} | {grant.programme_id for grant in who.grants}
    return any(permissions.may(who, permission, place, extra) for place in places)


def _require(who: Actor, permission: str) -> None:
    extra = deployment().host.permissions
    programme = g.get("programme")
    if programme is not None:
        permissions.require(who, permission, programme.id, extra)
    elif g.get("programme_slug") is not None:
        raise NotFound(gettext("There is no such programme, or you have no part in it. Choose one of yours."))
    elif not may_anywhere(who, permission):
        permissions.require(who, permission, None, extra)
