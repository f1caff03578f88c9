"""Sign in by the organisation's own OpenID provider."""

from __future__ import annotations

import hmac

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from wayfellow.config_oidc import OidcSettings
from wayfellow.errors import InvalidInput, NotFound
from wayfellow.pages import PUBLIC, page
from wayfellow.privacy.audit import record
from wayfellow.types import SYSTEM
from wayfellow.words import gettext
from wayfellow_web.accounts.attempts import Act, count_attempt
from wayfellow_web.accounts.challenges import PROVIDER, new_challenge, take_challenge
from wayfellow_web.accounts.entering import let_in
from wayfellow_web.accounts.identities import Refused, Vouched, find_account
from wayfellow_web.accounts.models import Account
from wayfellow_web.accounts.sessions import FRESH
from wayfellow_web.site import deployment

blueprint = Blueprint("oidc", __name__)


@blueprint.get("/")
@page(PUBLIC)
def start() -> Response | tuple[str, int]:
    """Lead to the provider; with ``again`` it asks even those whom it knows already."""
    from wayfellow_web.accounts import oidc

    settings, here = _settings(), deployment()
    with here.transaction(SYSTEM) as tx:
        count_attempt(tx, Act.PROVIDER, "", request.remote_addr)
    try:
        to = oidc.lead_to(settings, new_challenge(PROVIDER), _back(), here.clock(), again="again" in request.args)
    except oidc.Unreachable as error:
        return _unreachable(settings, error)
    return redirect(to)


@blueprint.get("/callback")
@page(PUBLIC)
def come_back() -> Response | tuple[str, int]:
    """Let in whom the provider names; every refusal is the same."""
    from wayfellow_web.accounts import oidc

    settings = _settings()
    try:
        vouched = _identify(settings)
        account = _open(settings, vouched)
    except Refused as error:
        current_app.logger.warning("Sign-in by the provider refused: %s", error)
        return _page(settings, 403)
    except oidc.Unreachable as error:
        return _unreachable(settings, error)
    return let_in(account, "provider", vouched.shown_at or deployment().clock() - FRESH)


def _settings() -> OidcSettings:
    settings = deployment().config.oidc
    if settings is None:
        raise NotFound(gettext("Nobody signs people in for this installation. Choose another way on the sign-in page."))
    return settings


def _back() -> str:
    return (deployment().config.base_url or "").rstrip("/") + url_for(".come_back")


def _identify(settings: OidcSettings) -> Vouched:
    """Return whom the provider names in answer to what this browser began. Raises Refused and Unreachable."""
    from wayfellow_web.accounts import oidc

    try:
        with deployment().transaction(SYSTEM) as tx:
            secret = take_challenge(tx, PROVIDER)
    except InvalidInput as error:
        raise Refused(f"this browser began no sign-in, or too long ago: {error}") from error
    if not hmac.compare_digest(request.args.get("state", "").encode(), oidc.state_of(secret).encode()):
        raise Refused("the state is another one")
    code = request.args.get("code")
    if not code:
        raise Refused(f"the provider sent no code, but the error {request.args.get('error', '')[:80]!r}")
    return oidc.identify(settings, secret, _back(), code, deployment().clock())


def _open(settings: OidcSettings, vouched: Vouched) -> Account:
    """Return the account of whom the provider vouches for. Raises Refused, which is written down."""
    try:
        with deployment().transaction(SYSTEM) as tx:
            return find_account(tx, settings, vouched)
    except Refused as error:
        with deployment().transaction(SYSTEM) as tx:
            record(tx, "account.sign_in_refused", "account", None, by="provider", because=str(error))
        raise


def _unreachable(settings: OidcSettings, error: Exception) -> tuple[str, int]:
    current_app.logger.error("The provider that signs people in can't be used: %s", error)
    return _page(settings, 503)


def _page(settings: OidcSettings, status: int) -> tuple[str, int]:
    shown = render_template("wayfellow_web/accounts/provider-refused.html", provider=settings.name, status=status)
    return shown, status
