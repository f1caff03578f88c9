"""Read how mail is sent: the ``[mail]`` table, with environment variables over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wayfellow.config_checks import read_secret, read_table, read_variables, wrong

PREFIX = "WAYFELLOW_MAIL_"

_KEYS: Mapping[str, type] = {
    "host": str,
    "port": int,
    "security": str,
    "user": str,
    "password": str,
    "password_file": str,
    "sender": str,
}
#: How a connection is kept private, with the port that is usual for it.
_PORTS = {"starttls": 587, "ssl": 465, "none": 25}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Hold which SMTP server takes our mail, and whom it comes from.

    ``security`` is ``starttls``, ``ssl`` or ``none``; ``sender`` an address, with or without a name.
    """

    host: str
    sender: str
    port: int = 587
    security: str = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return the sender's address without the name."""
        return address_of(self.sender)


def address_of(sender: str) -> str:
    """Return the address in ``Name <address>`` or in an address alone, "" when there is none."""
    from email.utils import parseaddr  # slow to import, and most commands send nothing

    return parseaddr(sender)[1]


def read_mail(
    path: Path | None, table: Mapping[str, Any], environ: Mapping[str, str], base_url: str | None
) -> MailSettings | None:
    """Return how mail is sent, None when no host is named: then messages are read in the browser alone.

    Raises WayfellowError with a sentence that names file and key.
    """
    given = read_table(path, "mail", table, _KEYS) | read_variables(PREFIX, _KEYS, environ)
    if not given.get("host"):
        if given:
            raise wrong(path, f"[mail] has {next(iter(given))} but no host. Name the mail server, or remove [mail].")
        return None
    if not base_url:
        raise wrong(
            path, "[mail] needs base_url in [wayfellow], for the links in mails. Write the address of the pages."
        )
    security = _security(path, given)
    settings = MailSettings(
        host=given["host"],
        sender=_sender(path, given),
        port=_port(path, given, security),
        security=security,
        user=given.get("user"),
        password=read_secret(path, "mail", "password", given),
    )
    if bool(settings.user) != bool(settings.password):
        raise wrong(path, "[mail] needs user and password (or password_file) together, or neither of them.")
    return settings


def _security(path: Path | None, given: Mapping[str, Any]) -> str:
    security = str(given.get("security", "starttls"))
    if security not in _PORTS:
        raise wrong(path, f"[mail] security is {security!r}. Write one of: {', '.join(_PORTS)}.")
    return security


def _port(path: Path | None, given: Mapping[str, Any], security: str) -> int:
    port = int(given.get("port", _PORTS[security]))
    if not 0 < port < 65536:
        raise wrong(path, f"[mail] port is {port}. Write a number from 1 to 65535, such as {_PORTS[security]}.")
    return port


def _sender(path: Path | None, given: Mapping[str, Any]) -> str:
    sender = str(given.get("sender", ""))
    local, _, domain = address_of(sender).partition("@")
    if not (local and domain) or not sender.isprintable():
        example = "Mentoring <mentoring@example.org>"
        raise wrong(path, f"[mail] sender is {sender!r}. Write the address that mails come from, such as {example}.")
    return sender
