"""Make secrets that people carry, and the digests of them that the database keeps."""

from __future__ import annotations

import hashlib
import secrets


def new_secret() -> str:
    """Return 256 random bits as text for an address or a cookie."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret, in hexadecimal; 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()
