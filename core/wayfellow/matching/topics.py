"""Find thin topics: skills that many mentees ask for and few mentors offer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wayfellow.tabular.values import split_tags
from wayfellow.types import MatchProblem

#: A topic counts once so many mentees ask for it.
ASKED = 3
_WANTS, _OFFERS = "skills_to_learn", "skills"
#: How often a skill stands in profiles: its label, how many people, and, for mentors, their places together.
Named = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Topic:
    """Hold a topic by the label that most people use: mentees who ask for it, mentors who offer it, their places."""

    label: str
    mentees: int
    mentors: int
    places: int


def thin_topics(wanted: Iterable[Named], offered: Iterable[Named]) -> Sequence[Topic]:
    """Return the topics that at least :data:`ASKED` mentees ask for, with fewer places than they are.

    The widest gap comes first. Labels whose words have the same stems in English are one topic; so are labels that
    differ in case alone. Stems by PyStemmer (Porter's second algorithm, snowballstem.org).
    """
    asked, offers, places, labels = Counter[str](), Counter[str](), Counter[str](), dict[str, tuple[int, str]]()
    stem = _stemmer()
    for label, people, _ in wanted:
        key = stem(label)
        asked[key] += people
        labels[key] = max(labels.get(key, (0, "")), (people, label))
    for label, people, capacity in offered:
        key = stem(label)
        offers[key] += people
        places[key] += capacity
    found = [
        Topic(labels[key][1], mentees, offers[key], places[key])
        for key, mentees in asked.items()
        if mentees >= ASKED and mentees > places[key]
    ]
    return sorted(found, key=lambda topic: (topic.places - topic.mentees, topic.label))


def topics_of(problem: MatchProblem) -> Sequence[Topic]:
    """Return the thin topics of a problem, as its columns of skills name them; places without those taken."""
    mentees, mentors = problem.mentees, problem.mentors
    wanted, offered, places = Counter[str](), Counter[str](), Counter[str]()
    for text in mentees.fields.get(_WANTS, ()):
        wanted.update(set(split_tags(text)))
    for text, capacity in zip(mentors.fields.get(_OFFERS, ()), problem.capacity.tolist(), strict=False):
        for tag in set(split_tags(text)):
            offered[tag] += 1
            places[tag] += capacity
    asked = [(tag, people, 0) for tag, people in wanted.items()]
    return thin_topics(asked, [(tag, people, places[tag]) for tag, people in offered.items()])


def _stemmer() -> Callable[[str], str]:
    """Return what turns a label into its topic."""
    import Stemmer  # a library in C, which start-up should not pay for

    english = Stemmer.Stemmer("english")
    return lambda label: " ".join(english.stemWords(label.casefold().split()))
