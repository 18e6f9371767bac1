#!/usr/bin/env python3
"""Check a vote yourself: one file, Python 3.9 or newer, nothing to install, no network.

    python3 verify.py board.json
    python3 verify.py board.json --receipt my-receipt.json      (or the code that stands on it)
    python3 verify.py board.json --heads heads-of-march.json    (what somebody else kept while the vote was open)
    python3 verify.py board.json --json

It checks the signatures of the city, that the board only grew, that every leaf is what it says it is, that of every
anonymous credential the last leaf counts and no other, and it counts the ballots again. It shares no code with the
platform: both can be wrong only in the same way by chance. Exit code 0: all of it holds. 1: something does not. 2: the
file cannot be read, or the vote is not over yet and there is nothing to count.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from fractions import Fraction


class Wrong(Exception):
    """Something that was promised does not hold."""


# --- hashes (RFC 6962) ---


def leaf_hash(data):
    return hashlib.sha256(b"\x00" + data).digest()


def tree_root(leaves):
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return hashlib.sha256(b"\x01" + tree_root(leaves[:half]) + tree_root(leaves[half:])).digest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


# --- signatures (Ed25519, RFC 8032, checking only) ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def _add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number, point):
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point = _add(point, point)
        number >>= 1
    return found


def _point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, message, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    key, start = _point(public), _point(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if key is None or start is None or number >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    left = _times(number, BASE)
    right = _add(start, _times(int.from_bytes(digest, "little") % ORDER, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (
        left[1] * right[2] - right[1] * left[2]
    ) % P == 0


# --- counting ---

TIES = {
    "lowest_cost_then_id": lambda project: (Fraction(project["cost"]), project["code"]),
    "lexicographic_id": lambda project: (project["code"],),
}


def read_ballot(kind, choice):
    """The pairs of code and points of a ballot: one point for each where projects are only chosen, for a ranking as many
    as stand below it."""
    if kind == "points":
        return [(text.rpartition(":")[0], int(text.rpartition(":")[2])) for text in choice]
    if kind == "ranking":
        return [(code, len(choice) - place) for place, code in enumerate(choice, start=1)]
    return [(code, 1) for code in choice]


def greedy_cost(config, ballots):
    """Most votes first, skip what does not fit; reserved shares first, in their order. The winners in order of the count."""
    votes = {project["code"]: 0 for project in config["projects"]}
    for choice in ballots:
        for code, points in read_ballot(config.get("kind"), choice):
            votes[code] += points
    costs = {project["code"]: Fraction(project["cost"]) for project in config["projects"]}
    tie = TIES[config["tie_rule"]]
    ranked = sorted(config["projects"], key=lambda project: (-votes[project["code"]], *tie(project)))
    order = [project["code"] for project in ranked]
    won = []
    left = Fraction(config["budget"])
    for reserve in config.get("reserves", []):
        pot = Fraction(reserve["amount"])
        for code in order:
            if code in reserve["projects"] and code not in won and costs[code] <= pot:
                won.append(code)
                pot -= costs[code]
                left -= costs[code]
    for code in order:
        if code not in won and costs[code] <= left:
            won.append(code)
            left -= costs[code]
    return won, votes


def greedy_per_cost(config, ballots):
    """Most points for the cost first; what is free and wanted by anybody goes before everything else."""
    votes = {project["code"]: 0 for project in config["projects"]}
    for choice in ballots:
        for code, points in read_ballot(config.get("kind"), choice):
            votes[code] += points
    tie = TIES[config["tie_rule"]]

    def place(project):
        score, cost = votes[project["code"]], Fraction(project["cost"])
        first = (0, 0) if not cost and score > 0 else (1, -score / cost if cost else 0)
        return (*first, *tie(project))

    won, left = [], Fraction(config["budget"])
    for project in sorted(config["projects"], key=place):
        if Fraction(project["cost"]) <= left:
            won.append(project["code"])
            left -= Fraction(project["cost"])
    return won, votes


RULES = {"greedy_cost": greedy_cost, "greedy_cum": greedy_per_cost, "greedy_borda": greedy_per_cost}


# --- the checks ---


def check_heads(board, leaves):
    public = bytes.fromhex(board["public_key"])
    for head in board["heads"]:
        check_head(board, head, leaves, public)
    if leaves and (not board["heads"] or board["heads"][-1]["size"] != len(leaves)):
        raise Wrong("The last signed head does not cover the whole board.")
    return f"{len(board['heads'])} signed heads; every one is the beginning of today's board of {len(leaves)} leaves"


def check_head(board, head, leaves, public):
    told = {"at": head["at"], "root": head["root"], "size": head["size"], "v": 1, "vote": board["vote"]}
    if not is_signed(public, canonical(told), bytes.fromhex(head["signature"])):
        raise Wrong(f"The signature of the head of {head['size']} leaves is not the city's.")
    if head["size"] > len(leaves):
        raise Wrong(f"A head was signed over {head['size']} leaves, today the board has {len(leaves)}.")
    if tree_root(leaves[: head["size"]]).hex() != head["root"]:
        raise Wrong(
            f"The board was changed: its first {head['size']} leaves are not those that were signed at {head['at']}."
        )


def written(kind, choice):
    """The texts of a choice as they are hashed: sorted, but for a ranking, whose order is its meaning."""
    return list(choice) if kind == "ranking" else sorted(choice)


def check_leaves(board, leaves):
    """Every leaf opens, and of every credential the last one counts. Returns the choices that count."""
    if len(set(leaves)) != len(leaves):
        raise Wrong("A leaf stands on the board twice.")
    last = {}
    for number, told in enumerate(board["leaves"]):
        if told.get("credential") is None:
            raise Wrong(f"Leaf {number} was never opened.")
        if "nonce" in told:
            opened = hashlib.sha256(
                canonical(
                    {"choice": written(board["config"].get("kind"), told["choice"]), "nonce": told["nonce"]}
                )
            ).hexdigest()
            if opened != told["commitment"]:
                raise Wrong(f"The choice of leaf {number} is not the one that was committed to.")
        inside = {
            "v": 1,
            "vote": board["vote"],
            "credential": told["credential"],
            "commitment": told["commitment"],
        }
        if leaf_hash(canonical(inside)) != leaves[number]:
            raise Wrong(f"Leaf {number} does not say what it was opened to.")
        last[told["credential"]] = number
    counting = []
    for number, told in enumerate(board["leaves"]):
        if last[told["credential"]] == number:
            if "nonce" not in told:
                raise Wrong(f"Leaf {number} is the last of its credential and was not counted.")
            counting.append(told["choice"])
        elif "nonce" in told:
            raise Wrong(f"Leaf {number} was counted although a later one took its place.")
    return counting


def check_ballots(config, counting):
    """Which of them are complete; nothing on them that does not exist, and nothing twice or too dear."""
    costs = {project["code"]: Fraction(project["cost"]) for project in config["projects"]}
    complete = []
    kind = config.get("kind", "approval")
    for choice in counting:
        pairs = read_ballot(kind, choice)
        codes = {code for code, _points in pairs}
        if len(codes) != len(choice) or not codes <= costs.keys():
            raise Wrong("A ballot names a project twice, or one that is not there.")
        if kind == "points":
            check_points(config, [points for _code, points in pairs])
        if config.get("max_choices") and len(choice) > config["max_choices"]:
            raise Wrong("A ballot has more choices than were allowed.")
        if config.get("within_budget", True) and sum(costs[code] for code in codes) > Fraction(
            config["budget"]
        ):
            raise Wrong("A ballot costs more than there is money.")
        if len(choice) >= config["min_choices"]:
            complete.append(choice)
    return complete


def check_points(config, points):
    if any(number < 1 for number in points) or sum(points) > config["points"]:
        raise Wrong("A ballot gives more points than there are, or less than one.")
    if points and max(points) > (config.get("most_points") or config["points"]):
        raise Wrong("A ballot gives more points to a project than were allowed.")


def find_receipt(board, leaves, given):
    """Where the leaf of a receipt stands, in words. `given`: the file's content, or a code."""
    if isinstance(given, dict):
        commitment = hashlib.sha256(
            canonical({"choice": written(given.get("kind"), given["choice"]), "nonce": given["nonce"]})
        ).hexdigest()
        inside = {"v": 1, "vote": given["vote"], "credential": given["credential"], "commitment": commitment}
        wanted = leaf_hash(canonical(inside))
        found = [number for number, leaf in enumerate(leaves) if leaf == wanted]
    else:
        letters = "".join(given.upper().replace("-", " ").split())
        found = (
            [n for n, leaf in enumerate(leaves) if base64.b32encode(leaf).decode().startswith(letters)]
            if len(letters) >= 16
            else []
        )
    if not found:
        raise Wrong("There is no leaf for this receipt on the board.")
    told = board["leaves"][found[0]]
    if told.get("credential") is None:
        return f"leaf {found[0]} is yours; the vote is not opened yet"
    if "nonce" not in told:
        return f"leaf {found[0]} is yours; a later ballot of yours took its place"
    return f"leaf {found[0]} is yours and counts: {', '.join(told['choice']) or 'nothing chosen'}"


def verify(board, receipts=(), kept=()):
    """All checks; returns what was found. Raises Wrong."""
    leaves = [bytes.fromhex(told["leaf"]) for told in board["leaves"]]
    said = [check_heads(board, leaves)]
    for heads in kept:
        if heads["public_key"] != board["public_key"] or heads["vote"] != board["vote"]:
            raise Wrong("The heads somebody kept are of another vote, or signed with another key.")
        for head in heads["heads"]:
            check_head(board, head, leaves, bytes.fromhex(board["public_key"]))
        said.append(f"{len(heads['heads'])} heads that somebody kept fit this board")
    for given in receipts:
        said.append("your receipt: " + find_receipt(board, leaves, given))
    found = {"checks": said, "winners": None}
    if board.get("result") is None:
        return found
    counting = check_leaves(board, leaves)
    complete = check_ballots(board["config"], counting)
    said.append(
        f"{len(counting)} ballots, {len(complete)} of them complete; {len(leaves) - len(counting)} leaves were superseded"
    )
    rule = board["config"]["rule"]
    if rule not in RULES:
        raise Wrong(f"This program cannot count by the rule {rule!r}.")
    winners, votes = RULES[rule](board["config"], complete)
    if board["result"]["ballots"] != len(counting):
        raise Wrong(
            f"The city says that {board['result']['ballots']} people voted; on the board are {len(counting)} ballots."
        )
    if list(board["result"]["selected"]) != winners:
        raise Wrong(f"The city published other winners: {board['result']['selected']} instead of {winners}.")
    for code, number in board["result"]["votes"].items():
        if Fraction(number) != votes[code]:
            raise Wrong(f"The city published {number} votes for {code}, counted are {votes[code]}.")
    said.append("counted again: the winners and every number of votes are those the city published")
    found["winners"] = winners
    found["votes"] = votes
    return found


def _read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def _receipt(given):
    try:
        return _read(given)
    except (OSError, ValueError):
        return given  # a code


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Check the board of a vote and count it again.")
    parser.add_argument("board", help="board.json, from the page of the vote")
    parser.add_argument("--receipt", action="append", default=[], help="your receipt, a file or its code")
    parser.add_argument(
        "--heads", action="append", default=[], help="heads somebody kept while the vote was open"
    )
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    asked = parser.parse_args(arguments)
    sys.setrecursionlimit(10_000)
    try:
        board, kept = _read(asked.board), [_read(path) for path in asked.heads]
    except (OSError, ValueError) as error:
        print(f"This file cannot be read: {error}", file=sys.stderr)
        return 2
    try:
        found = verify(board, [_receipt(given) for given in asked.receipt], kept)
    except Wrong as wrong:
        print(json.dumps({"ok": False, "wrong": str(wrong)}) if asked.json else f"NOT RIGHT: {wrong}")
        return 1
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        print(f"This file is not the board of a vote: {error!r}", file=sys.stderr)
        return 2
    if asked.json:
        print(json.dumps({"ok": True, **found}))
    else:
        for line in found["checks"]:
            print(f"ok  {line}")
        if found["winners"] is None:
            print("The vote is not counted yet: there are no winners to compare.")
        else:
            names = {project["code"]: project.get("title", "") for project in board["config"]["projects"]}
            print("Winners:")
            for code in found["winners"]:
                print(f"  {code}  {names[code]}  ({found['votes'][code]} votes)")
    return 0 if found["winners"] is not None else 2


if __name__ == "__main__":
    sys.exit(main())
