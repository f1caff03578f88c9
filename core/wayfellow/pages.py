"""Let pages say who may see them; the web refuses to serve a page that says nothing.

Plugins mark their views with :func:`page`, so that they need nothing from the web itself::

    @blueprint.get("/")
    @page("sample.read")
    def index() -> str: ...
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

#: Everybody may see the page, signed in or not.
PUBLIC = "public"
#: Everybody who is signed in may see the page; it shows only what is the person's own.
SIGNED_IN = "signed-in"

_MARK = "wayfellow_permission"


def page(permission: str) -> Callable[[View], View]:
    """Mark a view with the permission that it needs: PUBLIC, SIGNED_IN or the name of a declared permission.

    Where the address names a programme, the permission must hold in it; elsewhere, in any programme.
    """

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> str | None:
    """Return the permission that a view was marked with, or None."""
    found: str | None = getattr(view, _MARK, None)
    return found
