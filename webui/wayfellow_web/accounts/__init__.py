"""Hold accounts and sign-in; the only place that knows Flask-Security."""

from __future__ import annotations

from flask import Flask

from wayfellow_web.accounts import (
    code_pages,
    confirm,
    managing_pages,
    new_email_pages,
    oidc_pages,
    passkey_pages,
    password_pages,
    second_factor_pages,
)
from wayfellow_web.accounts.base import configure_base
from wayfellow_web.accounts.guard import load_actor
from wayfellow_web.accounts.views import blueprint


def configure_accounts(app: Flask) -> None:
    """Find out who asks before each request, and offer the pages for signing in and out."""
    app.before_request(load_actor)  # before the library looks, so that a cookie whose row is gone is emptied first
    configure_base(app)
    app.register_blueprint(blueprint)
    app.register_blueprint(code_pages.blueprint, url_prefix="/sign-in/code")
    app.register_blueprint(managing_pages.blueprint, url_prefix="/p/<programme>/people/<int:person_id>/account")
    app.register_blueprint(new_email_pages.blueprint)
    app.register_blueprint(oidc_pages.blueprint, url_prefix="/sign-in/provider")
    app.register_blueprint(passkey_pages.blueprint)
    app.register_blueprint(second_factor_pages.blueprint, url_prefix="/me/sign-ins/second-factor")
    app.register_blueprint(confirm.blueprint, url_prefix="/me/confirm")
    app.register_blueprint(password_pages.blueprint, url_prefix="/me/sign-ins/password")
