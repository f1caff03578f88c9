"""Make up people and criteria for hypothesis, with little to say, so that much is shared and much is missing."""

from hypothesis import strategies as st

WORDS = ("Red", "blue", "GREEN")
ZONES = ("", "UTC", "Europe/Berlin", "Asia/Kolkata", "America/New_York", "Nowhere/Land")
TIMES = ("", "Mon 08:00-12:00", "Mon 10:00-11:15; Fri 20:00-24:00", "Sat-Sun 00:00-24:00", "later")
KEYS = tuple(f"{side}{number}" for side in "em" for number in range(5))


def listed(options):
    return st.lists(st.sampled_from(options), max_size=3).map("\n".join)


def person():
    return st.fixed_dictionaries(
        {},
        optional={
            "languages": listed(WORDS),
            "skills": listed(WORDS),
            "skills_to_learn": listed(WORDS),
            "goal_kinds": listed(("growth", "Learn a skill", "leading")),
            "department": st.sampled_from(("", *WORDS)),
            "timezone": st.sampled_from(ZONES),
            "availability": st.sampled_from(TIMES),
            "seniority": st.sampled_from(("", "1", "2.5", "7", "none")),
            "manager": st.sampled_from(("", *KEYS, "outside")),
            "preferred_people": listed(KEYS),
            "avoided_people": listed(KEYS),
            "goals": listed(WORDS),
            "expertise": listed(WORDS),
        },
    )


def people(side):
    keys = st.lists(st.integers(0, 4), min_size=1, max_size=5, unique=True)
    return keys.flatmap(lambda found: st.fixed_dictionaries({f"{side}{number}": person() for number in found}))


WEIGHTS = st.sampled_from((0, 0.5, 3, 10))


def criteria(weights=WEIGHTS):
    def one(**more):
        return st.fixed_dictionaries({"weight": weights, "hard": st.booleans(), **more})

    def numbers(**of):
        return st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in of.items()})

    return st.lists(
        st.one_of(
            one(kind=st.just("skills"), parameters=numbers(least=(1, 2))),
            one(kind=st.just("goal_kind")),
            one(kind=st.just("languages"), parameters=numbers(least=(1, 2))),
            one(kind=st.just("time_zone"), parameters=numbers(most=(0, 3, 12))),
            one(kind=st.just("availability"), parameters=numbers(hours=(0.25, 2, 40))),
            one(
                kind=st.just("seniority"),
                direction=st.sampled_from(("mentor_above", "mentor_below")),
                parameters=numbers(least=(0, 1), most=(1, 5)),
            ),
            one(kind=st.just("field"), field=st.just("department"), direction=st.sampled_from(("same", "different"))),
            one(kind=st.just("reporting_line"), parameters=numbers(levels=(1, 20))),
            one(kind=st.just("wishes"), direction=st.sampled_from(("both", "mentee", "mentor"))),
        ),
        max_size=4,
    )
