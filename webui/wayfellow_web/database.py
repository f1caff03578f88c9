"""Lend Flask-SQLAlchemy the deployment's engine: it gives each request one session for reading, and no more."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Engine

from wayfellow.db import Base
from wayfellow.deployment import READS_ONLY, Deployment


class _Database(SQLAlchemy):
    def _make_declarative_base(self, model_class: Any, disable_autonaming: bool = False) -> Any:
        # The library would derive a second base with query helpers; core's own is all that is wanted.
        return model_class

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        return cast(Engine, app.extensions["wayfellow"].deployment.engine)


db = _Database(model_class=Base, session_options={"expire_on_commit": False, "info": {READS_ONLY: True}})


def configure_database(app: Flask, deployment: Deployment) -> None:
    """Bind the request's session to the deployment's engine."""
    app.config["SQLALCHEMY_DATABASE_URI"] = deployment.engine.url
    db.init_app(app)
