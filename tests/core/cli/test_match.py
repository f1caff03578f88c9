"""``wayfellow match``: from files to files, with the matcher that is installed."""

import csv
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from wayfellow.cli import main

MENTORS = """person_id,name,email,expertise,skills,capacity
m1,Mo Ångström,mo@example.org,Builds pricing models and forecasts demand for airlines,SQL; Python,1
m2,Nia <b>Cole</b>,nia@example.org,Runs a bakery and teaches sourdough baking,baking,2
m3,"O'Shea, Oz",oz@example.org,Repairs diesel engines of lorries,welding,0
"""
MENTEES = """person_id,name,email,goals,skills_to_learn
e1,Ann,ann@example.org,I want to forecast demand with pricing models,Python
e2,Bob,bob@example.org,Open a bakery with sourdough bread,baking
e3,Cy,cy@example.org,,
e4,Dee,dee@example.org,Understand diesel engines,welding
e5,Eve,eve@example.org,Forecast demand,SQL
"""
FILES = {"alternates.csv", "matches.csv", "rankings.csv", "unmatched.csv", "summary.json", "report.html"}


class Folder:
    """Be a folder with the two files, in which the command runs."""

    def __init__(self, path: Path) -> None:
        self.path, self.out = path, path / "out"
        self.write("mentors.csv", MENTORS)
        self.write("mentees.csv", MENTEES)

    def write(self, name: str, content: str | bytes) -> Path:
        file = self.path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def match(self, *more: str, out: Path | None = None):
        places = ["--mentors", "mentors.csv", "--mentees", "mentees.csv"]
        files = [str(self.path / text) if text.endswith(".csv") else text for text in (*places, *more)]
        return CliRunner().invoke(main, ["match", *files, "--out", str(out or self.out)])

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def summary(self):
        return json.loads((self.out / "summary.json").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def check_refused(folder, result, *sentences):
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output
    for sentence in sentences:
        assert sentence in result.output
    assert not folder.out.exists()
    assert not [path for path in folder.path.iterdir() if path.name.startswith(".out")]


def test_pairs_with_reasons_come_out_as_files(folder):
    result = folder.match()
    assert result.exit_code == 0, result.output
    assert {file.name for file in folder.out.iterdir()} == FILES
    pairs = {row["mentee_id"]: row for row in folder.rows("matches.csv")}
    assert {mentee: row["mentor_id"] for mentee, row in pairs.items()}["e2"] == "m2"
    assert len(pairs) == 2
    assert "%)" in pairs["e2"]["why"]
    assert len(pairs["e2"]["score"].partition(".")[2]) == 6
    reasons = {row["mentee_id"]: row["reason"] for row in folder.rows("unmatched.csv")}
    assert reasons["e3"] == "Nothing is written in this person's profile to match with."
    assert "offers no place" in reasons["e4"]
    summary = folder.summary()
    assert (summary["people"], summary["places"], summary["matched"]) == (5, 3, 2)
    assert summary["percent_of_upper_bound"] == 100
    assert {"read", "score", "assign", "explain", "write", "total"} <= summary["seconds"].keys()
    assert "2 of 5 mentees matched" in result.output


def test_rankings_hold_the_best_before_the_assignment(folder):
    assert folder.match("--top", "1").exit_code == 0
    ranked = {row["mentee_id"]: row["mentor_id"] for row in folder.rows("rankings.csv")}
    assert ranked == {"e1": "m1", "e2": "m2", "e4": "m3", "e5": "m1"}


def test_the_order_of_rows_changes_no_byte(folder, tmp_path):
    folder.match("--seed", "5")
    shuffled = Folder(tmp_path / "shuffled") if (tmp_path / "shuffled").mkdir() is None else None
    for name, text in (("mentors.csv", MENTORS), ("mentees.csv", MENTEES)):
        header, *rows = text.splitlines(keepends=True)
        random.Random(3).shuffle(rows)
        shuffled.write(name, header + "".join(rows))
    shuffled.match("--seed", "5", "--workers", "2")
    for name in ("matches.csv", "rankings.csv", "unmatched.csv"):
        assert (folder.out / name).read_bytes() == (shuffled.out / name).read_bytes()
    assert folder.summary()["input_hash"] == shuffled.summary()["input_hash"]


def test_exclude_and_keep_hold(folder):
    folder.write("exclude.csv", "mentee_id,mentor_id,note\ne2,m2,colleagues\n")
    folder.write("keep.csv", "mentee_id;mentor_id\neve@example.org;m2\n")
    result = folder.match("--exclude", "exclude.csv", "--keep", "keep.csv")
    assert result.exit_code == 0, result.output
    pairs = {(row["mentee_id"], row["mentor_id"]) for row in folder.rows("matches.csv")}
    assert ("e5", "m2") in pairs
    assert not any(mentee == "e2" for mentee, _ in pairs)


def test_someone_on_both_sides_is_not_their_own_mentor(folder):
    folder.write("mentees.csv", MENTEES.replace("bob@example.org", "Nia@example.org"))
    result = folder.match()
    assert "nobody is paired with themselves" in result.output
    assert "e2" not in {row["mentee_id"] for row in folder.rows("matches.csv")}


def test_unknown_columns_are_announced_and_can_be_left_out(folder):
    folder.write("mentees.csv", "person_id,goals,shoe size\ne1,baking,42\n")
    assert "“shoe size” is not known" in folder.match().output
    assert "“shoe size” is left out" in folder.match("--ignore-column", "Shoe size").output


@pytest.mark.parametrize(
    ("content", "sentences"),
    [
        (None, ["mentors.csv", "can't be found"]),
        (b"\x7fELF\0\0\0\1", ["mentors.csv", "binary"]),
        ("person_id,expertise,capacity\nm1,Bäckerei,1\n".encode("latin-1"), ["mentors.csv", "UTF-8", "0xE4", "line 2"]),
        (b"mo@example.org,3\nnia@example.org,4\n", ["mentors.csv", "no header"]),
        (b"", ["mentors.csv", "empty"]),
        (b"person_id,expertise\nm1,a\nm1,b\n", ["mentors.csv", "row 2", "row 3", "m1"]),
        (b"person_id,expertise,capacity\nm1,a,-1\n", ["mentors.csv", "row 2", "capacity", "-1"]),
        (b"person_id,expertise,capacity\nm1,a,two\n", ["mentors.csv", "row 2", "capacity", "two"]),
        (b"person_id,skills,Skills\nm1,a,b\n", ["mentors.csv", "twice", "Skills"]),
        (b"name,expertise\nMo,a\n", ["mentors.csv", "person_id"]),
    ],
    ids=["missing", "binary", "encoding", "header", "empty", "twice", "negative", "words", "column", "nobody"],
)
def test_a_bad_file_gets_a_sentence_and_writes_nothing(folder, content, sentences):
    (folder.path / "mentors.csv").unlink() if content is None else folder.write("mentors.csv", content)
    check_refused(folder, folder.match(), *sentences)


@pytest.mark.parametrize(
    ("keep", "exclude", "sentences"),
    [
        ("e9,m1", None, ["keep.csv", "row 2", "mentee_id", "“e9” is not among the mentees"]),
        ("e1,m9", None, ["keep.csv", "row 2", "mentor_id", "“m9” is not among the mentors"]),
        (None, "e1,m9", ["exclude.csv", "row 2", "“m9” is not among the mentors"]),
        ("e1,m1", "e1,m1", ["keep.csv", "row 2", "excluded"]),
        ("e1,m1\ne5,m1", None, ["keep.csv", "row 3", "no place left"]),
        ("e1,m1\ne1,m2", None, ["keep.csv", "row 3", "kept in row 2 already"]),
        ("e4,m3", None, ["keep.csv", "row 2", "no place left"]),
    ],
)
def test_pairs_that_cannot_be_are_refused_with_their_row(folder, keep, exclude, sentences):
    more = []
    for option, rows in (("keep", keep), ("exclude", exclude)):
        if rows:
            folder.write(f"{option}.csv", f"mentee_id,mentor_id\n{rows}\n")
            more += [f"--{option}", f"{option}.csv"]
    check_refused(folder, folder.match(*more), *sentences)


def test_a_pair_file_without_its_columns_is_refused(folder):
    folder.write("keep.csv", "mentee,mentor\ne1,m1\n")
    check_refused(folder, folder.match("--keep", "keep.csv"), "keep.csv", "mentee_id")


@pytest.mark.parametrize(
    ("mentors", "mentees", "reason"),
    [
        ("person_id,expertise,capacity\n", MENTEES, "There is no mentor in the pool."),
        (MENTORS.replace(",1\n", ",0\n").replace(",2\n", ",0\n"), MENTEES, "every capacity is 0"),
        (
            "person_id,expertise,capacity\nm1,,1\n",
            "person_id,goals\ne1,\ne2, \n",
            "Nothing is written in this person's profile to match with.",
        ),
    ],
    ids=["no mentors", "no places", "no text"],
)
def test_everyone_unmatched_is_an_answer_with_its_reason(folder, mentors, mentees, reason):
    folder.write("mentors.csv", mentors)
    folder.write("mentees.csv", mentees)
    result = folder.match()
    assert result.exit_code == 0, result.output
    assert folder.rows("matches.csv") == []
    reasons = [row["reason"] for row in folder.rows("unmatched.csv")]
    assert len(reasons) == folder.summary()["people"]
    assert any(reason in said for said in reasons)


def test_no_mentees_is_an_answer(folder):
    folder.write("mentees.csv", "person_id,goals\n")
    assert folder.match().exit_code == 0
    assert folder.summary()["people"] == 0


def test_an_existing_folder_keeps_its_files_when_a_run_fails(folder):
    folder.match()
    before = {file.name: file.read_bytes() for file in folder.out.iterdir()}
    (folder.out / "notes.txt").write_text("mine")
    folder.write("mentees.csv", b"")
    assert folder.match().exit_code == 2
    assert {file.name: file.read_bytes() for file in folder.out.iterdir()} == {**before, "notes.txt": b"mine"}
    folder.write("mentees.csv", "person_id,goals\ne1,\n")
    assert folder.match().exit_code == 0
    assert folder.rows("matches.csv") == []
    assert (folder.out / "notes.txt").exists()


def test_a_place_that_cannot_be_written_gets_a_sentence(folder):
    result = folder.match(out=folder.path / "mentors.csv")
    assert result.exit_code == 2
    assert "is a file; name a folder" in result.output
    result = folder.match(out=folder.path / "mentors.csv" / "out")
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_text_that_a_spreadsheet_would_run_is_neutralised(folder):
    folder.write("mentees.csv", "person_id,goals\n=1+1,sourdough baking\n")
    assert folder.match().exit_code == 0
    assert [row["mentee_id"] for row in folder.rows("matches.csv")] == ["'=1+1"]


CRITERIA = """{"criteria": [{"kind": "skills", "weight": 10, "hard": true}], "text_weight": 1}"""


def test_criteria_of_a_file_count_and_forbid(folder):
    file = folder.write("criteria.json", CRITERIA)
    assert folder.match("--criteria", str(file)).exit_code == 0
    rows = {row["mentee_id"]: row for row in folder.rows("matches.csv")}
    assert {key: rows[key]["mentor_id"] for key in ("e1", "e2")} == {"e1": "m1", "e2": "m2"}
    assert "Offers 1 of 1 wanted skill: Python" in rows["e1"]["why"]
    assert folder.summary()["weights"]["criteria"] == pytest.approx(10 / 11)
    again = folder.write("criteria.toml", 'text_weight = 1\n[[criteria]]\nkind = "skills"\nweight = 10\nhard = true\n')
    before = (folder.out / "matches.csv").read_bytes()
    assert folder.match("--criteria", str(again)).exit_code == 0
    assert (folder.out / "matches.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "sentences"),
    [
        (
            "c.json",
            '{"criteria": [{"kind": "skills", "weight": 11}]}',
            ["c.json", "Criterion 1, weight: “11” is no number"],
        ),
        ("c.json", '{"criteria": [{"kind": "field", "field": "shoe"}]}', ["c.json", "there is no field “shoe”"]),
        ("c.json", '{"criteria": [', ["c.json is no JSON", "line 1, column 15"]),
        ("c.toml", "criteria = [", ["c.toml can't be read as toml"]),
        ("c.json", b"\xff\xfe{}", ["c.json is not in UTF-8"]),
        ("none.json", None, ["none.json can't be read"]),
    ],
)
def test_criteria_that_cannot_be_read_are_refused_with_their_place(folder, name, content, sentences):
    if content is not None:
        folder.write(name, content)
    refused = folder.match("--criteria", str(folder.path / name))
    check_refused(folder, refused, *sentences)
    assert refused.output.count(sentences[-1]) == 1
    assert "row" not in refused.output


def test_pairs_of_last_time_stay_together_and_what_moved_is_said(folder):
    folder.match()
    pairs = folder.rows("matches.csv")
    folder.write("last.csv", (folder.out / "matches.csv").read_bytes())
    again = folder.match("--previous", "last.csv")
    assert "0 pairs of last time moved, of 2 whose people take part." in again.output
    assert folder.rows("matches.csv") == pairs
    folder.write("mentees.csv", MENTEES.replace("e2,Bob", "e9,Bob"))
    later = folder.match("--previous", "last.csv")
    assert later.exit_code == 0, later.output
    assert (folder.summary()["current_pairs"], folder.summary()["moved"]) == (1, 0)


def test_a_mentee_may_get_several_mentors_and_a_mentor_a_fewest_number_of_mentees(folder):
    folder.write("mentees.csv", "person_id,goals\ne1,Forecast demand and open a bakery\ne2,Forecast demand\n")
    result = folder.match("--mentors-per-mentee", "2", "--fewest-mentees", "1")
    assert result.exit_code == 0, result.output
    pairs = [(row["mentee_id"], row["mentor_id"]) for row in folder.rows("matches.csv")]
    assert len(set(pairs)) == len(pairs) == 3
    assert ({mentee for mentee, _ in pairs}, {mentor for _, mentor in pairs}) == ({"e1", "e2"}, {"m1", "m2"})
    assert "3 pairs, since mentees may have several mentors." in result.output
    folder.write("keep.csv", "mentee_id,mentor_id\ne1,m1\n")
    folder.match("--mentors-per-mentee", "2", "--keep", "keep.csv")
    assert ("e1", "m1") in {(row["mentee_id"], row["mentor_id"]) for row in folder.rows("matches.csv")}


def test_the_floor_is_told_with_its_price_and_can_be_left_out(folder):
    assert "Floor 0." in folder.match().output
    assert folder.summary()["floor"] == folder.summary()["worst"]
    assert folder.summary()["floor_price_percent"] <= 0.1
    for option in (("--no-floor",), ("--objective", "best_total")):
        assert "Floor" not in folder.match(*option).output
        assert folder.summary()["floor"] is None


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--objective", "cheapest"),
        ("--mentors-per-mentee", "0"),
        ("--fewest-mentees", "-1"),
        ("--previous", "gone.csv"),
    ],
)
def test_what_makes_no_sense_is_refused(folder, option, value):
    check_refused(folder, folder.match(option, value), value)


def test_a_quota_leaves_people_out_and_says_so(folder):
    folder.write("mentees.csv", "person_id,goals,department\ne1,Forecast demand,Red\ne2,Open a bakery,blue\n")
    result = folder.match("--quota", "department=red:-0", "--quota", "department=blue:1-")
    assert "Quota department=red:0-0: 0 matched." in result.output
    assert folder.summary()["quotas"] == {"department=red:0-0": 0, "department=blue:1-": 1}
    assert [row["mentee_id"] for row in folder.rows("matches.csv")] == ["e2"]
    assert folder.summary()["unmatched_by_cause"] == {"left_by_quota": 1}


def test_a_lottery_repeats_nobody_and_says_who_met_before(folder):
    folder.write("mentors.csv", "person_id,expertise\nm1,\nm2,\n")
    folder.write("mentees.csv", "person_id,goals\ne1,\ne2,\n")
    options = ["--mode", "lottery", "--seed", "4"]
    pairs = []
    for number in range(3):
        result = folder.match(*options)
        assert result.exit_code == 0, result.output
        pairs.append({(row["mentee_id"], row["mentor_id"]) for row in folder.rows("matches.csv")})
        folder.write(f"round{number}.csv", (folder.out / "matches.csv").read_bytes())
        options += ["--previous", f"round{number}.csv"]
    assert not pairs[0] & pairs[1]
    assert pairs[2] == pairs[0]
    assert "Drawn by lot with the seed 4; 2 pairs have met before." in result.output
    assert (folder.summary()["mode"], folder.summary()["met_before"]) == ("lottery", 2)
    assert {row["why"] for row in folder.rows("matches.csv")} == {"met 2 rounds ago; nobody new was left (100%)"}


def test_what_does_not_go_with_a_mode_is_refused(folder):
    folder.write("last.csv", "mentee_id,mentor_id\n")
    twice = ["--previous", "last.csv", "--previous", "last.csv"]
    check_refused(folder, folder.match(*twice), "--previous stands more than once", "--mode lottery")
    check_refused(folder, folder.match("--mode", "lottery", "--quota", "x=y:1-2"), "Quotas do not go with the mode")
    check_refused(folder, folder.match("--mode", "lotto"), "lotto")
    check_refused(folder, folder.match("--mode", "groups"), "group size go together")
    check_refused(folder, folder.match("--mode", "groups", "--group-size", "few"), "“few” is no group size", "3-6")
    check_refused(folder, folder.match("--mode", "groups", "--group-size", "3-2"), "3-2 allows nothing")
    more = ["--mode", "groups", "--group-size", "2-3"]
    check_refused(folder, folder.match(*more, "--mentors-per-mentee", "2"), "everybody has one mentor")
    check_refused(folder, folder.match(*more, "--fewest-mentees", "1"), "fewest mentees")
    folder.write("keep.csv", "mentee_id,mentor_id\ne1,m1\n")
    check_refused(
        folder,
        folder.match(*more, "--keep", "keep.csv"),
        "m1 is to keep 1 mentee and has 1 place, which makes no group of 2 to 3",
    )


def test_groups_are_whole_or_none(folder):
    folder.write("mentors.csv", "person_id,expertise\nm1,Forecast demand\nm2,Sourdough baking\n")
    result = folder.match("--mode", "groups", "--group-size", "2-3")
    assert result.exit_code == 0, result.output
    assert {row["mentor_id"] for row in folder.rows("matches.csv")} == {"m1"}
    assert "1 group; the smallest has 2, the largest 2." in result.output
    assert folder.summary()["groups"] == {"m1": 2}
    assert folder.summary()["unmatched_by_cause"]["left_by_group_size"] == 1
