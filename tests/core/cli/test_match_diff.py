"""Two matches in files are compared: who stays, moves, comes and goes; what is no match gets a sentence."""

import csv

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from wayfellow.cli import main
from wayfellow.cli.match_diff import SHOWN

IDS = st.sampled_from(["a", "b", "c", "=d", "Zoë, 5"])
PAIRS = st.dictionaries(st.tuples(IDS, IDS), st.integers(0, 1_000_000).map(lambda micro: micro / 1_000_000), max_size=8)


def call(*arguments):
    return CliRunner().invoke(main, ["match-diff", *map(str, arguments)])


def write(folder, pairs, left_over=()):
    folder.mkdir(exist_ok=True)
    for name, header, rows in (
        (
            "matches.csv",
            ["mentee_id", "mentor_id", "score"],
            [[*pair, f"{score:.6f}"] for pair, score in pairs.items()],
        ),
        ("unmatched.csv", ["mentee_id", "reason"], [[mentee, "full"] for mentee in left_over]),
    ):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])
    return folder


@pytest.fixture
def two(tmp_path):
    old = write(tmp_path / "old", {("ann", "mo"): 0.5, ("bob", "mo"): 0.75, ("cy", "nia"): 0.25, ("dee", "nia"): 0.5})
    new = write(tmp_path / "new", {("ann", "mo"): 0.5, ("bob", "nia"): 0.7, ("eve", "mo"): 0.9}, left_over=["cy"])
    return old, new


def test_each_change_is_told_and_counted(two):
    done = call(*two)
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "1 pair stays as it is.",
        "1 mentee moves to another mentor.",
        "1 mentee gains a mentor.",
        "1 mentee loses a mentor.",
        "1 mentee takes no part any more.",
        "  dee: nia (0.500) → nobody",
        "  cy: nia (0.250) → nobody",
        "  bob: mo (0.750) → nia (0.700)",
        "  eve: nobody → mo (0.900)",
    ]


def test_peers_are_compared_too(tmp_path):
    for name, pairs in (("old", ["ann,bob", "bob,ann"]), ("new", ["ann,cy", "cy,ann"])):
        (tmp_path / f"{name}.csv").write_text("person_id,peer_id,score\n" + "".join(f"{p},0.5\n" for p in pairs))
    done = call(tmp_path / "old.csv", tmp_path / "new.csv")
    assert done.exit_code == 0
    assert "  ann: bob (0.500) → cy (0.500)" in done.output.splitlines()


def test_ids_come_out_as_they_went_in(tmp_path):
    for name, peer in (("old", "mo"), ("new", "nia")):
        rows = f"mentee_id,mentor_id\n'=ann,{peer}\n''=bob,{peer}\n"  # =ann and '=bob, neutralised
        (tmp_path / f"{name}.csv").write_text(rows)
    told = call(tmp_path / "old.csv", tmp_path / "new.csv").output
    assert "  =ann: mo → nia" in told
    assert "  '=bob: mo → nia" in told


def test_files_alone_do_and_then_nobody_counts_as_absent(two):
    done = call(two[0] / "matches.csv", two[1] / "matches.csv")
    assert "2 mentees lose a mentor." in done.output
    assert "0 mentees take no part any more." in done.output


@settings(deadline=None, max_examples=30)
@given(PAIRS, PAIRS)
def test_the_file_has_every_pair_of_both_sides_once(tmp_path_factory, before, after):
    folder = tmp_path_factory.mktemp("diff")
    out = folder / "changes.csv"
    done = call(write(folder / "old", before), write(folder / "new", after), "--out", out)
    assert done.exit_code == 0, done.output
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    mentee = [row["mentee_id"].removeprefix("'") for row in rows]
    for side, pairs in (("before", before), ("after", after)):
        found = [
            (who, row[f"mentor_{side}"].removeprefix("'"), float(row[f"score_{side}"]))
            for who, row in zip(mentee, rows, strict=True)
            if row[f"mentor_{side}"]
        ]
        assert sorted(found) == sorted((*pair, score) for pair, score in pairs.items())


def test_only_the_first_are_printed(tmp_path):
    many = {(f"e{i:03}", "mo"): 0.5 for i in range(SHOWN + 5)}
    done = call(write(tmp_path / "old", many), write(tmp_path / "new", {}, left_over=[mentee for mentee, _ in many]))
    assert done.output.count("→") == SHOWN
    assert "and 5 more; --out FILE writes them all" in done.output


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "can't be found. Check the name, and the folder it is in."),
        ("", "is empty."),
        ("mentee,mentor\na,b\n", "There is no column mentee_id. Name a file that wayfellow match wrote"),
        ("mentee_id,mentor_id\na,b\na,b\n", "a and b stand here a second time. Delete one of the rows."),
        ("mentee_id,mentor_id\n,b\n", "The cell is empty. Write the id, or delete the row."),
        ("mentee_id,mentor_id,score\na,b,1.5\n", "“1.5” is no score. Write a number from 0 to 1."),
        ("mentee_id,mentor_id,score\na,b,nan\n", "“nan” is no score. Write a number from 0 to 1."),
    ],
)
def test_what_is_no_match_is_refused_with_a_way_out(two, tmp_path, text, said):
    bad = tmp_path / "bad.csv"
    if text is not None:
        bad.write_text(text, encoding="utf-8")
    for arguments in ((two[0], bad), (bad, two[1])):
        done = call(*arguments)
        assert (done.exit_code, said in done.output) == (2, True), done.output


def test_a_folder_without_pairs_and_a_place_that_cannot_be_written_are_named(two, tmp_path):
    (tmp_path / "none").mkdir()
    assert "none has no matches.csv. Name a folder that wayfellow match wrote" in call(two[0], tmp_path / "none").output
    assert "is a folder; name a file to write into." in call(*two, "--out", tmp_path).output
    done = call(*two, "--out", tmp_path / "no" / "where.csv")
    assert (done.exit_code, "Name another file with --out." in done.output) == (2, True)
