"""Give views the deployment, who asks, and the transactions in which services work."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from flask import current_app, g

from wayfellow.deployment import Deployment, Transaction
from wayfellow.types import ANONYMOUS, Actor
from wayfellow_web.database import db


@dataclass(frozen=True, slots=True)
class Site:
    """Be what plugins' views find as ``current_app.extensions["wayfellow"]``."""

    deployment: Deployment

    def actor(self) -> Actor:
        """Return who sends this request."""
        found: Actor = g.get("actor", ANONYMOUS)
        return found

    def reading(self) -> Transaction:
        """Return the request's one transaction that only reads; it ends with the request."""
        here = self.deployment
        return Transaction(db.session(), self.actor(), here.host, here.clock, here.config)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Give a transaction that may write, as the person who asks; what was read before is read anew after it."""
        db.session.remove()
        with self.deployment.transaction(self.actor()) as tx:
            yield tx


def site() -> Site:
    """Return the site of the running application."""
    return cast(Site, current_app.extensions["wayfellow"])


def deployment() -> Deployment:
    """Return the deployment that the application serves."""
    return site().deployment


def actor() -> Actor:
    """Return who sends this request."""
    return site().actor()


def my_id() -> int:
    """Return the id of the person who asks; only for pages that nobody else gets to."""
    person_id = actor().person_id
    if person_id is None:
        raise RuntimeError("This page must not be open to strangers: mark its view with a permission or SIGNED_IN.")
    return person_id


def reading() -> Transaction:
    """Return the request's one transaction that only reads."""
    return site().reading()


@contextmanager
def writing() -> Iterator[Transaction]:
    """Give a transaction that may write, as the person who asks."""
    with site().writing() as tx:
        yield tx
