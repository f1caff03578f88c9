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
_FRESH = "wayfellow_fresh"


def page(permission: str, *, fresh: bool = False) -> Callable[[View], View]:
    """Mark a view with the permission that it needs: PUBLIC, SIGNED_IN or the name of a declared permission.

    Where the address names a programme, the permission must hold in it; elsewhere, in any programme. ``fresh`` is for
    what a thief with somebody's open browser must not do, such as handing people's data out: the person must have shown
    within the last ten minutes who they are, or is asked to.
    """

    def mark(view: View) -> View:
        setattr(view, _MARK, permission)
        setattr(view, _FRESH, fresh)
        return view

    return mark


def permission_of(view: Callable[..., Any]) -> str | None:
    """Return the permission that a view was marked with, or None."""
    found: str | None = getattr(view, _MARK, None)
    return found


def needs_fresh(view: Callable[..., Any]) -> bool:
    """Tell whether a view was marked with ``fresh``."""
    return bool(getattr(view, _FRESH, False))
