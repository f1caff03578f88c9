"""Comparing two runs: each mentee's change is named once, and nobody is forgotten."""

from hypothesis import given
from hypothesis import strategies as st

from wayfellow.matching.diff import Change, ChangeKind, compare_pairs

PAIRS = st.dictionaries(st.integers(1, 6), st.tuples(st.integers(11, 15), st.floats(0, 1)))


def one_mentor_each(found):
    return {(mentee, mentor): score for mentee, (mentor, score) in found.items()}


def test_each_kind_of_change():
    before = {("ann", "x"): 0.5, ("ben", "y"): 0.4, ("cy", "z"): 0.3, ("di", "z"): 0.2}
    after = {("ann", "x"): 0.5, ("ben", "z"): 0.7, ("ed", "y"): 0.6}
    assert compare_pairs(before, after, {"cy"}) == [
        Change(ChangeKind.STAYED, "ann", "x", "x", 0.5, 0.5),
        Change(ChangeKind.MOVED, "ben", "y", "z", 0.4, 0.7),
        Change(ChangeKind.UNMATCHED, "cy", "z", None, 0.3, None),
        Change(ChangeKind.ABSENT, "di", "z", None, 0.2, None),
        Change(ChangeKind.MATCHED, "ed", None, "y", None, 0.6),
    ]


def test_a_mentee_of_two_mentors_has_a_change_for_each():
    changes = compare_pairs({(1, 11): 0.5, (1, 12): 0.4}, {(1, 12): 0.4, (1, 13): 0.9}, ())
    assert [(one.kind, one.before, one.after) for one in changes] == [
        (ChangeKind.STAYED, 12, 12),
        (ChangeKind.MOVED, 11, 13),
    ]


@given(PAIRS, PAIRS)
def test_changes_hold_both_runs_and_turn_round_with_them(one, other):
    before, after = one_mentor_each(one), one_mentor_each(other)
    changes = compare_pairs(before, after, set(one) | set(other))
    assert [change.mentee for change in changes] == sorted(one.keys() | other.keys())
    assert {(c.mentee, c.before): c.score_before for c in changes if c.before} == before
    assert {(c.mentee, c.after): c.score_after for c in changes if c.after} == after
    back = compare_pairs(after, before, set(one) | set(other))
    assert [-change.gain for change in back] == [change.gain for change in changes]
    assert [(c.after, c.before) for c in back] == [(c.before, c.after) for c in changes]


@given(PAIRS)
def test_a_run_compared_with_itself_stays(pairs):
    same = one_mentor_each(pairs)
    assert {change.kind for change in compare_pairs(same, dict(reversed(same.items())), ())} <= {ChangeKind.STAYED}
