"""Turn a deployment's configuration into the web application's settings."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from wayfellow.config import Config
from wayfellow.secret import secret_key
from wayfellow.tabular.limits import UPLOAD

MEGABYTE = 1024 * 1024


def is_https(config: Config) -> bool:
    """Tell whether people reach the deployment over HTTPS."""
    return urlsplit(config.base_url or "").scheme == "https"


def configure_settings(app: Flask, config: Config) -> None:
    """Set cookies, limits and the hosts that the application answers for."""
    https = is_https(config)
    app.config.update(
        SECRET_KEY=secret_key(config),
        SESSION_COOKIE_NAME="__Host-wayfellow" if https else "wayfellow",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=UPLOAD.bytes + MEGABYTE,
        MAX_FORM_MEMORY_SIZE=2 * MEGABYTE,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(hours=1),
        TRUSTED_HOSTS=_trusted_hosts(config),
        PREFERRED_URL_SCHEME="https" if https else "http",
    )
    if config.proxies:
        # Host and scheme come from base_url; a proxy is believed about the address alone.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]  # as Flask says


def _trusted_hosts(config: Config) -> list[str]:
    host = urlsplit(config.base_url or "").hostname
    return [host] if host else ["localhost", "127.0.0.1", "[::1]"]
