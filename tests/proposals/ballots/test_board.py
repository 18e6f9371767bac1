"""The board of a vote only grows, everybody finds their leaf, and whatever is changed afterwards is noticed."""

from __future__ import annotations

import copy
import importlib.util
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from cocreation.models import Phase
from groundwork.answer import Refused
from groundwork.journal.models import Entry
from proposals.ballots import actions, destroying, keys
from proposals.ballots.board import files, signing, tree
from proposals.ballots.board.leaves import code_of, prefix_of
from proposals.ballots.models import BoardLeaf, CastBallot, Slot, Tally, TreeHead, Vote
from tests.proposals.ballots.voting import build_vote, keys_by_cost, let_it_end, people

PROGRAM = Path(files.PROGRAM)
found = importlib.util.spec_from_file_location("verify", PROGRAM)
verify: Any = importlib.util.module_from_spec(found)
found.loader.exec_module(verify)

HASHES = st.lists(st.binary(max_size=8), min_size=1, max_size=40).map(
    lambda data: [tree.leaf_hash(each) for each in data]
)
# The leaves and roots of the reference implementation that RFC 6962 grew out of.
KNOWN = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOT_OF_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_the_tree_is_that_of_rfc_6962():
    hashes = [tree.leaf_hash(bytes.fromhex(each)) for each in KNOWN]
    assert tree.root(hashes).hex() == ROOT_OF_8
    assert tree.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert verify.tree_root(hashes).hex() == ROOT_OF_8


@settings(max_examples=40, deadline=None)
@given(HASHES, st.data())
def test_a_proof_leads_to_the_root_and_any_other_leaf_does_not(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    proof, root = tree.inclusion_proof(index, hashes), tree.root(hashes)
    assert tree.is_included(hashes[index], index, len(hashes), proof, root)
    assert not tree.is_included(tree.leaf_hash(b"another one"), index, len(hashes), proof, root)
    assert not tree.is_included(hashes[index], index, len(hashes) + 1, proof + [root], root)


@settings(max_examples=40, deadline=None)
@given(HASHES, st.data())
def test_a_board_is_consistent_with_its_beginnings_and_with_nothing_else(hashes, data):
    size = data.draw(st.integers(1, len(hashes)))
    proof = tree.consistency_proof(size, hashes)
    before, now = tree.root(hashes[:size]), tree.root(hashes)
    assert tree.is_consistent(size, len(hashes), before, now, proof)
    if size < len(hashes):
        other = tree.root([tree.leaf_hash(b"x"), *hashes[1:size]])
        assert other == before or not tree.is_consistent(size, len(hashes), other, now, proof)


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=80), st.integers(0, 511))
def test_the_program_reads_the_city_s_signature_and_no_other(message, bit):
    signature, public = bytearray(signing.sign(message)), signing.public_key()
    assert verify.is_signed(public, message, bytes(signature)) and signing.is_signed(
        public, message, bytes(signature)
    )
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify.is_signed(public, message, bytes(signature))


@given(st.binary(min_size=32, max_size=32))
def test_a_code_may_be_typed_in_any_way(leaf):
    code = code_of(leaf)
    assert prefix_of(code) == prefix_of(f" {code.lower().replace('-', ' ')} ") == leaf[:12]
    assert prefix_of(code[:-1]) is None


# --- a whole vote ---


@pytest.fixture
def counted(db: None) -> tuple[Vote, dict[str, Any], dict[str, Any]]:
    """45 people vote, ten of them twice: (vote, the board as a file, one person's receipt)."""
    voters = people(45)
    vote = build_vote()
    key, dice, now = keys_by_cost(vote), random.Random(7), timezone.now()
    for person in voters:
        chosen = dice.choice([[12_000], [45_000], [12_000, 8_000], [8_000]])
        actions.cast(vote=vote, by=person, chosen=[key[cost] for cost in chosen], at=now)
    actions.mix_and_publish(vote=vote, at=now)
    for person in voters[:10]:
        actions.cast(vote=vote, by=person, chosen=[key[45_000]], at=now)
    receipt = actions.own_receipt(vote, voters[20]).told()
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    tally = actions.publish_tally(Tally.objects.get(pk=vote.pk), at=timezone.now())
    return vote, json.loads("".join(files.board_file(vote, tally))), receipt


def test_everybody_s_last_ballot_counts_and_the_program_says_so(counted, tmp_path):
    vote, board, receipt = counted
    assert [head["size"] for head in board["heads"]] == [45, 55] and len(board["leaves"]) == 55
    assert sum("nonce" in leaf for leaf in board["leaves"]) == 45 == CastBallot.objects.count()
    assert not Slot.objects.exists()
    told = sorted(sorted(leaf["choice"]) for leaf in board["leaves"] if "nonce" in leaf)
    codes = dict(vote.options.values_list("pk", "code"))
    assert told == sorted(sorted(codes[key] for key in ballot.choice) for ballot in CastBallot.objects.all())
    (tmp_path / "board.json").write_text(json.dumps(board))
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    (tmp_path / "verify.py").write_bytes(PROGRAM.read_bytes())
    command = [sys.executable, "-I", "verify.py", "board.json", "--receipt", "receipt.json", "--receipt", receipt["code"], "--json"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["winners"] == Tally.objects.get().result["selected"]
    assert sum("is yours and counts" in line for line in said["checks"]) == 2


def test_the_program_needs_nothing_but_python():
    source = PROGRAM.read_text()
    names = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert names <= sys.stdlib_module_names | {"__future__"}


def _swap(items: list[Any], dice: random.Random) -> None:
    one, two = dice.sample(range(len(items)), 2)
    items[one], items[two] = items[two], items[one]


def _tamper(board: dict[str, Any], how: str, dice: random.Random) -> None:
    leaves = board["leaves"]
    counting = [leaf for leaf in leaves if "nonce" in leaf]
    match how:
        case "a choice":
            leaf = dice.choice(counting)
            leaf["choice"] = ["03"] if leaf["choice"] != ["03"] else ["01"]
        case "a leaf taken away":
            leaves.remove(dice.choice(leaves))
        case "a leaf put in":
            leaves.insert(
                dice.randrange(len(leaves)), dice.choice(leaves) | {"leaf": dice.randbytes(32).hex()}
            )
        case "a leaf twice":
            leaves.insert(dice.randrange(len(leaves)), copy.deepcopy(dice.choice(leaves)))
        case "leaves in another order":
            _swap(leaves, dice)
        case "an old ballot counted":
            old = dice.choice([leaf for leaf in leaves if "nonce" not in leaf])
            old |= {"nonce": counting[0]["nonce"], "choice": counting[0]["choice"]}
        case "a ballot not counted":
            leaf = dice.choice(counting)
            del leaf["nonce"], leaf["choice"]
        case "a head":
            head = dice.choice(board["heads"])
            head["size"] -= 1
        case "a signature":
            dice.choice(board["heads"])["signature"] = dice.randbytes(64).hex()
        case "the winners":
            board["result"]["selected"] = board["result"]["selected"][::-1][:-1]
        case "a number of votes":
            code = dice.choice(sorted(board["result"]["votes"]))
            board["result"]["votes"][code] = str(int(board["result"]["votes"][code]) + 1)
        case "the budget":
            board["config"]["budget"] = "9000"


WAYS = (
    "a choice", "a leaf taken away", "a leaf put in", "a leaf twice", "leaves in another order", "an old ballot counted",
    "a ballot not counted", "a head", "a signature", "the winners", "a number of votes", "the budget",
)  # fmt: skip


def test_whatever_is_tampered_with_is_noticed_every_time(counted):
    _vote, board, _receipt = counted
    verify.verify(copy.deepcopy(board))
    dice = random.Random(11)
    for how in WAYS:
        for _trial in range(6):
            changed = copy.deepcopy(board)
            _tamper(changed, how, dice)
            with pytest.raises(verify.Wrong):
                verify.verify(changed)


def test_heads_somebody_kept_show_a_board_that_was_written_anew(counted):
    vote, board, _receipt = counted
    kept = {"v": 1, "vote": vote.pk, "public_key": board["public_key"], "heads": board["heads"][:1]}
    verify.verify(board, kept=[kept])
    anew = copy.deepcopy(board)
    _swap(anew["leaves"], random.Random(3))
    leaves = [bytes.fromhex(leaf["leaf"]) for leaf in anew["leaves"]]
    root, at = tree.root(leaves).hex(), anew["heads"][-1]["at"]
    told = {"at": at, "root": root, "size": len(leaves), "v": 1, "vote": vote.pk}
    anew["heads"] = [{"at": at, "root": root, "size": len(leaves), "signature": signing.sign(verify.canonical(told)).hex()}]  # fmt: skip
    verify.verify(anew)  # signed by the city itself, so only a witness can tell
    with pytest.raises(verify.Wrong, match="was changed"):
        verify.verify(anew, kept=[kept])


def test_proofs_hold_for_every_leaf_and_between_heads(counted):
    vote, board, _receipt = counted
    for leaf in board["leaves"][::9]:
        told = files.inclusion(vote, bytes.fromhex(leaf["leaf"]))
        path = [bytes.fromhex(each) for each in told["proof"]]
        size, root = told["head"]["size"], bytes.fromhex(told["head"]["root"])
        assert tree.is_included(bytes.fromhex(leaf["leaf"]), told["position"], size, path, root)
    told = files.consistency(vote, 45, 55)
    before, now = (bytes.fromhex(told[name]["root"]) for name in ("first", "second"))
    assert tree.is_consistent(45, 55, before, now, [bytes.fromhex(each) for each in told["proof"]])
    assert files.consistency(vote, 44, 55) is None and files.inclusion(vote, bytes(32)) is None


def test_the_database_keeps_the_board(counted):
    vote, _board, _receipt = counted
    before = list(BoardLeaf.objects.values_list("leaf", "choice"))
    for attempt in (
        lambda: BoardLeaf.objects.filter(vote=vote).update(choice=["01"]),
        lambda: BoardLeaf.objects.filter(vote=vote, position=3).delete(),
        lambda: TreeHead.objects.filter(vote=vote).update(size=9),
        lambda: TreeHead.objects.filter(vote=vote).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()
    assert list(BoardLeaf.objects.values_list("leaf", "choice")) == before


@pytest.mark.django_db
def test_nothing_comes_onto_the_board_for_fewer_than_twenty_at_once():
    voters, vote = people(25), None
    vote = build_vote()
    key, now = keys_by_cost(vote), timezone.now()
    for person in voters[:19]:
        actions.cast(vote=vote, by=person, chosen=[key[8_000]], at=now)
    actions.mix_and_publish(vote=vote, at=now)
    assert not vote.leaves.exists() and not vote.heads.exists()
    actions.cast(vote=vote, by=voters[19], chosen=[key[8_000]], at=now)
    actions.mix_and_publish(vote=vote, at=now)
    assert vote.leaves.count() == 20
    for person in voters[:19]:  # changed their mind: too few again
        actions.cast(vote=vote, by=person, chosen=[key[12_000]], at=now)
    actions.mix_and_publish(vote=vote, at=now)
    assert vote.leaves.count() == 20
    leaf = vote.leaves.first()
    assert (leaf.credential, leaf.commitment, leaf.choice) == (None, None, None)
    told = "".join(files.board_file(vote, None))
    assert '"credential"' not in told and '"choice"' not in told


# --- the keys ---


@pytest.mark.django_db(transaction=True)
def test_two_people_destroy_the_keys_and_only_after_the_result():
    from quartier.builders import give_role

    one, two, stranger = people(3, "staff")
    give_role(one, "admin")
    give_role(two, "admin")
    voter = people(1)[0]
    vote = build_vote()
    actions.cast(vote=vote, by=voter, chosen=[keys_by_cost(vote)[8_000]], at=timezone.now())
    with pytest.raises(Refused):  # there is no public result yet
        destroying.confirm_destruction(vote=vote, by=one, at=timezone.now())
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    actions.publish_tally(Tally.objects.get(pk=vote.pk), at=timezone.now())
    with pytest.raises(Refused):
        destroying.confirm_destruction(vote=vote, by=stranger, at=timezone.now())
    destroying.confirm_destruction(vote=vote, by=one, at=timezone.now())
    with pytest.raises(Refused):
        destroying.confirm_destruction(vote=vote, by=one, at=timezone.now())
    assert keys.load(vote.pk, vote.public_key).private
    assert destroying.confirm_destruction(vote=vote, by=two, at=timezone.now())
    with pytest.raises(keys.KeyMissing):
        keys.load(vote.pk, vote.public_key)
    assert Entry.objects.filter(verb="vote.keys_destroyed").count() == 1
    with pytest.raises(Refused):
        destroying.confirm_destruction(vote=vote, by=one, at=timezone.now())


# --- the pages ---


@pytest.mark.django_db
def test_a_voter_finds_the_ballot_by_the_code_of_the_receipt(client):
    voters = people(21)
    vote = build_vote()
    key, now = keys_by_cost(vote), timezone.now()
    slug = Phase.objects.get(pk=vote.pk).process.slug
    client.force_login(voters[0])
    page = client.get(f"/en/processes/{slug}/ballot/receipt/").content.decode()
    assert "There is no ballot of yours in the box yet" in page
    for person in voters:
        actions.cast(vote=vote, by=person, chosen=[key[8_000]], at=now)
    told = client.get(f"/en/processes/{slug}/ballot/receipt/?as=json").json()
    page = client.get(f"/en/processes/{slug}/ballot/receipt/").content.decode()
    assert told["code"] in page and "with the next batch" in page
    pdf = client.get(f"/en/processes/{slug}/ballot/receipt/?as=pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")

    client.logout()
    check = f"/en/processes/{slug}/board/?code={told['code']}"
    assert "is not on the board" in client.get(check).content.decode()
    actions.mix_and_publish(vote=vote, at=now)
    assert "Your ballot is on the board." in client.get(check).content.decode()
    let_it_end(vote)
    actions.close_and_count(vote=vote, at=timezone.now())
    actions.publish_tally(Tally.objects.get(pk=vote.pk), at=timezone.now())
    page = client.get(check).content.decode()
    assert "is on the board and was counted" in page and "Project 2" in page
    assert "not a code" in client.get(f"/en/processes/{slug}/board/?code=hello").content.decode()
    assert client.get(f"/en/processes/{slug}/board/proof.json?leaf=zz").status_code == 404
