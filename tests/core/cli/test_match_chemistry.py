"""``wayfellow match --mode chemistry``: chats first, then pairs by how both rated them."""

import csv
import json

import pytest
from click.testing import CliRunner

from wayfellow.cli import main

MENTORS = """person_id,name,expertise,capacity
m1,Mo,Forecasting demand and prices with models,1
m2,Nia,Forecasting demand for bakeries,1
m3,Oz,Models of prices and demand,1
m4,Pam,Repairing engines,1
"""
MENTEES = """person_id,name,goals
e1,Ann,Forecast demand with models
e2,Bob,Learn how models of prices are made
e3,Cy,Forecasting demand
"""


class Rounds:
    def __init__(self, folder):
        self.folder, self.out = folder, folder / "out"
        (folder / "mentors.csv").write_text(MENTORS)
        (folder / "mentees.csv").write_text(MENTEES)

    def run(self, *more):
        asked = ["--mode", "chemistry", "--mentors", "mentors.csv", "--mentees", "mentees.csv", *more]
        files = [str(self.folder / one) if one.endswith(".csv") else one for one in asked]
        return CliRunner().invoke(main, ["match", *files, "--out", str(self.out)])

    def rows(self, name):
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def rate(self, ratings, more=""):
        """Write rated.csv: the chats of the first round with ratings by pair, and lines of its own."""
        lines = ["mentee_id,mentor_id,mentee_rating,mentor_rating"]
        for row in self.rows("chats.csv"):
            pair = row["mentee_id"], row["mentor_id"]
            lines.append(",".join([*pair, *map(str, ratings.get(pair, ("", "")))]))
        (self.folder / "rated.csv").write_text("\n".join(lines) + "\n" + more)

    def pairs(self):
        return {row["mentee_id"]: row["mentor_id"] for row in self.rows("matches.csv")}


@pytest.fixture
def rounds(tmp_path):
    made = Rounds(tmp_path)
    result = made.run()
    assert result.exit_code == 0, result.output
    made.said = result.output
    return made


def test_the_first_round_gives_everybody_chats_to_rate(rounds):
    chats = rounds.rows("chats.csv")
    pairs = {(row["mentee_id"], row["mentor_id"]) for row in chats}
    assert len(pairs) == len(chats) == 9
    assert {mentor for _, mentor in pairs} == {"m1", "m2", "m3"}
    assert {(row["mentee_rating"], row["mentor_rating"]) for row in chats} == {("", "")}
    assert not (rounds.out / "matches.csv").exists()
    assert "3 of 3 mentees have 9 chats; 4 mentors offer 12." in rounds.said
    assert "All 3 mentees have a chat" in (rounds.out / "report.html").read_text()
    assert rounds.run("--chats", "1").exit_code == 0
    assert len(rounds.rows("chats.csv")) == 3


def test_ratings_decide_and_the_lowest_means_never(rounds):
    loved = {("e1", "m2"): (5, 5), ("e2", "m1"): (5, 4), ("e3", "m3"): (4, 5)}
    rounds.rate(loved | {("e1", "m1"): (1, 5), ("e2", "m3"): (5, 1)})
    assert rounds.run("--ratings", "rated.csv").exit_code == 0
    assert rounds.pairs() == {"e1": "m2", "e2": "m1", "e3": "m3"}
    by_mentee = {row["mentee_id"]: row for row in rounds.rows("matches.csv")}
    assert "chat rated 5 of 5 by the mentee" in by_mentee["e2"]["why"]
    assert "chat rated 4 of 5 by the mentor" in by_mentee["e2"]["why"]
    refused = dict.fromkeys((("e1", "m1"), ("e1", "m2"), ("e1", "m3")), (1, 3))
    rounds.rate(refused)
    assert "1 without a mentor: all_forbidden." in rounds.run("--ratings", "rated.csv").output
    assert "e1" not in rounds.pairs()


def test_half_of_the_score_is_the_mean_of_the_ratings_and_none_counts_as_the_middle(rounds):
    before = {(row["mentee_id"], row["mentor_id"]): float(row["score"]) for row in rounds.rows("chats.csv")}
    rated = {("e1", "m1"): (5, ""), ("e2", "m3"): (2, 4), ("e3", "m2"): ("", "")}
    parts = {("e1", "m1"): 0.75, ("e2", "m3"): 0.5, ("e3", "m2"): 0.5}
    (rounds.folder / "keep.csv").write_text("mentee_id,mentor_id\ne1,m1\ne2,m3\ne3,m2\n")
    rounds.rate(rated)
    for percent in ("50", "20", "100", "0"):
        result = rounds.run("--ratings", "rated.csv", "--keep", "keep.csv", "--ratings-weight", percent)
        assert result.exit_code == 0, result.output
        for row in rounds.rows("matches.csv"):
            pair, weight = (row["mentee_id"], row["mentor_id"]), int(percent) / 100
            assert float(row["score"]) == pytest.approx((1 - weight) * before[pair] + weight * parts[pair], abs=2e-6)


def test_criteria_share_what_ratings_leave(rounds):
    (rounds.folder / "criteria.json").write_text('{"criteria": [{"kind": "languages", "weight": 5}]}')
    rounds.rate({})
    asked = ["--ratings", "rated.csv", "--ratings-weight", "40", "--criteria", str(rounds.folder / "criteria.json")]
    for column in ("mentors", "mentees"):
        file = rounds.folder / f"{column}.csv"
        head, *people = file.read_text().splitlines()
        file.write_text("\n".join([f"{head},languages", *(f"{person},English" for person in people)]))
    result = rounds.run(*asked)
    assert result.exit_code == 0, result.output
    weights = json.loads((rounds.out / "summary.json").read_text())["weights"]
    assert weights["chemistry"] == pytest.approx(0.4)
    assert set(weights) == {"chemistry", "criteria", "tfidf"}


def test_without_a_chat_nobody_is_paired_unless_it_is_asked_for(rounds):
    for row in rounds.rows("chats.csv"):
        assert row["mentor_id"] != "m4"
    (rounds.folder / "mentors.csv").write_text(MENTORS.replace("Repairing engines", "Forecasting for engines"))
    never = {(one, other): (1, 1) for one in ("e1", "e2", "e3") for other in ("m1", "m2", "m3")}
    rounds.rate(never)
    assert rounds.run("--ratings", "rated.csv").exit_code == 0
    assert rounds.pairs() == {}
    assert rounds.run("--ratings", "rated.csv", "--beyond-chats").exit_code == 0
    assert set(rounds.pairs().values()) == {"m4"}


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        ("e1,m1,6,3", ["row 2, column mentee_rating: “6” is no rating", "1 (never) to 5"]),
        ("e1,m1,3,good", ["row 2, column mentor_rating: “good” is no rating"]),
        ("e1,m1,3.5,2", ["“3.5” is no rating"]),
        ("e1,m1,3,3\ne1,m1,4,4", ["row 3: This chat stands in row 2 already"]),
        ("gone,m1,3,3", ["row 2, column mentee_id: “gone” is not among the mentees"]),
        ("e1,,3,3", ["row 2, column mentor_id: The cell is empty."]),
        ("e1,m1,0,9\nx,y,,", ["has 4 problems"]),
    ],
)
def test_a_fault_in_the_ratings_is_told_with_its_place(rounds, lines, sentences):
    (rounds.folder / "rated.csv").write_text(f"mentee_id,mentor_id,mentee_rating,mentor_rating\n{lines}\n")
    result = rounds.run("--ratings", "rated.csv")
    assert result.exit_code == 2, result.output
    for sentence in sentences:
        assert sentence in result.output
    assert not (rounds.out / "matches.csv").exists()


def test_what_does_not_go_together_is_refused(rounds):
    (rounds.folder / "rated.csv").write_text("mentee_id,mentor_id,mentee_rating\n")
    for more, sentence in (
        (["--ratings", "rated.csv"], "no column mentor_rating"),
        (["--ratings", "gone.csv"], "can't be found"),
        (["--ratings", "rated.csv", "--mode", "pairs"], "--ratings goes with --mode chemistry"),
        (["--beyond-chats"], "--beyond-chats goes with --ratings"),
        (["--mentors-per-mentee", "2"], "--chats"),
        (["--quota", "name=Ann:1-1"], "Quotas do not go with the mode chemistry"),
    ):
        result = rounds.run(*more)
        assert result.exit_code == 2, result.output
        assert sentence in " ".join(result.output.split())
