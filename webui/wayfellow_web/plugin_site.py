"""Give plugins' views what core's own views have: the programme, lists, files, undo, and a limit on mails."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from flask import Response, request

from wayfellow.programmes.models import Programme
from wayfellow.types import SYSTEM
from wayfellow_web.accounts.attempts import Act, count_attempt
from wayfellow_web.handing_over import hand_over
from wayfellow_web.listing import Listing, this_listing
from wayfellow_web.messages import flash_undo
from wayfellow_web.programme import this_programme
from wayfellow_web.site import Site


class PluginSite(Site):
    """Be the site as ``wayfellow.pages.Site`` describes it."""

    __slots__ = ()

    def programme(self) -> Programme:
        """Return the programme that the address names. Raises NotFound."""
        return this_programme()

    def listing(
        self, *, sorts: Container[str] = (), default_sort: str = "", **filters: Container[str] | None
    ) -> Listing:
        """Read the state of a list from the address."""
        return this_listing(sorts=sorts, default_sort=default_sort, **filters)

    def hand_over(self, name: str, suffix: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
        """Return a list as a file. Raises NotFound for a format that nobody brings."""
        return hand_over(name, suffix, headings, rows)

    def offer_undo(self, sentence: str, url: str, **fields: str) -> None:
        """Say on the next page what was done, with a button that takes it back."""
        flash_undo(sentence, url, **fields)

    def limit_mails(self, email: str) -> None:
        """Count a mail that a stranger asks for. Raises TooMany."""
        with self.deployment.transaction(SYSTEM) as tx:
            count_attempt(tx, Act.LINK, email, request.remote_addr)
