"""Keep the key that signs sessions and links."""

from __future__ import annotations

import os
import secrets

from wayfellow.config import Config
from wayfellow.errors import WayfellowError


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
