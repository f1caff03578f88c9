"""Say a run's reasons in words: why not another mentor, and what would let more people have one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from wayfellow.matching.reasons import NamedRule, Obstacle, Relaxation, Unpriced, Way, WhyNot
from wayfellow.wording import listed, plural

#: So many names stand in a sentence.
NAMES = 3
_UNPRICED: Mapping[Unpriced, str] = MappingProxyType(
    {
        Unpriced.PLUGIN: "where a plugin chose the pairs",
        Unpriced.MODE: "for lotteries, groups, peers and chats",
        Unpriced.QUOTAS: "in a run with quotas",
        Unpriced.MINIMUM: "in a run where mentors should get a least number of mentees",
        Unpriced.SEVERAL: "in a run where mentees have several mentors",
    }
)


def say_why_not(why_not: WhyNot, holders: Sequence[str] = ()) -> str:
    """Return why a mentor who scored higher was not chosen; ``holders`` name those who have the places."""
    return " ".join(sentence for sentence in (_obstacle(why_not, holders), _price(why_not)) if sentence)


def say_way(way: Relaxation, mentor: str, names: Sequence[str]) -> str:
    """Return a relaxation as a sentence; ``names`` are some of those whom it would match."""
    whom = listed(names[:NAMES], way.matched)
    if way.way is Way.PLACES:
        return f"{plural(way.places, 'more place', 'more places')} with {mentor} would match {whom}."
    if way.way is Way.EXCLUSION:
        pairs = "the excluded pair" if way.matched == 1 else "the excluded pairs"
        return f"Allowing {pairs} with {mentor} again would match {whom}."
    rule = way.rule or f"the rules of {way.plugin}"
    return f"Without {rule}, {whom} could have a mentor with a place."


def say_unpriced(code: str) -> str:
    """Return why a run says nowhere what another pair would have cost."""
    return f"What another pair would have cost, and what would help, is not worked out {_UNPRICED[Unpriced(code)]}."


def say_moved(moved: int, current: int) -> str:
    """Return how many of the pairs that were together before a run are not any more."""
    return f"{plural(moved, 'pair', 'pairs')} of last time moved, of {current:,} whose people take part."


def _obstacle(why_not: WhyNot, holders: Sequence[str]) -> str:
    lowest = "" if why_not.lowest is None else f" The lowest score that got a place is {round(100 * why_not.lowest)}."
    match why_not.obstacle:
        case Obstacle.FULL:
            went = f"The places went to {listed(holders[:NAMES], len(holders))}." if holders else "Full in this run."
            return went if holders and len(holders) <= NAMES else went + lowest
        case Obstacle.NO_PLACES:
            return "Offered no place in this run."
        case Obstacle.LOCKED:
            return "A coordinator locked the pair that was made."
        case Obstacle.EXCLUDED:
            also = f" Also forbidden by {_rules(why_not.rules)}." if why_not.rules else ""
            return f"Excluded by a coordinator.{also}"
        case Obstacle.RULE:
            return f"Forbidden by {_rules(why_not.rules)}."
        case Obstacle.PLUGIN_CHOSE:
            return "Free, but the plugin that chose the pairs took another."
        case Obstacle.OTHERS:
            return "Free, but given up for the sake of other pairs."


def _rules(rules: Sequence[NamedRule]) -> str:
    """Return the names of rules, with what each found."""
    names = [rule.label or f"the rule of {rule.plugin}" for rule in rules]
    findings = [_inner(rule.finding) for rule in rules]
    if len(rules) == 1:
        return names[0] + (f": {findings[0]}" if findings[0] else "")
    said = [f"{name} ({finding})" if finding else name for name, finding in zip(names, findings, strict=True)]
    return listed(said, len(said))


def _inner(finding: str) -> str:
    """Return a finding as it stands inside a sentence: no full stop, no capital unless its word has several."""
    text = finding.strip().rstrip(".")
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _price(why_not: WhyNot) -> str:
    if why_not.cost is None:
        return ""
    if why_not.people:
        return f"With this pair, {plural(why_not.people, 'more person', 'more people')} would have no mentor."
    points = 100 * why_not.cost
    if points == 0:
        return "With this pair, all pairs together would be just as good."
    lost = "less than one point" if points < 0.5 else plural(round(points), "point")
    return f"With this pair, all pairs together would lose {lost}."
