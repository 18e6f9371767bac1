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
from collections import Counter
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


# --- counting: every function returns the winners in the order of the count ---


def drawn(seed, code):
    return int(hashlib.sha256(f"{seed}\n{code}".encode()).hexdigest(), 16)


TIES = {
    "lowest_cost_then_id": lambda config, project: (Fraction(project["cost"]), project["code"]),
    "lexicographic_id": lambda config, project: (project["code"],),
    "lot": lambda config, project: (drawn(config["lot_seed"], project["code"]), project["code"]),
}


class Count:
    """What every rule needs: codes in the order of the tie rule, costs, and what each ballot gives to each project."""

    def __init__(self, config, ballots):
        tie = TIES[config["tie_rule"]]
        self.config = config
        self.codes = [p["code"] for p in sorted(config["projects"], key=lambda project: tie(config, project))]
        self.costs = {project["code"]: Fraction(project["cost"]) for project in config["projects"]}
        self.budget = Fraction(config["budget"])
        self.ballots = [worth_of(config, choice) for choice in ballots]
        self.scores = dict.fromkeys(self.codes, 0)
        self.fans: dict[str, list] = {code: [] for code in self.codes}
        for number, given in enumerate(self.ballots):
            for code, worth in given.items():
                self.scores[code] += worth
                if worth > 0:
                    self.fans[code].append((number, worth))

    def sum(self, codes):
        return sum((self.costs[code] for code in codes), Fraction(0))


def parted(choice):
    """["03:5"] as [("03", 5)]; without points, None stands in their place."""
    return [
        (code, Fraction(points) if points else None) for code, _, points in (c.partition(":") for c in choice)
    ]


def worth_of(config, choice):
    """By project: 1 where ballots are approvals, the points, or for rankings how many stand below it on the ballot."""
    kind = config.get("kind", "approval")
    if kind == "points":
        return dict(parted(choice))
    if kind == "ranking":
        return {code: len(choice) - place for place, code in enumerate(choice, start=1)}
    return dict.fromkeys(choice, 1)


def down_the_list(count, order, left, won=()):
    """Go down the list, take what fits. What is won already is passed over."""
    found = []
    for code in order:
        if code not in won and count.costs[code] <= left:
            found.append(code)
            left -= count.costs[code]
    return found


def most_first(count):
    return sorted(
        count.codes, key=lambda code: -count.scores[code]
    )  # equals stay in the order of the tie rule


def greedy_cost(count):
    """Most votes first, skip what does not fit; reserved shares first, in their order."""
    order = most_first(count)
    won: list[str] = []
    for reserve in count.config.get("reserves", []):
        mine = [code for code in order if code in reserve["projects"]]
        won += down_the_list(count, mine, Fraction(reserve["amount"]), won)
    return won + down_the_list(count, order, count.budget - count.sum(won), won)


def greedy_per_cost(count):
    """Most votes or points for the cost first. What is free and wanted by anybody goes before everything else."""

    def place(code):
        score, cost = count.scores[code], count.costs[code]
        return (0, 0) if not cost and score > 0 else (1, -Fraction(score) / cost if cost else 0)

    return down_the_list(count, sorted(count.codes, key=place), count.budget)


def rate_of(groups, cost):
    """What one unit of worth has to pay so that all together pay the cost, each at most what they have; None if they cannot.

    `groups`: (what one has left, worth) to how many such voters there are.
    """
    rest, weight = cost, sum(n * worth for (_left, worth), n in groups.items())
    for (left, worth), n in sorted(groups.items(), key=lambda group: group[0][0] / group[0][1]):
        if left * weight >= rest * worth:
            return rest / weight
        rest -= n * left
        weight -= n * worth
    return None


class Purses:
    """What every voter has left. There are few different sums at any time: voters point at theirs."""

    def __init__(self, count, each, by_cost):
        self.count, self.by_cost = count, by_cost
        self.sums, self.purse = [each], [0] * len(count.ballots)

    def share(self, code):
        """What one unit of worth pays for this project now; None if those who want it cannot pay."""
        groups: Counter = Counter()
        for (at, worth), n in Counter(
            (self.purse[number], worth) for number, worth in self.count.fans[code]
        ).items():
            groups[self.sums[at], worth] += n
        return rate_of(groups, self.count.costs[code])

    def rate(self, code, share):
        cost = self.count.costs[code]
        return share / cost if self.by_cost and cost else share

    def pay(self, code, share):
        place = {}
        for number, worth in self.count.fans[code]:
            key = (self.purse[number], worth)
            if key not in place:
                place[key] = len(self.sums)
                self.sums.append(max(self.sums[self.purse[number]] - share * worth, Fraction(0)))
            self.purse[number] = place[key]


def equal_shares(count, each, by_cost):
    """Everyone has `each`; the project with the smallest rate (for what it is worth) is paid by those who want it.

    Returns what is won, in order, with the rate and the place in the order of ties: [(code, (rate, place))].
    """
    purses = Purses(count, each, by_cost)
    known = {code: Fraction(0) for code in count.codes if count.fans[code]}  # rates never fall
    won: list = []
    while True:
        best = None
        for code in sorted(known, key=lambda code: known[code]):
            if best is not None and known[code] > best[0]:
                break
            share = purses.share(code)
            if share is None:
                del known[code]
                continue
            known[code] = purses.rate(code, share)
            found = (known[code], count.codes.index(code), code, share)
            if best is None or found < best:
                best = found
        if best is None:
            return won
        rate, place, code, share = best
        purses.pay(code, share)
        won.append((code, (rate, place)))
        del known[code]


def stays(count, each, path):
    """The same path with more for everyone, if it is the same for every sum in between as well; else None.

    While the same projects are paid in the same order, more money leaves everybody no less after each of them, and makes no
    rate greater. So where every other project, with all the money of the end, comes after the rate of the beginning, it
    does so everywhere in between; and who cannot pay in the end could not pay before.
    """
    purses = Purses(count, each, True)
    known = {code: Fraction(0) for code in count.codes if count.fans[code]}
    onward = []
    for code, (ceiling, place) in path:
        del known[code]
        for other in list(known):
            if (known[other], count.codes.index(other)) > (ceiling, place):
                continue
            share = purses.share(other)
            if share is None:
                del known[other]
                continue
            known[other] = purses.rate(other, share)
            if (known[other], count.codes.index(other)) < (ceiling, place):
                return None
        share = purses.share(code)
        purses.pay(code, share)
        onward.append((code, (purses.rate(code, share), place)))
    return None if any(purses.share(other) is not None for other in known) else onward


def mes(by_cost):
    def rule(count):
        each = count.budget / max(len(count.ballots), 1)
        return [code for code, _rate in equal_shares(count, each, by_cost)]

    return rule


def add1(count):
    """Equal Shares with one unit more for everyone, again and again, until nothing wanted fits, or it would be too much.

    Units between which nothing changes are passed over: as many at a time as can be proven.
    """
    each = count.budget / max(len(count.ballots), 1)
    path, step = equal_shares(count, each, True), 1
    while count.ballots:
        won = [code for code, _rate in path]
        left = count.budget - count.sum(won)
        if all(code in won or count.costs[code] > left for code in count.codes if count.fans[code]):
            break
        onward = stays(count, each + step, path)
        if onward is not None:
            each, path, step = each + step, onward, step * 2
        elif step > 1:
            step = max(step // 4, 1)
        else:
            each += 1
            more = equal_shares(count, each, True)
            if count.sum(code for code, _rate in more) > count.budget:
                break
            path = more
    return [code for code, _rate in path]


def add1_then_most(count):
    won = add1(count)
    return won + down_the_list(count, most_first(count), count.budget - count.sum(won), won)


def phragmen(count):
    """Money flows to all alike; who can buy a project together does, and begins anew. The winners are in order of code."""
    moments, last = [Fraction(0)], [0] * len(count.ballots)
    won: list[str] = []
    left = count.budget
    while True:
        due = []
        for place, code in enumerate(count.codes):
            fans = count.fans[code]
            if fans and code not in won:
                spent = Counter(last[number] for number, _worth in fans)
                when = (count.costs[code] + sum(moments[at] * n for at, n in spent.items())) / len(fans)
                due.append((when, place, code))
        if not due:
            return sorted(won)
        first = min(due)
        if any(count.costs[code] > left for when, _place, code in due if when == first[0]):
            return sorted(won)
        moments.append(first[0])
        for number, _worth in count.fans[first[2]]:
            last[number] = len(moments) - 1
        won.append(first[2])
        left -= count.costs[first[2]]


RULES = {
    "approval": {
        "greedy_cost": greedy_cost,
        "greedy_card": greedy_per_cost,
        "mes_cost": mes(True),
        "mes_card": mes(False),
        "add1_cost": add1,
        "add1u_cost": add1_then_most,
        "phragmen_x": phragmen,
    },
    "points": {"greedy_cum": greedy_per_cost, "mes_cum": mes(False)},
    "ranking": {"greedy_borda": greedy_per_cost, "mes_borda": mes(False)},
}


def count_again(config, ballots):
    """(the winners, the votes or points of every project)"""
    rules = RULES.get(config.get("kind", "approval"), {})
    if config["rule"] not in rules:
        raise Wrong(f"This program cannot count by the rule {config['rule']!r}.")
    count = Count(config, ballots)
    return rules[config["rule"]](count), count.scores


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


def commitment(config, choice, nonce):
    """Only in a ranking the order is part of what was chosen."""
    told = list(choice) if config.get("kind") == "ranking" else sorted(choice)
    return hashlib.sha256(canonical({"choice": told, "nonce": nonce})).hexdigest()


def check_lot(config):
    """The lot that decides ties is the one that was promised at the opening."""
    if config["tie_rule"] != "lot":
        return []
    if hashlib.sha256(config["lot_seed"].encode()).hexdigest() != config["lot_promise"]:
        raise Wrong("The lot for ties is not the one that was promised at the opening.")
    return ["the lot for ties is the one that was promised at the opening"]


def check_leaves(board, leaves):
    """Every leaf opens, and of every credential the last one counts. Returns the choices that count."""
    if len(set(leaves)) != len(leaves):
        raise Wrong("A leaf stands on the board twice.")
    last = {}
    for number, told in enumerate(board["leaves"]):
        if told.get("credential") is None:
            raise Wrong(f"Leaf {number} was never opened.")
        if "nonce" in told:
            opened = commitment(board["config"], told["choice"], told["nonce"])
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
        given = parted(choice)
        codes = [code for code, _points in given]
        if len(set(codes)) != len(codes) or not set(codes) <= costs.keys():
            raise Wrong("A ballot names a project twice, or one that is not there.")
        check_points(config, [points for _code, points in given])
        if config.get("max_choices") and len(codes) > config["max_choices"]:
            raise Wrong("A ballot has more choices than were allowed.")
        if config.get("within_budget", kind == "approval") and sum(costs[code] for code in codes) > Fraction(
            config["budget"]
        ):
            raise Wrong("A ballot costs more than there is money.")
        if len(codes) >= config["min_choices"]:
            complete.append(choice)
    return complete


def check_points(config, points):
    """Each project has at least one point and not too many, and there are no more than could be given."""
    if config.get("kind") != "points":
        if any(number is not None for number in points):
            raise Wrong("A ballot gives points where it must not.")
        return
    if any(number is None for number in points):
        raise Wrong("A ballot gives no points where it must.")
    if any(number < 1 for number in points) or sum(points) > config["points"]:
        raise Wrong("A ballot gives more points than there are, or less than one.")
    if points and max(points) > (config.get("most_points") or config["points"]):
        raise Wrong("A ballot gives more points to a project than were allowed.")


def find_receipt(board, leaves, given):
    """Where the leaf of a receipt stands, in words. `given`: the file's content, or a code."""
    if isinstance(given, dict):
        opened = commitment(board["config"], given["choice"], given["nonce"])
        inside = {"v": 1, "vote": given["vote"], "credential": given["credential"], "commitment": opened}
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
        if heads.get("lot_promise", "") != board["config"].get("lot_promise", ""):
            raise Wrong("The lot for ties was exchanged: somebody kept another promise.")
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
    said += check_lot(board["config"])
    winners, votes = count_again(board["config"], complete)
    if board["result"]["ballots"] != len(counting):
        raise Wrong(
            f"The city says that {board['result']['ballots']} people voted; on the board are {len(counting)} ballots."
        )
    if list(board["result"]["selected"]) != winners:
        raise Wrong(f"The city published other winners: {board['result']['selected']} instead of {winners}.")
    for code, number in board["result"]["votes"].items():
        if Fraction(number) != votes[code]:
            raise Wrong(f"The city published {number} votes for {code}, counted are {votes[code]}.")
    said.append(
        f"counted again by {board['config']['rule']}: the winners and every number of votes are those the city published"
    )
    found["winners"] = winners
    found["votes"] = votes
    return found


def plain(number):
    """For JSON: a whole number as such, anything else as text."""
    return int(number) if number == int(number) else str(number)


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
        print(json.dumps({"ok": True, **found}, default=plain))
    else:
        for line in found["checks"]:
            print(f"ok  {line}")
        if found["winners"] is None:
            print("The vote is not counted yet: there are no winners to compare.")
        else:
            names = {project["code"]: project.get("title", "") for project in board["config"]["projects"]}
            unit = "votes" if board["config"].get("kind", "approval") == "approval" else "points"
            print("Winners:")
            for code in found["winners"]:
                print(f"  {code}  {names[code]}  ({found['votes'][code]} {unit})")
    return 0 if found["winners"] is not None else 2


if __name__ == "__main__":
    sys.exit(main())
