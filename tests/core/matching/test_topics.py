"""Skills that are asked for more than they are offered."""

from hypothesis import given
from hypothesis import strategies as st

from wayfellow.matching.problem import PersonInput, build_problem
from wayfellow.matching.topics import Topic, thin_topics, topics_of


def test_forms_of_a_word_are_one_topic_under_its_commonest_label():
    wanted = [("Forecasting", 2, 0), ("forecasts", 1, 0), ("SQL", 2, 0)]
    assert thin_topics(wanted, [("forecast", 1, 2)]) == [Topic("Forecasting", 3, 1, 2)]


def test_enough_places_are_no_gap_and_the_widest_gap_comes_first():
    wanted = [("a", 3, 0), ("b", 5, 0), ("c", 9, 0)]
    found = thin_topics(wanted, [("a", 2, 3), ("c", 1, 8)])
    assert [(topic.label, topic.mentees - topic.places) for topic in found] == [("b", 5), ("c", 1)]


@given(st.lists(st.tuples(st.text(max_size=5), st.integers(1, 9), st.just(0))))
def test_any_text_may_be_a_skill(wanted):
    found = thin_topics(wanted, wanted)
    assert {topic.label for topic in found} <= {label for label, _, _ in wanted}
    assert all(topic.mentees >= 3 for topic in found)


def test_columns_of_skills_are_read_as_tags_each_person_once():
    mentees = [PersonInput(f"e{i}", fields={"skills_to_learn": "SQL; sql, cooking"}) for i in range(4)]
    mentors = [PersonInput("r", fields={"skills": "SQL"}, capacity=3)]
    problem = build_problem(mentees, mentors, mentee_text_fields=[], mentor_text_fields=[])
    assert topics_of(problem) == [Topic("cooking", 4, 0, 0), Topic("SQL", 4, 1, 3)]
    nobody = build_problem([], [], mentee_text_fields=[], mentor_text_fields=[])
    assert topics_of(nobody) == []
