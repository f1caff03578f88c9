"""Put verdicts into words: for staff, who decide, and for the holder, who may read over their shoulder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from wayfellow_events.verdict.facts import Verdict

#: The phone reads the same file.
FILE = Path(__file__).parents[1] / "static" / "door" / "verdict_words.json"


@dataclass(frozen=True, slots=True)
class Said:
    """Be a verdict in words: one word to shout, a sentence for staff, one for the holder."""

    word: str
    staff: str
    holder: str


def say(verdict: Verdict, zone: str, kind: str = "entry") -> Said:
    """Return a verdict in words; moments are told as clocks in ``zone`` show them."""
    texts = _texts()
    text = texts.get(f"{verdict.code}_{kind}") or texts[verdict.code]
    fill = _fill(verdict.words, zone)
    return Said(*(text[key].format_map(fill) for key in ("word", "staff", "holder")))


def _fill(words: Mapping[str, str], zone: str) -> dict[str, str]:
    fill = dict.fromkeys(("holder", "type", "point", "why", "when", "gate", "by"), "") | {"at": "an unknown time"}
    fill |= {key: value for key, value in words.items() if value}
    if words.get("at"):
        fill["at"] = datetime.fromisoformat(words["at"]).astimezone(ZoneInfo(zone)).strftime("%H:%M")
    fill["gate"] = f", {fill['gate']}" if fill["gate"] else ""
    fill["by"] = f", scanned by {fill['by']}" if fill["by"] else ""
    return fill


@cache
def _texts() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = json.loads(FILE.read_text("utf-8"))
    return found
