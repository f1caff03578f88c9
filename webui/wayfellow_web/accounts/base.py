"""Set Flask-Security up for the login itself, with everything else off; nothing but this and the models imports it.

Passwords, codes and passkeys are ours beside it, by the libraries that it takes for them as well.
"""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, Request, session
from flask_security import Security, SQLAlchemyUserDatastore, login_user, logout_user

from wayfellow_web.accounts.models import Account
from wayfellow_web.database import db

SETTINGS: dict[str, Any] = {
    "URL_PREFIX": "/account",
    "JOIN_USER_ROLES": False,
    "PASSWORD_SCHEMES": ["argon2"],
    "DEPRECATED_PASSWORD_SCHEMES": [],
    "PASSWORD_SINGLE_HASH": ["argon2"],
    "RETURN_GENERIC_RESPONSES": True,
    "EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "API_ENABLED_METHODS": ["session"],
    "DEFAULT_REMEMBER_ME": False,
    "REGISTERABLE": False,
    "RECOVERABLE": False,
    "CHANGEABLE": False,
    "CHANGE_EMAIL": False,
    "CONFIRMABLE": False,
    "TRACKABLE": False,
    "TWO_FACTOR": False,
    "WEBAUTHN": False,
    "UNIFIED_SIGNIN": False,
    "OAUTH_ENABLE": False,
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
}


def configure_base(app: Flask) -> None:
    """Put Flask-Security to work without any page of its own."""
    for name, value in SETTINGS.items():
        app.config[f"SECURITY_{name}"] = value
    # The library wants one to start, though it hashes nothing here.
    app.config["SECURITY_PASSWORD_SALT"] = app.config["SECRET_KEY"]
    security = Security(app, SQLAlchemyUserDatastore(db, Account, cast(Any, None)), register_blueprint=False)
    security.want_json(_never_json)


def start_login(account: Account, sid: str) -> None:
    """Begin a new cookie for an account, so that nothing from before the sign-in lives on."""
    session.clear()
    session.permanent = True
    session["sid"] = sid
    login_user(account, remember=False, authn_via=["email"])


def end_login() -> None:
    """Empty the cookie."""
    logout_user()
    session.clear()


def _never_json(request: Request) -> bool:
    return False
