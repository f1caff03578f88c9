"""Let pages say who may see them; the web refuses to serve a page that says nothing.

Plugins mark their views with :func:`page`, so that they need nothing from the web itself::

    @blueprint.get("/")
    @page("sample.read")
    def index() -> str: ...
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from wayfellow.deployment import Deployment, Transaction
    from wayfellow.programmes.models import Programme
    from wayfellow.types import Actor

View = TypeVar("View", bound=Callable[..., Any])

#: Everybody may see the page, signed in or not.
PUBLIC = "public"
#: Everybody who is signed in may see the page; it shows only what is the person's own.
SIGNED_IN = "signed-in"


class Site(Protocol):
    """Be what views of plugins find as ``current_app.extensions["wayfellow"]``; the web's own views have the same."""

    @property
    def deployment(self) -> Deployment:
        """Return the deployment that the application serves."""
        ...

    def actor(self) -> Actor:
        """Return who sends this request."""
        ...

    def reading(self) -> Transaction:
        """Return the request's one transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[Transaction]:
        """Give a transaction that may write, as the person who asks."""
        ...

    def programme(self) -> Programme:
        """Return the programme that ``<programme>`` in the address names. Raises NotFound."""
        ...

    def listing(self, *, sorts: Container[str] = (), default_sort: str = "", **filters: Container[str] | None) -> Any:
        """Read from the address how a list is searched, filtered (each with the values it knows), sorted and paged."""
        ...

    def hand_over(self, name: str, suffix: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Any:
        """Return a list as a file. Raises NotFound for a format that nobody brings."""
        ...

    def offer_undo(self, sentence: str, url: str, **fields: str) -> None:
        """Say on the next page what was done, with a button that posts the fields to an address to take it back."""
        ...

    def limit_mails(self, email: str) -> None:
        """Count a mail that a stranger asks for. Raises TooMany."""
        ...


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
