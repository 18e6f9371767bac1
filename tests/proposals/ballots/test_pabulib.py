"""The .pb reader: what it forgives, what it refuses and where it points."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from proposals.ballots import pabulib
from proposals.ballots.pabulib import MalformedFile, Vote
from proposals.ballots.tally import Ballot, BallotKind

File = Callable[..., Path]

META = """META
key;value
num_projects;3
num_votes;3
budget;1000
vote_type;approval
"""
PROJECTS = """PROJECTS
project_id;cost;votes;name;category;selected
1;600;2;Swings;play, sport;1
2;500.50;1;Bench;;0
x/3;400;2;Trees;nature;1
"""
VOTES = """VOTES
voter_id;vote;age;voting_method
17;1,x/3;34;paper
18;x/3,1;51;internet
19;2;;internet
"""


@pytest.fixture
def file(tmp_path: Path) -> File:
    def write(text: str | bytes = META + PROJECTS + VOTES, name: str = "city.pb") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def changed(old: str, new: str) -> str:
    """The good file with one thing changed."""
    good = META + PROJECTS + VOTES
    assert good.count(old) == 1
    return good.replace(old, new)


# --- what a good file gives ---------------------------------------------------------------------------------


def test_an_election_is_read_whole(file: File) -> None:
    election = pabulib.read(file())
    assert election.meta["vote_type"] == "approval"
    assert election.budget == 1000
    swings, bench, _ = election.projects
    assert (swings.id, swings.name, swings.categories, swings.votes) == ("1", "Swings", ("play", "sport"), 2)
    assert (bench.project.cost, bench.categories, bench.selected) == (Fraction(1001, 2), (), 0)
    assert election.official == ("1", "x/3")
    assert election.profile.kind is BallotKind.APPROVAL


def test_equal_ballots_are_counted_once_with_their_weight(file: File) -> None:
    assert pabulib.read(file()).profile.ballots == {Ballot(("1", "x/3")): 2, Ballot(("2",)): 1}


def test_votes_come_one_by_one_as_they_were_cast(file: File) -> None:
    assert list(pabulib.iter_votes(file())) == [
        Vote("17", ("1", "x/3"), None, "paper", 14),
        Vote("18", ("x/3", "1"), None, "internet", 15),
        Vote("19", ("2",), None, "internet", 16),
    ]


def test_a_vote_is_given_before_the_rest_of_the_file_is_read(file: File) -> None:
    votes = pabulib.iter_votes(file(changed("19;2;;internet", "broken")))
    assert [next(votes).voter, next(votes).voter] == ["17", "18"]
    with pytest.raises(MalformedFile):
        next(votes)


def test_a_gzipped_file_reads_the_same_whatever_it_is_called(file: File) -> None:
    plain = file()
    packed = gzip.compress(plain.read_bytes())
    for name in ("city.pb.gz", "disguised.pb"):
        other = file(packed, name)
        assert pabulib.read(other) == pabulib.read(plain)
        assert pabulib.content_hash(other) == hashlib.sha256(plain.read_bytes()).hexdigest()


def test_points_are_kept_beside_their_projects(file: File) -> None:
    text = changed("vote_type;approval", "vote_type;cumulative").replace("vote;age", "vote;points")
    text = text.replace(";34;", ";7,3;").replace(";51;", ";2.5,7.5;").replace("2;;", "2;10;")
    path = file(text)
    assert pabulib.read(path).profile.ballots == {
        Ballot(("1", "x/3"), (7, 3)): 1,
        Ballot(("x/3", "1"), (Fraction(5, 2), Fraction(15, 2))): 1,
        Ballot(("2",), (10,)): 1,
    }
    assert next(pabulib.iter_votes(path)).points == (7, 3)


def test_a_ranking_keeps_its_order(file: File) -> None:
    profile = pabulib.read(file(changed("vote_type;approval", "vote_type;ordinal"))).profile
    assert profile.kind is BallotKind.ORDINAL
    assert list(profile.ballots) == [Ballot(("1", "x/3")), Ballot(("x/3", "1")), Ballot(("2",))]


def test_choose_one_is_an_approval_ballot(file: File) -> None:
    assert pabulib.read(file(changed(";approval", ";choose-1"))).profile.kind is BallotKind.APPROVAL


def test_a_file_without_official_winners_says_none(file: File) -> None:
    text = changed(";category;selected", ";category;district")
    election = pabulib.read(file(text))
    assert election.official is None
    assert election.projects[0].more == {"district": "1"}


# --- odd but harmless ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="windows line ends"),
        pytest.param(lambda text: text.replace("\n", "\n\n \n"), id="blank lines"),
        pytest.param(lambda text: text.rstrip("\n"), id="no line end at the end"),
        pytest.param(
            lambda text: text.replace(";", " ; ").replace(",", " , "), id="spaces around everything"
        ),
        pytest.param(lambda text: text.replace("\n", ";;\n"), id="rows padded by a spreadsheet"),
        pytest.param(lambda text: text.replace("paper", '"paper"').replace("Bench", '"Bench"'), id="quotes"),
        pytest.param(lambda text: text.replace("voter_id;vote", "VOTER_ID;Vote"), id="capitals in a header"),
        pytest.param(lambda text: text.replace("num_votes;3\n", ""), id="no count of votes in META"),
        pytest.param(lambda text: text.replace("17;1,x/3;", "17;1,1,x/3;"), id="a project named twice"),
    ],
)
def test_harmless_oddities_change_nothing(file: File, odd: Callable[[str], str]) -> None:
    good = META + PROJECTS + VOTES
    assert odd(good) != good
    expected, found = pabulib.read(file(good)), pabulib.read(file(odd(good)))
    assert (found.profile, found.projects, found.budget) == (
        expected.profile,
        expected.projects,
        expected.budget,
    )


def test_quoted_text_may_hold_separators_quotes_and_line_ends(file: File) -> None:
    path = file(changed("Bench", '"A ""bench""; in\nthe sun"').replace("19;2;;", "19;7;;"))
    with pytest.raises(MalformedFile) as caught:
        pabulib.read(path)
    assert caught.value.line == 17  # one more, for the line end inside the quotes
    fine = pabulib.read(file(changed("Bench", '"A ""bench""; in\nthe sun"')))
    assert fine.projects[1].name == 'A "bench"; in\nthe sun'


def test_columns_may_come_in_any_order(file: File) -> None:
    text = META + PROJECTS + "VOTES\nage;vote;voter_id\n34;1,x/3;17\n51;x/3,1;18\n;2;19\n"
    assert pabulib.read(file(text)).profile == pabulib.read(file()).profile


def test_an_empty_vote_is_a_blank_ballot(file: File) -> None:
    profile = pabulib.read(file(changed("19;2;;", "19;;;"))).profile
    assert profile.ballots[Ballot(())] == 1


def test_an_election_nobody_voted_in_is_read(file: File) -> None:
    text = changed("num_votes;3", "num_votes;0")
    assert pabulib.read(file(text[: text.index("17;")])).profile.voters == 0


def test_blocks_of_any_length_give_the_same_lines(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file((META + PROJECTS + VOTES).replace("Bench", "Bänkli"))
    expected = pabulib.read(path)
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(pabulib, "_BLOCK", size)
        assert pabulib.read(path) == expected


@pytest.mark.parametrize("size", [64, 1000, 1 << 16])
@pytest.mark.parametrize("kind", ["approval", "ordinal", "cumulative"])
def test_many_rows_at_once_are_read_as_one_after_the_other(
    kind: str, size: int, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Among thousands of plain rows some stand out: blank, quoted over two lines, padded, with spaces, in another order."""
    monkeypatch.setattr(pabulib, "_BLOCK", size)
    odd = [
        "",
        '"a 1";"2,\n1";3,4',
        " b1 ; 2 , 1 ;4 , 3;;",
        "c1;;;",
        "   ",
        '"d1";1;9',
        "e1;1,2;5,5",
        "f1;2,1;5,5",
    ]
    rows = [f"{n};{('1', '1,2', '2')[n % 3]};{('1', '2,3', '7')[n % 3]}" for n in range(900)]
    for place, row in zip(range(100, 900, 97), odd, strict=False):
        rows.insert(place, row)
    head = f"META\nkey;value\nbudget;9\nvote_type;{kind}\nPROJECTS\nproject_id;cost\n1;1\n2;2\n"
    path = file(head + "VOTES\nvoter_id;vote;points\n" + "\n".join(rows))
    one_by_one: Counter[Ballot] = Counter()
    for vote in pabulib.iter_votes(path):
        one_by_one[
            Ballot.approving(vote.choices) if kind == "approval" else Ballot(vote.choices, vote.points)
        ] += 1
    assert pabulib.read(path).profile.ballots == one_by_one and one_by_one.total() == 906


@pytest.mark.parametrize("at", [9, 700, 1999])
@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("5;1", "The voter '5' votes twice."),
        (";1", "A vote has no voter id."),
        ("x;3", "The vote names the project '3', which is not listed."),
        ("x;1;2", "This row has 3 columns where the header names 2."),
        ("x", "This row has 1 columns where the header names 2."),
        ("META", "The section META comes twice."),
    ],
)
def test_one_wrong_row_among_thousands_is_told_with_its_line(
    row: str, reason: str, at: int, file: File, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pabulib, "_BLOCK", 2000)
    rows = [f"{n};{1 + n % 2}" for n in range(2000)]
    rows.insert(at, row)
    head = "META\nkey;value\nbudget;9\nvote_type;approval\nPROJECTS\nproject_id;cost\n1;1\n2;2\n"
    with pytest.raises(MalformedFile) as caught:
        pabulib.read(file(head + "VOTES\nvoter_id;vote\n" + "\n".join(rows)))
    assert (caught.value.reason, caught.value.line) == (reason, 11 + at)


# --- malformed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("META\n", "", 1, "The file must begin with the section META."),
        ("key;value\n", "", 2, "The header of META lacks the column key."),
        ("budget;1000\n", "", 6, "META names no budget."),
        ("budget;1000", "budget;", 5, "'' (budget) is not a plain number."),
        ("budget;1000", "budget;-5", 5, "The budget is negative."),
        ("budget;1000", "budget;1e3", 5, "'1e3' (budget) is not a plain number."),
        ("budget;1000", "budget;1;000", 5, "This row has 3 columns where the header names 2."),
        ("budget;1000", "budget;1\nbudget;2", 6, "META names 'budget' twice."),
        (
            "type;approval",
            "type;telepathy",
            6,
            "META must name a vote_type out of choose-1, approval, ordinal, cumulative, scoring.",
        ),
        ("num_projects;3", "num_projects;4", 3, "META says num_projects is 4, but the file has 3."),
        ("num_votes;3", "num_votes;2", 4, "META says num_votes is 2, but the file has 3."),
        ("num_votes;3", "num_votes;many", 4, "'many' (num_votes) is not a plain number."),
        (PROJECTS, "", 7, "The section VOTES stands where PROJECTS should."),
        (PROJECTS + VOTES, "", 6, "The section PROJECTS is missing."),
        (VOTES, "", 11, "The section VOTES is missing."),
        (VOTES, "VOTES\n", 12, "The header of VOTES lacks the column voter_id."),
        ("project_id;cost", "project_id;price", 8, "The header of PROJECTS lacks the column cost."),
        ("votes;name", "votes;votes", 8, "The header of PROJECTS names a column twice."),
        ("1;600;", "1;;", 9, "The project '1' has no cost."),
        ("1;600;", "1;-600;", 9, "The project '1' has a negative cost."),
        ("1;600;", "1;1,000;", 9, "'1,000' (cost) is not a plain number."),
        ("1;600;", ";600;", 9, "A project has no id."),
        ("\n2;500.50", "\n1;500.50", 10, "The project '1' is listed twice."),
        ("Bench;;0", "Bench;0", 10, "This row has 5 columns where the header names 6."),
        ("Bench;;0", "Bench;;0;1", 10, "This row has 7 columns where the header names 6."),
        ("Bench", '"Bench', 10, "A quoted text begins here and never ends."),
        ("voter_id;vote", "voter_id;choice", 13, "The header of VOTES lacks the column vote."),
        ("17;1,x/3;34;paper", "17;1,x/3", 14, "This row has 2 columns where the header names 4."),
        ("18;x/3,1", "17;x/3,1", 15, "The voter '17' votes twice."),
        ("18;x/3,1", ";x/3,1", 15, "A vote has no voter id."),
        ("19;2;", "19;2,4;", 16, "The vote names the project '4', which is not listed."),
        ("19;2;", "19;2,;", 16, "The vote names the project '', which is not listed."),
        ("19;2;;internet\n", "19;2;;internet\nMETA\n", 17, "The section META comes twice."),
        ("vote_type;approval", "vote_type;scoring", 13, "A file of scoring votes needs the column points."),
    ],
)
def test_a_malformed_file_says_where_and_why(file: File, old: str, new: str, line: int, reason: str) -> None:
    path = file(changed(old, new))
    with pytest.raises(MalformedFile) as caught:
        pabulib.read(path)
    assert (caught.value.line, caught.value.reason) == (line, reason)
    assert str(caught.value) == f"line {line}: {reason}"
    with pytest.raises(MalformedFile) as again:
        list(pabulib.iter_votes(path))
    assert str(again.value) == str(caught.value)


@pytest.mark.parametrize("points", ["7", "7,3,1", "", "7,three"])
def test_points_that_do_not_match_the_projects_are_refused(file: File, points: str) -> None:
    text = changed("vote_type;approval", "vote_type;scoring").replace("vote;age", "vote;points")
    with pytest.raises(MalformedFile) as caught:
        pabulib.read(file(text.replace(";34;", f";{points};")))
    assert caught.value.line == 14


def test_an_empty_file_has_no_meta(file: File) -> None:
    with pytest.raises(MalformedFile, match="line 1: The section META is missing"):
        pabulib.read(file(""))


@pytest.mark.parametrize(
    ("bytes_", "line"),
    [
        ((META + PROJECTS + VOTES).replace("Bench", "Bänkli").encode("latin-1"), 10),
        ((META + PROJECTS + VOTES).encode("utf-16"), 1),
        (b"\x00\xff\xfe", 1),
    ],
)
def test_another_encoding_is_named_with_its_line(file: File, bytes_: bytes, line: int) -> None:
    with pytest.raises(MalformedFile) as caught:
        pabulib.read(file(bytes_))
    assert (caught.value.line, caught.value.reason) == (line, "The file is not written in UTF-8.")


def test_a_damaged_gzip_is_refused(file: File) -> None:
    packed = gzip.compress((META + PROJECTS + VOTES).encode())
    broken = bytearray(packed)
    broken[len(packed) // 2] ^= 0xFF
    for number, content in enumerate((packed[:-12], bytes(broken), b"not gzip at all")):
        path = file(content, f"{number}.pb.gz")
        for reader in (pabulib.read, pabulib.content_hash):
            with pytest.raises(MalformedFile, match=r"gzip|UTF-8"):
                reader(path)


def test_an_endless_line_is_refused_before_it_fills_the_memory(file: File) -> None:
    with pytest.raises(MalformedFile, match="line 3: The line is too long"):
        pabulib.read(file(gzip.compress(b"META\nkey;value\n" + b"x" * (3 << 20)), "bomb.pb.gz"))


def test_an_endless_quote_is_refused(file: File) -> None:
    before = csv.field_size_limit(
        131_072
    )  # Python's own; a library that only tests use raises it for everybody
    try:
        with pytest.raises(MalformedFile, match="line 10: The quotes in this row"):
            pabulib.read(file(changed("Bench", '"' + "Bench\n" * 50_000)))
    finally:
        csv.field_size_limit(before)


def test_a_missing_file_is_not_called_malformed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        pabulib.read(tmp_path / "nowhere.pb")


def test_a_reason_keeps_its_sentence_apart_from_its_values() -> None:
    error = MalformedFile(3, "The voter {voter!r:.60} votes twice.", voter="\x1b[31m" + "9" * 100)
    assert error.template == "The voter {voter!r:.60} votes twice."
    assert "\x1b" not in error.reason
    assert len(error.reason) < 100
