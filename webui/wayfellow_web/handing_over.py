"""Hand a list over as a file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from flask import Response

from wayfellow.errors import NotFound
from wayfellow.tabular.writing import FORMATS
from wayfellow.words import gettext
from wayfellow_web.site import deployment


def hand_over(name: str, suffix: str, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Return a list as CSV, XLSX or what a plugin writes. Raises NotFound for a format that nobody brings."""
    form = next((form for form in (*FORMATS, *deployment().host.formats) if form.suffix == suffix), None)
    if form is None:
        raise NotFound(
            gettext("Lists can't be exported as %(format)s. Choose CSV or XLSX above the list.", format=suffix)
        )
    headers = {"Content-Disposition": f'attachment; filename="{name}.{suffix}"'}
    return Response(form.write(headings, list(rows)), mimetype=form.media_type, headers=headers)
