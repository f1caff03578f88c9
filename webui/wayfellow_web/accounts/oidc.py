"""Speak with the OpenID provider: lead people to it, and check what it says of those who come back.

Import this only once somebody takes this way in: what it needs is slow to load.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from wayfellow.config_oidc import OidcSettings, is_private
from wayfellow.tabular.values import clean_email, clean_line
from wayfellow_web.accounts.identities import Refused, Vouched

#: Seconds to wait for each answer of the provider.
PATIENCE = 5
#: Seconds by which the provider's clock may differ from ours.
LEEWAY = 60
#: Signatures that only the provider can make; never "none", nor those that whoever knows our secret can make.
ALGORITHMS = [f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)] + ["EdDSA", "Ed25519"]
_DISCOVERY = "/.well-known/openid-configuration"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Unreachable(Exception):
    """Say, for the log alone, why the provider can't be asked now."""


def state_of(secret: bytes) -> str:
    """Return what the provider hands back, so that nobody is signed in who did not begin here."""
    return _derived(secret, "state")


def lead_to(settings: OidcSettings, secret: bytes, back: str, now: datetime, *, again: bool) -> str:
    """Return the provider's address for signing in; ``again`` has it ask even those whom it knows already.

    ``secret`` is this attempt's own, ``back`` the address where it ends. Raises Unreachable.
    """
    known = _discover(settings.issuer, now)
    extra: dict[str, Any] = {"nonce": _derived(secret, "nonce")}
    if again:
        extra |= {"prompt": "login", "max_age": 0}
    with _client(settings, known, back) as client:
        address, _ = client.create_authorization_url(
            known["authorization_endpoint"], state=state_of(secret), code_verifier=_derived(secret, "verifier"), **extra
        )
    return str(address)


def identify(settings: OidcSettings, secret: bytes, back: str, code: str, now: datetime) -> Vouched:
    """Return whom the provider names for a code. Raises Refused and Unreachable."""
    known = _discover(settings.issuer, now)
    with _client(settings, known, back) as client, _asking():
        token = client.fetch_token(
            known["token_endpoint"],
            code=code,
            grant_type="authorization_code",
            code_verifier=_derived(secret, "verifier"),
            timeout=PATIENCE,
        )
        claims = _checked(str(token.get("id_token", "")), settings, _keys(known), _derived(secret, "nonce"), now)
        if "email" not in claims and known.get("userinfo_endpoint"):
            claims = _completed(claims, client.get(known["userinfo_endpoint"], timeout=PATIENCE))
    return _vouched(claims, now)


def _derived(secret: bytes, purpose: str) -> str:
    return hmac.digest(secret, purpose.encode(), "sha256").hex()


def _discover(issuer: str, now: datetime) -> Mapping[str, Any]:
    """Return what the provider says of itself, asked for anew each hour. Raises Unreachable."""
    return _described(issuer, int(now.timestamp()) // 3600)


@lru_cache(maxsize=4)
def _described(issuer: str, hour: int) -> Mapping[str, Any]:
    try:
        answer = requests.get(issuer.rstrip("/") + _DISCOVERY, timeout=PATIENCE)
        answer.raise_for_status()
        known = answer.json()
    except requests.RequestException as error:
        raise Unreachable(f"the provider can't be asked about itself: {error}") from error
    if not isinstance(known, dict) or known.get("issuer") != issuer:
        raise Unreachable("the provider calls itself something else than [oidc] issuer does")
    for name in _ENDPOINTS:
        if not is_private(str(known.get(name, ""))):
            raise Unreachable(f"the provider's {name} is missing or not HTTPS")
    return known


def _client(settings: OidcSettings, known: Mapping[str, Any], back: str) -> OAuth2Session:
    offered = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return OAuth2Session(
        settings.client_id,
        settings.client_secret,
        token_endpoint_auth_method="client_secret_basic" if "client_secret_basic" in offered else "client_secret_post",
        scope="openid email profile",
        redirect_uri=back,
        code_challenge_method="S256",
        leeway=0,  # else a token that lives for a minute counts as over at once
    )


@contextmanager
def _asking() -> Iterator[None]:
    """Tell a provider that is down, which may come back, from one that refuses."""
    try:
        yield
    except requests.HTTPError as error:
        if error.response is not None and error.response.status_code < 500:
            raise Refused(f"the provider refused: {error}") from error
        raise Unreachable(f"the provider is at fault: {error}") from error
    except requests.RequestException as error:
        raise Unreachable(f"the provider does not answer: {error}") from error
    except AuthlibBaseError as error:
        raise Refused(f"the provider refused: {error}") from error


def _keys(known: Mapping[str, Any]) -> KeySet:
    answer = requests.get(known["jwks_uri"], timeout=PATIENCE)
    answer.raise_for_status()
    try:
        return KeySet.import_key_set(answer.json())
    except (JoseError, KeyError, TypeError, ValueError) as error:
        raise Unreachable(f"the provider's keys can't be read: {error}") from error


def _checked(token: str, settings: OidcSettings, keys: KeySet, nonce: str, now: datetime) -> dict[str, Any]:
    """Return what an ID token says after checking that the provider says it, now, to us, about this attempt."""
    wanted = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": settings.issuer},
        aud={"essential": True, "value": settings.client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
    )
    try:
        claims = dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
        wanted.validate(claims)
    except (JoseError, ValueError) as error:
        raise Refused(f"the ID token does not hold: {error}") from error
    audience = claims["aud"]
    if isinstance(audience, list) and len(audience) > 1 and claims.get("azp") != settings.client_id:
        raise Refused("the ID token is meant for several, and was not given to us")
    if not isinstance(claims["sub"], str):
        raise Refused("the ID token names nobody")
    return claims


def _completed(claims: dict[str, Any], answer: requests.Response) -> dict[str, Any]:
    """Return an ID token's claims with what the provider says only when asked about the person."""
    answer.raise_for_status()
    more = answer.json()
    if not isinstance(more, dict) or more.get("sub") != claims["sub"]:
        raise Refused("the provider speaks of somebody else when asked about the person")
    return more | claims


def _vouched(claims: Mapping[str, Any], now: datetime) -> Vouched:
    verified = claims.get("email_verified") is True
    shown = claims.get("auth_time")
    shown_at = min(now, datetime.fromtimestamp(shown, UTC)) if isinstance(shown, int) else None
    return Vouched(
        subject=claims["sub"],
        email=_clean(clean_email, claims.get("email")) if verified else None,
        name=(_clean(lambda text: clean_line(text, "The name"), claims.get("name")) or ""),
        shown_at=shown_at,
    )


def _clean(how: Callable[[str], str], said: object) -> str | None:
    """Return a text as it is kept, or None where it can't be."""
    try:
        return how(said) if isinstance(said, str) else None
    except ValueError:
        return None
