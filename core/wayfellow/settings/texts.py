"""Turn settings into texts that forms hold, and back."""

from __future__ import annotations

import json
from typing import cast

from wayfellow.host.settings import check_value
from wayfellow.settings.known import HOUSE, HOUSE_CHECKS
from wayfellow.types import JSON, Setting
from wayfellow.words import gettext, said

ON, OFF = "on", "off"


def to_text(setting: Setting, value: JSON) -> str:
    """Return a value as a form shows it."""
    if isinstance(setting.default, bool):
        return ON if value else OFF
    if isinstance(value, str) and isinstance(setting.default, str):
        return value
    return json.dumps(value, ensure_ascii=False, indent=1 if isinstance(value, list | dict) else None)


def from_text(owner: str, setting: Setting, text: str) -> JSON:
    """Return the value that a text means. Raises ValueError with a sentence."""
    value = _parsed(setting, text)
    if owner == HOUSE and setting.key in HOUSE_CHECKS:
        value = HOUSE_CHECKS[setting.key](str(value))
    check_value(said(setting.label), setting, value)
    return value


def _parsed(setting: Setting, text: str) -> JSON:
    default = setting.default
    if isinstance(default, bool):
        return text == ON
    if isinstance(default, str):
        return text if setting.secret else text.strip()
    # Numbers are typed with a comma in half of the world.
    typed = text.strip().replace(",", ".") if isinstance(default, int | float) else text
    try:
        return cast(JSON, json.loads(typed, parse_constant=_refuse))
    except ValueError as error:
        if isinstance(default, int | float):
            raise ValueError(gettext("“%(text)s” is no number.", text=text.strip()[:40])) from error
        raise ValueError(gettext("That can't be read as JSON. Keep the brackets and quotation marks.")) from error


def _refuse(constant: str) -> JSON:
    raise ValueError(constant)
