"""``wayfellow match --mode peers``: one file of people, pairs within it."""

import csv
import json
import random
import re

import pytest
from click.testing import CliRunner

from wayfellow.cli import main

PEOPLE = """person_id,name,email,goals,skills,skills_to_learn,capacity
a,Ann <i>Berg</i>,ann@example.org,Lead my first team,Python; SQL,leadership,3
b,Bob,bob@example.org,Learn Python for data,leadership; hiring,Python,1
c,Cy,cy@example.org,Cook better,gardening,baking,1
d,Dee,dee@example.org,Grow vegetables,baking,gardening,1
e,Eve,eve@example.org,Learn SQL and Python,welding,SQL,1
f,Fay,fay@example.org,,,,1
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")

    def match(*more, people="people.csv"):
        asked = ["match", "--mode", "peers", "--people", people, "--out", str(tmp_path / "out"), *more]
        return CliRunner().invoke(main, [str(tmp_path / one) if one.endswith(".csv") else one for one in asked])

    return match


def rows(folder, name):
    with (folder / "out" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def partners(folder):
    return {row["person_id"]: row["peer_id"] for row in rows(folder, "matches.csv")}


def test_both_of_a_pair_find_each_other_and_who_is_left_over_is_told_why(run, tmp_path):
    result = run()
    assert result.exit_code == 0, result.output
    assert partners(tmp_path) == {"a": "b", "b": "a", "c": "d", "d": "c"}
    assert {row["person_id"]: row["reason"] for row in rows(tmp_path, "unmatched.csv")} == {
        "e": "The number of people who can be paired is odd, so one of them is left over.",
        "f": "Nothing is written in this person's profile to match with.",
    }
    assert "4 of 6 people matched with a peer." in result.output
    assert "1 without a peer: odd_one_out." in result.output
    assert "column “capacity” is left out" in result.output
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert (summary["mode"], summary["matched"], summary["pairs"]) == ("peers", 4, 2)
    scores = {row["person_id"]: float(row["score"]) for row in rows(tmp_path, "matches.csv")}
    assert summary["total"] == pytest.approx(scores["a"] + scores["c"], abs=2e-6)
    assert scores["a"] == scores["b"]
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "4 of 6 people have a peer" in report
    assert "Scores of 2 pairs" in report
    assert not re.search("[Mm]entor|[Mm]entee", re.sub("<[^>]*>", " ", report.partition("<body>")[2]))
    assert "Ann &lt;i&gt;Berg" in report


def test_the_order_of_rows_does_not_matter(run, tmp_path):
    run()
    first = (tmp_path / "out" / "matches.csv").read_bytes()
    header, *people = PEOPLE.splitlines()
    random.Random(4).shuffle(people)
    (tmp_path / "shuffled.csv").write_text("\n".join([header, *people]), encoding="utf-8")
    assert run(people="shuffled.csv").exit_code == 0
    assert (tmp_path / "out" / "matches.csv").read_bytes() == first


def test_pairs_to_keep_to_exclude_and_of_last_time_may_stand_either_way_round(run, tmp_path):
    (tmp_path / "keep.csv").write_text("person_id,peer_id\ne,b\n")
    (tmp_path / "exclude.csv").write_text("person_id,peer_id\nDEE@example.org,c\n")
    result = run("--keep", "keep.csv", "--exclude", "exclude.csv")
    assert result.exit_code == 0, result.output
    assert partners(tmp_path) == {"b": "e", "e": "b"}
    assert run("--previous", str(tmp_path / "out" / "matches.csv")).exit_code == 0
    (tmp_path / "last.csv").write_text("person_id,peer_id\na,e\nd,c\ngone,a\n")
    assert "1 pair of last time moved, of 2 whose people take part." in run("--previous", "last.csv").output


def test_a_file_with_one_kind_of_text_is_compared_with_itself(run, tmp_path):
    for column in ("skills", "goals"):
        (tmp_path / "one.csv").write_text(f"person_id,{column}\na,climbing\nb,chess\nc,chess\nd,climbing\n")
        assert run(people="one.csv").exit_code == 0
        assert partners(tmp_path) == {"a": "d", "d": "a", "b": "c", "c": "b"}


@pytest.mark.parametrize(
    ("more", "sentences"),
    [
        (["--mentors", "people.csv"], ["Peers are one pool", "--people"]),
        (["--mentors-per-mentee", "2"], ["Each peer is in one pair"]),
        (["--fewest-mentees", "1"], ["Each peer is in one pair"]),
        (["--quota", "name=Bob:1-1"], ["Quotas do not go with the mode peers"]),
        (["--group-size", "2-3"], ["group size go together"]),
        (["--mode", "pairs"], ["--people goes with --mode peers"]),
        (["--keep", "twice.csv"], ["row 3: a is kept in row 2 already"]),
        (["--keep", "self.csv"], ["a stands in both columns"]),
        (["--keep", "gone.csv"], ["row 2, column peer_id: “x” is not among the people"]),
        (["--keep", "usual.csv"], ["There is no column person_id", "person_id and peer_id"]),
        (["--keep", "barred.csv", "--exclude", "turned.csv"], ["a and b are excluded"]),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(run, tmp_path, more, sentences):
    files = {"twice": "a,b\na,c", "self": "a,a", "gone": "a,x", "barred": "a,b", "turned": "b,a"}
    for name, pairs in files.items():
        (tmp_path / f"{name}.csv").write_text(f"person_id,peer_id\n{pairs}\n")
    (tmp_path / "usual.csv").write_text("mentee_id,mentor_id\na,b\n")
    result = run(*more)
    assert result.exit_code == 2, result.output
    for sentence in sentences:
        assert sentence in " ".join(result.output.split())
    assert not (tmp_path / "out").exists()


def test_the_files_of_both_sides_are_asked_for_where_there_are_two(tmp_path):
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    one = ["match", "--mentors", str(tmp_path / "people.csv"), "--out", str(tmp_path / "out")]
    result = CliRunner().invoke(main, one)
    assert result.exit_code == 2
    assert "--mentees is missing" in result.output
