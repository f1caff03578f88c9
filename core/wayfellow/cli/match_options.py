"""Turn what options of ``wayfellow match`` say into values."""

from __future__ import annotations

import re
from typing import Any

import click

_QUOTA = re.compile(r"(?P<field>[^=]+)=(?P<value>.*):(?P<least>\d{0,9})-(?P<most>\d{0,9})")


def read_quotas(context: click.Context, option: click.Parameter, texts: tuple[str, ...]) -> tuple[tuple[Any, ...], ...]:
    """Return quotas as (field, value, least, most); raise BadParameter for what is none."""
    quotas = []
    for text in texts:
        found = _QUOTA.fullmatch(text)
        if found is None:
            raise click.BadParameter(f"“{text}” is no quota. Write FIELD=VALUE:MIN-MAX, such as department=Sales:2-5.")
        most = int(found["most"]) if found["most"] else None
        quotas.append((found["field"].strip(), found["value"].strip(), int(found["least"] or 0), most))
    return tuple(quotas)


_SIZE = re.compile(r"(\d{1,4})-(\d{1,4})")


def read_group_size(context: click.Context, option: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """Return a group size as (least, most); raise BadParameter for what is none."""
    if text is None:
        return None
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise click.BadParameter(f"“{text}” is no group size. Write MIN-MAX, such as 3-6.")
    return int(found[1]), int(found[2])
