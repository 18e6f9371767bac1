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


def held_against_votes(count, shares):
    """Equal Shares against most votes first: who gets more of their projects in one of them is for it. (winners, figures)"""
    votes = greedy_cost(count)
    figures = {"for_shares": 0, "for_votes": 0, "alike": 0}
    for given in count.ballots:
        one, other = sum(code in given for code in shares), sum(code in given for code in votes)
        figures["for_shares" if one > other else "for_votes" if other > one else "alike"] += 1
    return (votes if figures["for_votes"] > figures["for_shares"] else shares), figures


def check_comparison(config, complete, told):
    """The step at the end: as many are for the one outcome and for the other as the city says."""
    count = Count(config, complete)
    found = held_against_votes(count, RULES["approval"][config["rule"]](count))[1]
    if told is None or any(told[name] != number for name, number in found.items()):
        raise Wrong(f"The city told other figures of the comparison at the end: {told} instead of {found}.")
    return [
        f"the comparison at the end: {found['for_shares']} are for equal shares, {found['for_votes']} for most votes first,"
        f" {found['alike']} for neither"
    ]


# --- envelopes: parts of the money with projects, numbers and a rule of their own ---


def part_of(config, envelope):
    """What was fixed for one envelope, in the form of a vote of its own."""
    mine = set(envelope["projects"])
    return {
        "kind": config.get("kind", "approval"),
        "within_budget": config.get("within_budget", True),
        "tie_rule": config["tie_rule"],
        "lot_seed": config.get("lot_seed"),
        "budget": envelope["amount"],
        "rule": envelope["rule"],
        "min_choices": envelope["min_choices"],
        "max_choices": envelope["max_choices"],
        "points": envelope["points"],
        "most_points": envelope["most_points"],
        "projects": [project for project in config["projects"] if project["code"] in mine],
    }


def chosen_in(envelope, choice):
    """What of a ballot is about this envelope, in its order."""
    mine = set(envelope["projects"])
    return [told for told in choice if told.partition(":")[0] in mine]


def check_envelopes(config):
    """Every project is in one envelope, whose letter its code begins with, and the sums are the whole budget. A code stands in
    the leaves: no project, and so no ballot, can be moved to another envelope after it was cast."""
    listed = [code for envelope in config["envelopes"] for code in envelope["projects"]]
    if sorted(listed) != sorted(project["code"] for project in config["projects"]):
        raise Wrong("A project is in no envelope, or in two.")
    for envelope in config["envelopes"]:
        if any(code.partition(".")[0] != envelope["code"] for code in envelope["projects"]):
            raise Wrong(f"Envelope {envelope['code']} holds a project of another one.")
    if sum(Fraction(envelope["amount"]) for envelope in config["envelopes"]) != Fraction(config["budget"]):
        raise Wrong("The envelopes together are not the money of the vote.")


def ballots_in_envelopes(config, counting):
    """By code of an envelope, what the ballots choose there and the complete ones of these; nobody votes in too many."""
    check_envelopes(config)
    known = {project["code"] for project in config["projects"]}
    for choice in counting:
        if not {code for code, _points in parted(choice)} <= known:
            raise Wrong("A ballot names a project twice, or one that is not there.")
        used = [e["code"] for e in config["envelopes"] if not e["besides"] and chosen_in(e, choice)]
        if config["most_envelopes"] is not None and len(used) > config["most_envelopes"]:
            raise Wrong(
                f"A ballot chooses in {len(used)} envelopes, allowed were {config['most_envelopes']}."
            )
    found = {}
    for envelope in config["envelopes"]:
        here = [mine for mine in (chosen_in(envelope, choice) for choice in counting) if mine]
        found[envelope["code"]] = (here, check_ballots(part_of(config, envelope), here))
    return found


def check_channels(told, ballots, where=""):
    """What the city says came online, on paper and from the town hall is together what lies on the board. Which ballot came which
    way stands nowhere: it would tell more of the few who vote on paper."""
    channels = told.get("channels")
    if channels is not None and sum(channels.values()) != ballots:
        raise Wrong(f"The ways ballots came in{where} do not add up: {channels}, on the board are {ballots}.")
    return channels or {}


def count_envelopes(config, counting, told):
    """Every envelope counted by its own rule and compared with what the city says of it: (winners, votes, what was found)."""
    winners, votes, said = [], {}, []
    by_code = {part["code"]: part for part in told}
    if sorted(by_code) != sorted(envelope["code"] for envelope in config["envelopes"]):
        raise Wrong("The city does not tell the result of every envelope.")
    for envelope in config["envelopes"]:
        code = envelope["code"]
        here, complete = counting[code]
        won, numbers = count_again(part_of(config, envelope), complete)
        if by_code[code]["ballots"] != len(here):
            raise Wrong(
                f"The city says that {by_code[code]['ballots']} ballots choose in envelope {code}; on the board are {len(here)}."
            )
        if list(by_code[code]["selected"]) != won:
            raise Wrong(
                f"The city published other winners in envelope {code}: {by_code[code]['selected']} instead of {won}."
            )
        ways = check_channels(by_code[code], len(here), f" in envelope {code}")
        came = f" ({', '.join(f'{way} {n}' for way, n in sorted(ways.items()))})" if len(ways) > 1 else ""
        said.append(f"envelope {code}: {len(complete)} complete ballots{came}, counted by {envelope['rule']}")
        winners += won
        votes.update(numbers)
    return winners, votes, said


# --- questions: yes or no with a majority and a quorum, or grades ---

MAJORITIES = {
    "simple": lambda yes, no: yes > no,
    "two_thirds": lambda yes, no: yes > 0 and Fraction(yes, yes + no) >= Fraction(2, 3),
    "three_quarters": lambda yes, no: yes > 0 and Fraction(yes, yes + no) >= Fraction(3, 4),
}


def given_to(question, ballots):
    """By code of a line, how often each answer was given (from 1); and, for every ballot that answers the question, its answers.
    Where options are graded, one that such a ballot leaves out has the worst grade from it."""
    codes = [line["code"] for line in question["lines"]]
    most = question["grades"] if question["form"] == "grades" else 3
    found = {code: dict.fromkeys(range(1, most + 1), 0) for code in codes}
    for ballot in ballots:
        mine = {code: int(answer) for code, answer in ballot.items() if code in found}
        if mine:
            for code in codes:
                found[code][mine.get(code, 1)] += 1
    return found


def is_accepted(question, given, eligible):
    yes, no, abstain = (given[answer] for answer in (1, 2, 3))
    there = {"": 0, "yes": yes, "turnout": yes + no + abstain}[question["quorum"]]
    needed = Fraction(question["percent"] * eligible, 100) if question["quorum"] else 0
    return MAJORITIES[question["majority"]](yes, no) and there >= needed


def worth_of_grades(given):
    """The grades of an option in the order in which the middle one (of two the lower) is taken away, again and again."""
    line = [grade for grade in sorted(given) for _vote in range(given[grade])]
    low = (len(line) - 1) // 2
    high = low + 1
    upward = len(line) % 2 == 0
    order = line[low : low + 1]
    low -= 1
    # From the middle outwards: of an even number first the one above, of an odd number first the one below, then in turns.
    while low >= 0 or high < len(line):
        if (upward and high < len(line)) or low < 0:
            order.append(line[high])
            high += 1
        else:
            order.append(line[low])
            low -= 1
        upward = not upward
    return order


def count_questions(config, ballots):
    """(what was accepted or won, how often each answer was given: {"q01:1": 55})"""
    ballots = [dict(parted(choice)) for choice in ballots]
    winners, numbers, rankings = [], {}, {}
    for question in config["questions"]:
        given = given_to(question, ballots)
        numbers.update({f"{code}:{answer}": n for code, told in given.items() for answer, n in told.items()})
        if question["form"] == "yesno":
            code = question["code"]
            winners += [code] if is_accepted(question, given[code], config["eligible"]) else []
            continue
        tie = TIES[config["tie_rule"]]
        order = sorted(given, key=lambda code: tie(config, {"code": code, "cost": 0}))
        order.sort(key=lambda code: worth_of_grades(given[code]), reverse=True)
        rankings[question["code"]] = order
        winners += order[:1] if sum(given[order[0]].values()) else []
    return winners, numbers, rankings


def check_rankings(config, complete, told):
    rankings = count_questions(config, complete)[2]
    if rankings != told:
        raise Wrong(f"The city published another order of options: {told} instead of {rankings}.")
    return ["every question counted by itself; the order of all graded options is the published one"]


def count_again(config, ballots):
    """(the winners, the votes or points of every project, or how often each answer was given)"""
    if config.get("kind") == "answers":
        if config["rule"] != "each_question":
            raise Wrong(f"This program cannot count by the rule {config['rule']!r}.")
        return count_questions(config, ballots)[:2]
    rules = RULES.get(config.get("kind", "approval"), {})
    if config["rule"] not in rules:
        raise Wrong(f"This program cannot count by the rule {config['rule']!r}.")
    count = Count(config, ballots)
    winners = rules[config["rule"]](count)
    if config.get("compares"):
        winners = held_against_votes(count, winners)[0]
    return winners, count.scores


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
    if kind == "answers":
        for choice in counting:
            check_answers(config, choice)
        return [choice for choice in counting if choice]
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


def check_answers(config, choice):
    """Every line is there, answered once, with an answer that can be given to it."""
    most = {
        line["code"]: question.get("grades", 3)
        for question in config["questions"]
        for line in question["lines"]
    }
    given = parted(choice)
    if len({code for code, _answer in given}) != len(given) or any(code not in most for code, _ in given):
        raise Wrong("A ballot answers a question twice, or one that is not there.")
    if any(answer not in range(1, most[code] + 1) for code, answer in given):
        raise Wrong("A ballot gives an answer that cannot be given.")


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
    parts = {}
    if board["config"].get("envelopes"):
        parts = ballots_in_envelopes(board["config"], counting)
        complete = []
        superseded = len(leaves) - len(counting)
        said.append(f"{len(counting)} ballots in {len(parts)} envelopes; {superseded} leaves were superseded")
    else:
        complete = check_ballots(board["config"], counting)
        said.append(
            f"{len(counting)} ballots, {len(complete)} of them complete; {len(leaves) - len(counting)} leaves were superseded"
        )
    said += check_lot(board["config"])
    if board["config"].get("kind") == "answers":
        said += check_rankings(board["config"], complete, board["result"]["rankings"])
    if board["config"].get("compares"):
        said += check_comparison(board["config"], complete, board["result"].get("comparison"))
    if parts:
        winners, votes, more = count_envelopes(board["config"], parts, board["result"]["envelopes"])
        said += more
    else:
        winners, votes = count_again(board["config"], complete)
    if board["result"]["ballots"] != len(counting):
        raise Wrong(
            f"The city says that {board['result']['ballots']} people voted; on the board are {len(counting)} ballots."
        )
    check_channels(board["result"], len(counting))
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


def tell_answers(config, found):
    """Every question with its numbers, and what was accepted or won."""
    for question in config["questions"]:
        print(f"{question['code']}  {question['text'].get('en') or question['text'].get('de', '')}")
        for line in question["lines"]:
            won = line["code"] in found["winners"]
            start = f"{line['code']}:"
            told = [str(n) for code, n in found["votes"].items() if code.startswith(start)]
            if question["form"] == "yesno":
                print(
                    f"  {'ACCEPTED' if won else 'not accepted'}  yes {told[0]}, no {told[1]}, abstained {told[2]}"
                )
            else:
                name = line["text"].get("en") or line["text"].get("de", "")
                print(
                    f"  {'WON' if won else '   '}  {name}: from the worst grade to the best {' '.join(told)}"
                )


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
        elif board["config"].get("kind") == "answers":
            tell_answers(board["config"], found)
        else:
            names = {project["code"]: project.get("title", "") for project in board["config"]["projects"]}
            unit = "votes" if board["config"].get("kind", "approval") == "approval" else "points"
            print("Winners:")
            for code in found["winners"]:  # of envelopes the letter stands before the number
                print(f"  {code}  {names[code]}  ({found['votes'][code]} {unit})")
    return 0 if found["winners"] is not None else 2


if __name__ == "__main__":
    sys.exit(main())
