"""Say what a run was asked for beyond the usual, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from wayfellow.matching.settings import MatchSettings, Mode, Quota
from wayfellow.matching.views import RunSummary
from wayfellow.wording import plural
from wayfellow_web.words import MATCH_MODES, PEER_POOLS


def what_was_asked(settings: MatchSettings, summary: RunSummary) -> Sequence[tuple[str, str]]:
    """Return (label, sentence) for each setting that is not the usual one; nothing for a usual run."""
    found = []
    if settings.mode != Mode.PAIRS:
        found.append(("Kind", _kind(settings)))
    if settings.ratings_weight is not None:
        others = ", also of people who had none" if settings.beyond_chats else ""
        found.append(("Chats", f"what people said of them counts {100 * settings.ratings_weight:g}%{others}"))
    if settings.mentors_per_mentee > 1:
        found.append(("Mentors", f"up to {settings.mentors_per_mentee} for each mentee"))
    if settings.fewest_mentees:
        short = f"; {plural(summary.short, 'mentor', 'mentors')} got fewer" if summary.short else "; all got them"
        found.append(("Fewest", f"{plural(settings.fewest_mentees, 'mentee', 'mentees')} of a mentor{short}"))
    matched = dict(summary.quotas)
    for quota in settings.quotas:
        found.append(("Quota", f"{_quota(quota)}; {matched.get(str(quota), 0):,} matched"))
    return found


def _kind(settings: MatchSettings) -> str:
    label, _ = MATCH_MODES[settings.mode]
    if settings.group_size:
        least, most = settings.group_size
        return f"{label} of {least:,} to {most:,} mentees"
    if settings.mode == Mode.CHEMISTRY:
        return f"{label}: up to {settings.chats} for each mentee"
    if settings.mode == Mode.PEERS:
        return f"{label}: {PEER_POOLS[settings.pool]}"
    return f"{label}: a score is the number that was drawn, higher for who never met"


def _quota(quota: Quota) -> str:
    most = "" if quota.most is None else f"at most {quota.most:,}"
    least = f"at least {quota.least:,}" if quota.least else ""
    return f"{' and '.join(part for part in (least, most) if part)} with {quota.value} as {quota.field}"
