"""Say what a run was asked for beyond the usual, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from wayfellow.matching.settings import MatchSettings, Mode, Quota
from wayfellow.matching.views import RunSummary
from wayfellow.words import gettext, ngettext
from wayfellow_web.words import MATCH_MODES, PEER_POOLS


def what_was_asked(settings: MatchSettings, summary: RunSummary) -> Sequence[tuple[str, str]]:
    """Return (label, sentence) for each setting that is not the usual one; nothing for a usual run."""
    found = []
    if settings.mode != Mode.PAIRS:
        found.append((gettext("Kind"), _kind(settings)))
    if settings.ratings_weight is not None:
        found.append((gettext("Chats"), _ratings(f"{100 * settings.ratings_weight:g}", settings.beyond_chats)))
    if settings.mentors_per_mentee > 1:
        most = gettext("up to %(number)s for each mentee", number=settings.mentors_per_mentee)
        found.append((gettext("Mentors"), most))
    if settings.fewest_mentees:
        found.append((gettext("Fewest"), _fewest(settings.fewest_mentees, summary.short)))
    matched = dict(summary.quotas)
    for quota in settings.quotas:
        found.append((gettext("Quota"), f"{_quota(quota)}; {_matched(matched.get(str(quota), 0))}"))
    return found


def _kind(settings: MatchSettings) -> str:
    label, _ = MATCH_MODES[settings.mode]
    if settings.group_size:
        least, most = settings.group_size
        return gettext("Groups of %(least)s to %(most)s mentees", least=f"{least:,}", most=f"{most:,}")
    if settings.mode == Mode.CHEMISTRY:
        return gettext("%(mode)s: up to %(number)s for each mentee", mode=label, number=settings.chats)
    if settings.mode == Mode.PEERS:
        return gettext("%(mode)s: %(pool)s", mode=label, pool=PEER_POOLS[settings.pool])
    return gettext("%(mode)s: a score is the number that was drawn, higher for who never met", mode=label)


def _ratings(percent: str, beyond_chats: bool) -> str:
    if beyond_chats:
        return gettext("what people said of them counts %(percent)s%%, also of people who had none", percent=percent)
    return gettext("what people said of them counts %(percent)s%%", percent=percent)


def _fewest(least: int, short: int) -> str:
    asked = ngettext("%(num)s mentee of a mentor", "%(num)s mentees of a mentor", least)
    got = ngettext("%(num)s mentor got fewer", "%(num)s mentors got fewer", short) if short else gettext("all got them")
    return f"{asked}; {got}"


def _quota(quota: Quota) -> str:
    named = {"value": quota.value, "field": quota.field, "least": f"{quota.least:,}"}
    if quota.most is None:
        return gettext("at least %(least)s with %(value)s as %(field)s", **named)
    named["most"] = f"{quota.most:,}"
    if quota.least:
        return gettext("at least %(least)s and at most %(most)s with %(value)s as %(field)s", **named)
    return gettext("at most %(most)s with %(value)s as %(field)s", **named)


def _matched(count: int) -> str:
    return ngettext("%(num)s matched", "%(num)s matched", count)
