"""Read by whom people may be signed in: the ``[oidc]`` table, with environment variables over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from wayfellow.config_checks import read_secret, read_table, read_variables, wrong
from wayfellow.words import gettext

PREFIX = "WAYFELLOW_OIDC_"

_KEYS: Mapping[str, type] = {
    "issuer": str,
    "client_id": str,
    "client_secret": str,
    "client_secret_file": str,
    "label": str,
    "new_people": bool,
}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class OidcSettings:
    """Hold which OpenID provider signs people in, and who we are to it.

    ``label`` is what people call it, "" for nothing of its own. ``new_people`` lets in whoever the provider knows, as
    somebody who takes part in nothing yet; else only those who are here already.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = ""
    new_people: bool = False

    @property
    def name(self) -> str:
        """Return what people call the provider."""
        return self.label or gettext("your organisation's sign-in")


def read_oidc(
    path: Path | None, table: Mapping[str, Any], environ: Mapping[str, str], base_url: str | None
) -> OidcSettings | None:
    """Return which provider signs people in, None when no issuer is named.

    Raises WayfellowError with a sentence that names file and key.
    """
    given = read_table(path, "oidc", table, _KEYS) | read_variables(PREFIX, _KEYS, environ)
    if not given.get("issuer"):
        if given:
            raise wrong(path, f"[oidc] has {next(iter(given))} but no issuer. Name the provider, or remove [oidc].")
        return None
    if not base_url:
        raise wrong(path, "[oidc] needs base_url in [wayfellow], where the provider sends people back to. Write it.")
    if not given.get("client_id"):
        raise wrong(path, "[oidc] has no client_id. Write the one that the provider gave this installation.")
    secret = read_secret(path, "oidc", "client_secret", given)
    if not secret:
        raise wrong(path, "[oidc] has no client_secret. Write it, or name the file that holds it: client_secret_file.")
    return OidcSettings(
        issuer=_issuer(path, given["issuer"]),
        client_id=given["client_id"],
        client_secret=secret,
        label=given.get("label", "").strip(),
        new_people=given.get("new_people", False),
    )


def is_private(url: str) -> bool:
    """Tell whether what goes to an address can't be read on the way: by HTTPS, or within this machine."""
    parts = urlsplit(url)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    )


def _issuer(path: Path | None, issuer: str) -> str:
    parts = urlsplit(issuer)
    if not is_private(issuer) or parts.query or parts.fragment:
        example = "https://login.example.org"
        raise wrong(path, f"[oidc] issuer is {issuer!r}. Write the provider's address, such as {example}.")
    return issuer
