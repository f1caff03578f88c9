"""Put the web application together; read this as its table of contents."""

from __future__ import annotations

from flask import Flask

from wayfellow.config import Config, load_config
from wayfellow.deployment import Deployment, open_deployment
from wayfellow_web.accounts import configure_accounts
from wayfellow_web.addresses import configure_addresses
from wayfellow_web.assets import configure_assets
from wayfellow_web.database import configure_database
from wayfellow_web.errors import configure_errors
from wayfellow_web.gate import configure_gate
from wayfellow_web.languages import configure_languages
from wayfellow_web.plugin_site import PluginSite
from wayfellow_web.plugins import configure_plugins
from wayfellow_web.programme import configure_programme
from wayfellow_web.refreshing import configure_refreshing
from wayfellow_web.security import configure_security
from wayfellow_web.settings import configure_settings
from wayfellow_web.templating import configure_templates
from wayfellow_web.views import configure_views


def make_app(
    config: Config | None = None,
    *,
    deployment: Deployment | None = None,
    plugins: tuple[tuple[str, object], ...] | None = None,
) -> Flask:
    """Make the web application of a deployment; see :func:`wayfellow_web.create_app`."""
    if deployment is None:
        deployment = open_deployment(config or load_config(), plugins=plugins)
    app = Flask("wayfellow_web", static_url_path="/static")
    app.extensions["wayfellow"] = PluginSite(deployment)
    configure_settings(app, deployment.config)
    configure_addresses(app)
    configure_database(app, deployment)
    configure_refreshing(app)  # settings that another process saved
    configure_languages(app)
    configure_security(app)  # headers, forged requests
    configure_accounts(app)  # who is asking
    configure_programme(app)  # which programme the address names
    configure_gate(app)  # whether they may
    configure_assets(app)
    configure_templates(app)
    configure_errors(app)
    configure_views(app)
    configure_plugins(app)
    return app
