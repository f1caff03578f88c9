"""What each kind says of two people: the score, whether a hard rule would forbid them, and the words."""

import numpy as np
import pytest

from wayfellow.matching.criteria.judging import criteria_of, judge

AT = {"at": "2026-07-01T12:00:00+00:00"}
LEVELS = {"least": 1, "most": 3}


def field(name, direction):
    return {"kind": "field", "field": name, "direction": direction}


@pytest.mark.parametrize(
    ("criterion", "mentee", "mentor", "score", "broken", "words"),
    [
        (
            {"kind": "languages"},
            {"languages": "German\nEnglish"},
            {"languages": "german\nFrench"},
            1,
            False,
            "Both speak German",
        ),
        ({"kind": "languages"}, {"languages": "German"}, {"languages": "French"}, 0, True, "No language in common"),
        ({"kind": "languages"}, {"languages": "German"}, {}, 0.5, False, "One of them says nothing of languages"),
        (
            {"kind": "languages", "parameters": {"least": 2}},
            {"languages": "A\nB\nC"},
            {"languages": "b\nd"},
            0.5,
            True,
            "Both speak B",
        ),
        ({"kind": "languages"}, {"languages": "A\nB\nC"}, {"languages": "a\nb\nc"}, 1, False, "Both speak A, B and C"),
        (
            {"kind": "skills"},
            {"skills_to_learn": "SQL\nPython"},
            {"skills": "sql\nR"},
            0.5,
            False,
            "Offers 1 of 2 wanted skills: SQL",
        ),
        ({"kind": "skills"}, {"skills_to_learn": "SQL"}, {"skills": "R"}, 0, True, "Offers 0 of 1 wanted skill"),
        (
            {"kind": "skills", "parameters": {"least": 3}},
            {"skills_to_learn": "SQL"},
            {"skills": "SQL"},
            1,
            False,
            "Offers 1 of 1 wanted skill: SQL",
        ),
        (
            {"kind": "goal_kind"},
            {"goal_kinds": "new_role"},
            {"goal_kinds": "Move towards another role"},
            1,
            False,
            "Helps with the kind of goal: Move towards another role",
        ),
        (
            {"kind": "goal_kind"},
            {"goal_kinds": "growth"},
            {"goal_kinds": "leading"},
            0,
            True,
            "Helps with other kinds of goals",
        ),
        (
            {"kind": "time_zone"},
            {"timezone": "Europe/Berlin"},
            {"timezone": "Europe/London"},
            1 - 1 / 6,
            False,
            "1 hour apart",
        ),
        (
            {"kind": "time_zone"},
            {"timezone": "Asia/Kolkata"},
            {"timezone": "UTC"},
            1 - 5.5 / 6,
            False,
            "5.5 hours apart",
        ),
        (
            {"kind": "time_zone"},
            {"timezone": "Pacific/Auckland"},
            {"timezone": "America/Los_Angeles"},
            1 - 5 / 6,
            False,
            "5 hours apart",
        ),
        ({"kind": "time_zone"}, {"timezone": "Asia/Tokyo"}, {"timezone": "Europe/London"}, 0, True, "8 hours apart"),
        (
            {"kind": "time_zone", "parameters": {"most": 0}},
            {"timezone": "UTC"},
            {"timezone": "Africa/Accra"},
            1,
            False,
            "The same time of day",
        ),
        ({"kind": "time_zone"}, {"timezone": "Atlantis"}, {"timezone": "UTC"}, 0.5, False, "A time zone is not known"),
        (
            {"kind": "availability"},
            {"timezone": "Europe/Berlin", "availability": "Mon 18:00-20:00"},
            {"timezone": "Europe/London", "availability": "Mon 17:30-21:00"},
            0.75,
            True,
            "Both free for 1.5 hours a week",
        ),
        (
            {"kind": "availability"},
            {"timezone": "Pacific/Auckland", "availability": "Mon 08:00-10:00"},
            {"timezone": "UTC", "availability": "Sun 19:00-23:00"},
            1,
            False,
            "Both free for 2 hours a week",
        ),
        (
            {"kind": "availability"},
            {"availability": "Mon 08:00-10:00"},
            {"availability": "Tue 08:00-10:00"},
            0,
            True,
            "Never free at the same time",
        ),
        (
            {"kind": "availability"},
            {"availability": "whenever"},
            {"availability": "Tue 08:00-10:00"},
            0.5,
            False,
            "One of them says nothing of free times",
        ),
        (
            {"kind": "seniority", "parameters": LEVELS},
            {"seniority": "3"},
            {"seniority": "5"},
            1,
            False,
            "Mentor 2 levels above",
        ),
        (
            {"kind": "seniority", "parameters": LEVELS},
            {"seniority": "3"},
            {"seniority": "3"},
            0.5,
            True,
            "Mentor at the same level",
        ),
        (
            {"kind": "seniority", "parameters": LEVELS},
            {"seniority": "3"},
            {"seniority": "2"},
            1 / 3,
            True,
            "Mentor 1 level below",
        ),
        (
            {"kind": "seniority", "direction": "mentor_below", "parameters": LEVELS},
            {"seniority": "3"},
            {"seniority": "2"},
            1,
            False,
            "Mentor 1 level below",
        ),
        (
            {"kind": "seniority"},
            {"seniority": "high"},
            {"seniority": "2"},
            0.5,
            False,
            "One of them says nothing of seniority",
        ),
        (
            field("department", "same"),
            {"department": "Data"},
            {"department": "data "},
            1,
            False,
            "Same department: Data",
        ),
        (
            field("department", "different"),
            {"department": "Data"},
            {"department": "data"},
            0,
            True,
            "Same department: Data",
        ),
        (
            field("department", "different"),
            {"department": "Data"},
            {"department": "Law"},
            1,
            False,
            "Different department",
        ),
        (
            field("department", "same"),
            {"department": "Data"},
            {"department": ""},
            0.5,
            False,
            "One of them says nothing of department",
        ),
        ({"kind": "reporting_line"}, {"manager": "mentor"}, {}, 0, True, "The mentee reports to the mentor"),
        ({"kind": "reporting_line"}, {}, {"manager": "mentee"}, 0, True, "The mentor reports to the mentee"),
        (
            {"kind": "reporting_line"},
            {"manager": "boss"},
            {"manager": "boss"},
            1,
            False,
            "Neither reports to the other",
        ),
        (
            {"kind": "wishes"},
            {"preferred_people": "other\nmentor"},
            {},
            0.625,
            False,
            "The mentee has this as second wish",
        ),
        (
            {"kind": "wishes"},
            {"preferred_people": "mentor"},
            {"preferred_people": "mentee"},
            1,
            False,
            "The mentee has this as first wish, the mentor has this as first wish",
        ),
        (
            {"kind": "wishes", "direction": "mentee"},
            {"preferred_people": "other"},
            {"preferred_people": "mentee"},
            0.25,
            False,
            "The mentee asked for others",
        ),
        ({"kind": "wishes"}, {}, {"avoided_people": "mentee"}, 0.25, True, "The mentor would rather not"),
        (
            {"kind": "wishes", "direction": "mentor"},
            {"avoided_people": "mentor"},
            {},
            0.5,
            False,
            "Nobody asked for it or against it",
        ),
        (
            {"kind": "wishes", "direction": "mentee"},
            {"preferred_people": "mentor", "avoided_people": "mentor"},
            {},
            0,
            True,
            "The mentee would rather not",
        ),
    ],
)
def test_what_each_kind_says(make_problem, criterion, mentee, mentor, score, broken, words):
    problem = make_problem({"mentee": mentee}, {"mentor": mentor, "other": {}}, [criterion | {"hard": True}], **AT)
    [asked] = criteria_of(problem)
    kind = problem.kinds[asked.kind]
    verdict = judge(problem, asked)
    assert verdict.scores.dtype == np.float32
    assert verdict.scores[0, 0] == pytest.approx(score, abs=1e-6)
    assert bool(verdict.broken[0, 0]) is broken
    assert kind.say(problem, asked, 0, 0) == words


def test_summer_time_counts(make_problem):
    """New York changes its clocks two weeks before London, so that for a while they are an hour closer."""
    people = {"a": {"timezone": "America/New_York"}}, {"b": {"timezone": "Europe/London"}}
    for at, words in (("2026-03-01", "5 hours apart"), ("2026-03-20", "4 hours apart")):
        problem = make_problem(*people, [{"kind": "time_zone"}], at=f"{at}T12:00:00+00:00")
        [asked] = criteria_of(problem)
        assert problem.kinds["time_zone"].say(problem, asked, 0, 0) == words


def test_a_chain_of_managers_is_followed_and_may_be_a_circle(make_problem):
    mentees = {"a": {"manager": "b"}, "z": {"manager": "y"}}
    mentors = {"b": {"manager": "c"}, "c": {"manager": "d"}, "d": {"manager": "b"}, "y": {"manager": "z"}}
    for levels, expected in ((20, ["bcd", "y"]), (2, ["bc", "y"]), (1, ["b", "y"])):
        problem = make_problem(mentees, mentors, [{"kind": "reporting_line", "parameters": {"levels": levels}}])
        [asked] = criteria_of(problem)
        broken = judge(problem, asked).broken
        assert ["".join(problem.mentors.keys[j] for j in np.flatnonzero(row)) for row in broken] == expected
