"""What anybody can take away from a board: the whole of it, the signed heads, proofs for one leaf or two heads. Reads only."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from proposals.ballots import answer_counts, envelopes, kinds, questions
from proposals.ballots.board import signing
from proposals.ballots.board.tree import consistency_proof, inclusion_proof
from proposals.ballots.counting import ballots_of, counting_in, plain, tells_ways
from proposals.ballots.models import BallotOption, BoardLeaf, CastBallot, Tally, TreeHead, Vote

PROGRAM = Path(__file__).with_name("verify.py")


def head_told(head: TreeHead) -> dict[str, Any]:
    return {
        "at": head.at.isoformat(),
        "root": bytes(head.root).hex(),
        "size": head.size,
        "signature": bytes(head.signature).hex(),
    }


def heads_file(vote: Vote) -> dict[str, Any]:
    """For witnesses: whoever keeps it can show later that the board only grew."""
    return {
        "v": 1,
        "vote": vote.pk,
        "public_key": signing.public_key().hex(),
        **({"lot_promise": vote.lot_promise} if vote.lot_promise else {}),
        "heads": [head_told(head) for head in vote.heads.order_by("size")],
    }


def config_of(vote: Vote) -> dict[str, Any]:
    """What was fixed when the vote opened; for a quorum also how many may vote."""
    asked = questions.read(vote.questions)
    more: dict[str, Any] = (
        {"questions": answer_counts.told(asked), "eligible": vote.eligible} if asked else {}
    )
    if vote.envelopes:
        more = {"most_envelopes": vote.most_envelopes, "envelopes": vote.envelopes}
    elif vote.part:
        more = {"envelope": vote.part, "name": vote.part_name}
    return {
        "budget": plain(vote.budget),
        "currency": vote.currency,
        "rule": vote.rule,
        "tie_rule": vote.tie_rule,
        **({"lot_promise": vote.lot_promise, "lot_seed": vote.lot_seed or None} if vote.lot_promise else {}),
        **({"compares": True} if vote.compares else {}),
        "kind": vote.kind,
        "within_budget": vote.within_budget,
        "points": vote.points,
        "most_points": vote.most_points,
        "min_choices": vote.min_choices,
        "max_choices": vote.max_choices,
        "reserves": vote.reserves,
        "projects": [
            {
                "code": option.code,
                "cost": plain(option.cost),
                "title": option.proposal.title if option.proposal.is_public else "",
            }
            for option in options_of(vote)
        ],
        **more,
    }


def options_of(vote: Vote) -> list[BallotOption]:
    """What stands on the ballot, of a section what belongs to it. One query."""
    found = vote.options.select_related("proposal").order_by("position")
    return [option for option in found if not vote.part or envelopes.code_of(option.code) == vote.part]


def codes_in_ballots(vote: Vote) -> dict[int, str]:
    """What a counted ballot holds -> its code: keys of options, or positions of the lines of questions."""
    if vote.questions:
        return questions.codes_of(questions.read(vote.questions))
    return dict(vote.options.values_list("pk", "code"))


def board_file(vote: Vote, tally: Tally | None) -> Iterator[str]:
    """Everything `verify.py` needs, as one JSON written in pieces. Without a published count no leaf is opened."""
    told = heads_file(vote) | {"config": config_of(vote), "result": _result(tally)}
    head = json.dumps(told, ensure_ascii=False, indent=1)
    yield head[: head.rindex("}")].rstrip() + ',\n "leaves": ['
    first = True
    for row in vote.leaves.order_by("position").iterator(chunk_size=5000):
        yield ("\n  " if first else ",\n  ") + json.dumps(_leaf(row, opened=tally is not None))
        first = False
    yield "\n ]\n}\n"


def _result(tally: Tally | None) -> dict[str, Any] | None:
    if tally is None:
        return None
    result = tally.result
    if "questions" in result:
        return {
            "ballots": result["ballots"],
            "selected": list(result["selected"]),
            "votes": answer_counts.numbers(result),
            "rankings": {each["code"]: each["ranking"] for each in result["questions"] if "ranking" in each},
        }
    return {
        "ballots": result["ballots"],
        "selected": list(result["selected"]),
        "votes": {turn["project"]: turn["votes"] for turn in result["rounds"]},
        **({"channels": result["channels"]} if result["channels"] else {}),
        **({"comparison": result["comparison"]} if result.get("comparison") else {}),
        **(
            {
                "envelopes": [
                    {
                        "code": part["code"],
                        "ballots": part["ballots"],
                        **({"channels": part["channels"]} if tells_ways(result) else {}),
                        "selected": part["selected"],
                    }
                    for part in result["envelopes"]
                ]
            }
            if "envelopes" in result
            else {}
        ),
    }


def ballots_json(vote: Vote, tally: Tally) -> Iterator[str]:
    """Every ballot after the count, with what was fixed and what came out, as one JSON written in pieces. No leaf stands in it
    and no credential: nobody finds their ballot here, and nobody else does."""
    told = {"v": 1, "config": config_of(vote), "result": _result(tally), "checksum": tally.input_hash}
    head = json.dumps(told, ensure_ascii=False, indent=1)
    yield head[: head.rindex("}")].rstrip() + ',\n "ballots": ['
    codes = codes_in_ballots(vote)
    options = [] if vote.questions else options_of(vote)
    counts = counting_in(vote, options)
    first = True
    for ballot in ballots_of(vote, options):
        choice = _choice(vote.kind, ballot)
        row = {
            "ballot": str(ballot.pk),
            "choice": list(kinds.texts(vote.kind, choice, codes)),
            **(
                {"counted_in": counts(ballot.choice)}
                if vote.envelopes
                else {"counted": len(ballot.choice) >= vote.min_choices}
            ),
        }
        yield ("\n  " if first else ",\n  ") + json.dumps(row)
        first = False
    yield "\n ]\n}\n"


def _choice(kind: str, ballot: CastBallot) -> kinds.Filled:
    if ballot.points is not None:
        return dict(zip(ballot.choice, ballot.points, strict=True))
    return tuple(ballot.choice) if kind == kinds.Kind.RANKING else frozenset(ballot.choice)


def _leaf(row: BoardLeaf, *, opened: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"leaf": bytes(row.leaf).hex()}
    if opened and row.credential is not None:
        told |= {"credential": bytes(row.credential).hex(), "commitment": bytes(row.commitment or b"").hex()}
        if row.nonce is not None:
            told |= {"nonce": bytes(row.nonce).hex(), "choice": list(row.choice or [])}
    return told


def _hashes(vote: Vote) -> list[bytes]:
    return [bytes(leaf) for leaf in vote.leaves.order_by("position").values_list("leaf", flat=True)]


def inclusion(vote: Vote, leaf: bytes) -> dict[str, Any] | None:
    """Where a leaf stands and the path from it to the root of the last head; None when it is not on the board."""
    head = vote.heads.order_by("-size").first()
    row = vote.leaves.filter(leaf=leaf).first()
    if head is None or row is None:
        return None
    path = inclusion_proof(row.position, _hashes(vote)[: head.size])
    return {
        "leaf": leaf.hex(),
        "position": row.position,
        "head": head_told(head),
        "proof": [each.hex() for each in path],
    }


def consistency(vote: Vote, first: int, second: int) -> dict[str, Any] | None:
    """That the board of `first` leaves is the beginning of the board of `second`; None unless both were signed."""
    heads = {head.size: head for head in vote.heads.filter(size__in=(first, second))}
    if first not in heads or second not in heads or not 0 < first <= second:
        return None
    path = consistency_proof(first, _hashes(vote)[:second])
    return {
        "first": head_told(heads[first]),
        "second": head_told(heads[second]),
        "proof": [each.hex() for each in path],
    }


def found_by_code(vote: Vote, prefix: bytes) -> BoardLeaf | None:
    """The leaf whose hash begins so: a hundred bits, so there is at most one."""
    upper = prefix + b"\xff" * (32 - len(prefix))
    lower = prefix + b"\x00" * (32 - len(prefix))
    return vote.leaves.filter(leaf__gte=lower, leaf__lte=upper).first()
