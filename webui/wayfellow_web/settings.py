"""Turn a deployment's configuration into the web application's settings."""

from __future__ import annotations

import os
import secrets
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from wayfellow.config import Config, default_config

MEGABYTE = 1024 * 1024


def find_config() -> Config:
    """Return the configuration that the environment names, else that of the folder ``var`` in this one."""
    return default_config(Path(os.environ.get("WAYFELLOW_VAR", "var")))


def secret_key_of(config: Config) -> str:
    """Return the key that signs cookies: the configured one, else one kept in the data folder, made at first use."""
    if config.secret_key:
        return config.secret_key
    config.data_dir.mkdir(parents=True, exist_ok=True)
    path = config.data_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text(encoding="ascii")


def is_https(config: Config) -> bool:
    """Tell whether people reach the deployment over HTTPS."""
    return urlsplit(config.base_url or "").scheme == "https"


def configure_settings(app: Flask, config: Config) -> None:
    """Set cookies, limits and the hosts that the application answers for."""
    https = is_https(config)
    app.config.update(
        SECRET_KEY=secret_key_of(config),
        SESSION_COOKIE_NAME="__Host-wayfellow" if https else "wayfellow",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=64 * MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        TRUSTED_HOSTS=_trusted_hosts(config),
        PREFERRED_URL_SCHEME="https" if https else "http",
    )


def _trusted_hosts(config: Config) -> list[str]:
    host = urlsplit(config.base_url or "").hostname
    return [host] if host else ["localhost", "127.0.0.1", "[::1]"]
