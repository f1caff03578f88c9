"""List what an administrator does once for a new installation; the list ticks itself off, then goes away."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from wayfellow.config import Config
from wayfellow.deployment import Transaction
from wayfellow.people.audit_log import was_recorded
from wayfellow.settings.service import PERMISSION
from wayfellow.words import gettext
from wayfellow_web.accounts.passkeys import list_keys
from wayfellow_web.accounts.second_factor import is_on
from wayfellow_web.site import my_id


@dataclass(frozen=True, slots=True)
class FirstStep:
    """Be one step; ``url`` leads to where it is done."""

    title: str
    note: str
    done: bool
    url: str


def first_steps(tx: Transaction) -> list[FirstStep]:
    """Return the steps while one of them is open; none to those who can't do them."""
    if not tx.may(PERMISSION):
        return []
    steps = [_name(tx.config), _secure(tx), _mail(tx)]
    return [] if all(step.done for step in steps) else steps


def _name(config: Config) -> FirstStep:
    named = config.organisation != Config.__dataclass_fields__["organisation"].default
    return FirstStep(
        gettext("Name the organisation"),
        f"{config.organisation}, {config.timezone}" if named else gettext("Its name, time zone and language."),
        named,
        url_for("settings.show"),
    )


def _secure(tx: Transaction) -> FirstStep:
    secured = is_on(tx, my_id()) or bool(list_keys(tx, my_id()))
    guarded, to_do = gettext("A passkey or a second factor guards it."), gettext("Add a passkey or a second factor.")
    return FirstStep(gettext("Secure your account"), guarded if secured else to_do, secured, url_for("me.sign_ins"))


def _mail(tx: Transaction) -> FirstStep:
    where = url_for("settings.show", _anchor="h-mail")
    if tx.config.mail is None:
        return FirstStep(gettext("Mail"), gettext("No mail yet: you copy links and hand them over."), True, where)
    tried = was_recorded(tx, "mail.tried")
    note = gettext("A test mail was sent.") if tried else gettext("Send yourself a test; it takes a few seconds.")
    return FirstStep(gettext("Check that mail works"), note, tried, where)
