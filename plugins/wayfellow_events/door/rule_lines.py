"""Let hosts write the rules of a point in lines of plain words, and read them back.

    from 60 minutes before the start
    until 15 minutes after the end
    at most 3 entries
    10 minutes between entries
    inside Main hall
    not inside Main hall
    answer 7 is yes

``or`` joins several into one rule.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wayfellow.words import gettext

MOST, LONGEST = 20, 200
_TIME = re.compile(r"(from|until) (?:(\d{1,5}) minutes? (before|after) )?the (start|end)")
_ENTRIES = re.compile(r"at most (\d{1,4}) entr(?:y|ies)")
_PAUSE = re.compile(r"(\d{1,5}) minutes? between entries")
_INSIDE = re.compile(r"(not )?inside (.+)")
_ANSWER = re.compile(r"answer (\d{1,9}) is (.+)")


def read_rules(text: str) -> list[dict[str, Any]]:
    """Return the rules that lines say. Raises ValueError that names the line which can't be read."""
    lines = [line for line in map(str.strip, text.splitlines()) if line]
    if len(lines) > MOST:
        raise ValueError(gettext("A point has at most %(most)s rules. Leave some out.", most=MOST))
    return [_read_line(line) for line in lines]


def write_rules(rules: Sequence[Mapping[str, Any]]) -> str:
    """Return rules as the lines that say them."""
    return "\n".join(_written(rule) for rule in rules)


def _read_line(line: str) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise ValueError(
            gettext("A rule has at most %(longest)s characters. Shorten “%(line)s…”.", longest=LONGEST, line=line[:30])
        )
    parts = [_read_one(part.strip()) for part in line.split(" or ")]
    return parts[0] if len(parts) == 1 else {"rule": "any", "of": parts}


def _read_one(text: str) -> dict[str, Any]:
    if found := _TIME.fullmatch(text):
        minutes = int(found[2] or 0) * (-1 if found[3] == "before" else 1)
        return {"rule": "not_before" if found[1] == "from" else "not_after", "of": found[4], "minutes": minutes}
    if found := _ENTRIES.fullmatch(text):
        return {"rule": "entries", "most": int(found[1])}
    if found := _PAUSE.fullmatch(text):
        return {"rule": "pause", "minutes": int(found[1])}
    if found := _INSIDE.fullmatch(text):
        return {"rule": "elsewhere", "area": found[2], "is": found[1] is None}
    if found := _ANSWER.fullmatch(text):
        return {"rule": "answer", "question": found[1], "is": found[2]}
    raise ValueError(gettext("“%(text)s” is no rule. Write it as in the examples below the field.", text=text[:60]))


def _written(rule: Mapping[str, Any]) -> str:
    match rule["rule"]:
        case "any":
            return " or ".join(_written(one) for one in rule["of"])
        case "entries":
            return f"at most {rule['most']} entries"
        case "pause":
            return f"{rule['minutes']} minutes between entries"
        case "elsewhere":
            return f"{'' if rule['is'] else 'not '}inside {rule['area']}"
        case "answer":
            return f"answer {rule['question']} is {rule['is']}"
    minutes = rule["minutes"]
    distance = f"{abs(minutes)} minutes {'before' if minutes < 0 else 'after'} " if minutes else ""
    return f"{'from' if rule['rule'] == 'not_before' else 'until'} {distance}the {rule['of']}"
