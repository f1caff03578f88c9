"""Keep the key that signs sessions and links, and encrypt with it what the database should not tell."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from typing import TYPE_CHECKING

from wayfellow.config import Config
from wayfellow.errors import WayfellowError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


def secret_key(config: Config) -> str:
    """Return the configured key, else the one in ``<data_dir>/secret.key``, made on first use for its owner only.

    Raises WayfellowError when the file is empty.
    """
    if config.secret_key:
        return config.secret_key
    path = config.data_dir / "secret.key"
    config.data_dir.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"secret.key.{secrets.token_hex(4)}")
    if not path.exists():
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # fails when another process was first, and never shows a half-written file
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    key = path.read_text("ascii").strip()
    if not key:
        raise WayfellowError(f"{path} is empty. Restore it from a backup, or delete it: everyone then signs in anew.")
    return key


def seal(config: Config, text: str) -> str:
    """Return a text encrypted, so that only this installation's key opens it."""
    return _fernet(config).encrypt(text.encode()).decode()


def unseal(config: Config, sealed: str) -> str | None:
    """Return a sealed text, None where it was sealed with another key."""
    from cryptography.fernet import InvalidToken

    try:
        return _fernet(config).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _fernet(config: Config) -> Fernet:
    from cryptography.fernet import Fernet  # slow to import, and most commands seal nothing

    digest = hashlib.sha256(b"sealed settings:" + secret_key(config).encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
