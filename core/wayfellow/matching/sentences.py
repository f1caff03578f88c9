"""Say a run's reasons in words: why not another mentor, and what would let more people have one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wayfellow.matching.reasons import NamedRule, Obstacle, Relaxation, Unpriced, Way, WhyNot
from wayfellow.wording import listed
from wayfellow.words import Wordlist, gettext, later, ngettext

#: So many names stand in a sentence.
NAMES = 3
_UNPRICED: Mapping[str, str] = Wordlist(
    {
        Unpriced.PLUGIN: later(
            "What another pair would have cost, and what would help, is not worked out where a plugin chose the pairs."
        ),
        Unpriced.MODE: later(
            "What another pair would have cost, and what would help, is not worked out for lotteries, groups, peers "
            "and chats."
        ),
        Unpriced.QUOTAS: later(
            "What another pair would have cost, and what would help, is not worked out in a run with quotas."
        ),
        Unpriced.MINIMUM: later(
            "What another pair would have cost, and what would help, is not worked out in a run where mentors should "
            "get a least number of mentees."
        ),
        Unpriced.SEVERAL: later(
            "What another pair would have cost, and what would help, is not worked out in a run where mentees have "
            "several mentors."
        ),
    }
)


def say_why_not(why_not: WhyNot, holders: Sequence[str] = ()) -> str:
    """Return why a mentor who scored higher was not chosen; ``holders`` name those who have the places."""
    return " ".join(sentence for sentence in (_obstacle(why_not, holders), _price(why_not)) if sentence)


def say_way(way: Relaxation, mentor: str, names: Sequence[str]) -> str:
    """Return a relaxation as a sentence; ``names`` are some of those whom it would match."""
    whom = listed(names[:NAMES], way.matched)
    if way.way is Way.PLACES:
        return ngettext(
            "%(num)s more place with %(mentor)s would match %(whom)s.",
            "%(num)s more places with %(mentor)s would match %(whom)s.",
            way.places,
            mentor=mentor,
            whom=whom,
        )
    if way.way is Way.EXCLUSION:
        return ngettext(
            "Allowing the excluded pair with %(mentor)s again would match %(whom)s.",
            "Allowing the excluded pairs with %(mentor)s again would match %(whom)s.",
            way.matched,
            mentor=mentor,
            whom=whom,
        )
    rule = way.rule or gettext("the rules of %(plugin)s", plugin=way.plugin)
    return gettext("Without %(rule)s, %(whom)s could have a mentor with a place.", rule=rule, whom=whom)


def say_unpriced(code: str) -> str:
    """Return why a run says nowhere what another pair would have cost."""
    return _UNPRICED[Unpriced(code)]


def say_moved(moved: int, current: int) -> str:
    """Return how many of the pairs that were together before a run are not any more."""
    return ngettext(
        "%(num)s pair of last time moved, of %(current)s whose people take part.",
        "%(num)s pairs of last time moved, of %(current)s whose people take part.",
        moved,
        current=f"{current:,}",
    )


def _obstacle(why_not: WhyNot, holders: Sequence[str]) -> str:
    match why_not.obstacle:
        case Obstacle.FULL:
            return _full(why_not, holders)
        case Obstacle.NO_PLACES:
            return gettext("Offered no place in this run.")
        case Obstacle.LOCKED:
            return gettext("A coordinator locked the pair that was made.")
        case Obstacle.EXCLUDED:
            sentences = [gettext("Excluded by a coordinator.")]
            if why_not.rules:
                sentences.append(gettext("Also forbidden by %(rules)s.", rules=_rules(why_not.rules)))
            return " ".join(sentences)
        case Obstacle.RULE:
            return gettext("Forbidden by %(rules)s.", rules=_rules(why_not.rules))
        case Obstacle.PLUGIN_CHOSE:
            return gettext("Free, but the plugin that chose the pairs took another.")
        case Obstacle.OTHERS:
            return gettext("Free, but given up for the sake of other pairs.")


def _full(why_not: WhyNot, holders: Sequence[str]) -> str:
    """Return who has the places, as far as they can be named, else the score that it took."""
    if holders:
        sentences = [gettext("The places went to %(names)s.", names=listed(holders[:NAMES], len(holders)))]
    else:
        sentences = [gettext("Full in this run.")]
    if why_not.lowest is not None and not 0 < len(holders) <= NAMES:
        points = round(100 * why_not.lowest)
        sentences.append(gettext("The lowest score that got a place is %(points)s.", points=points))
    return " ".join(sentences)


def _rules(rules: Sequence[NamedRule]) -> str:
    """Return the names of rules, with what each found."""
    names = [rule.label or gettext("the rule of %(plugin)s", plugin=rule.plugin) for rule in rules]
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
        return ngettext(
            "With this pair, %(num)s more person would have no mentor.",
            "With this pair, %(num)s more people would have no mentor.",
            why_not.people,
        )
    points = 100 * why_not.cost
    if points == 0:
        return gettext("With this pair, all pairs together would be just as good.")
    if points < 0.5:
        return gettext("With this pair, all pairs together would lose less than one point.")
    return ngettext(
        "With this pair, all pairs together would lose %(num)s point.",
        "With this pair, all pairs together would lose %(num)s points.",
        round(points),
    )
