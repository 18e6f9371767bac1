"""What would have had a project chosen that was not: more votes, more money in the budget, or a lower cost. Exact, or nothing.

    result = count("phragmen_x", profile, 1000)
    needed(profile, result)["bench"].votes      # so many more people who choose only the bench, and no fewer

Each figure holds with everything else as it is, and one less of it would not have been enough. Where more of a thing can also
do harm, or finding out would take too long, there is no figure.

- **votes**: going down a list, more votes only bring a project further up. Where everybody saves, people who choose only
  this project only bring its turn nearer. With equal shares one more voter makes everybody's share smaller: no figure.
- **money**: going down a list the order stays, and where everybody saves the turns stay, so there it is the sum at which
  the count gets as far. With equal shares a larger budget can also take a project away: no figure.
- **cost**: a lower cost never harms a project, unless shares are raised (Add1), which may then end earlier. There the figure
  is kept only when counting again says so, at the figure and at one cent more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from proposals.ballots.tally.amounts import Amount, whole_if_possible
from proposals.ballots.tally.greedy import density_of, money_needed
from proposals.ballots.tally.rules import count
from proposals.ballots.tally.scores import totals
from proposals.ballots.tally.ties import LOWEST_COST_THEN_ID, TieRule
from proposals.ballots.tally.types import Outcome, Profile, Project, TallyResult

CENT = Fraction(1, 100)
# Counting again for every project that was not chosen: only while (groups of ballots) x (projects) is at most this, and under
# Add1, which counts many times itself, at most that.
MOST, MOST_RAISED = 1_000_000, 20_000


@dataclass(frozen=True, slots=True)
class Needed:
    """So many more votes or points, so much more money, or at most this cost; None where there is no figure."""

    votes: int | None = None
    money: Amount | None = None
    cost: Amount | None = None


def needed(
    profile: Profile,
    result: TallyResult,
    *,
    tie_rule: TieRule = LOWEST_COST_THEN_ID,
) -> dict[str, Needed]:
    """By project that was not chosen, what would have had it chosen. `result` is the count of this profile."""
    losers = {loser.project for loser in result.not_selected}
    projects = {project.id: project for project in profile.projects}
    if result.rule == "greedy_cost":
        return {
            loser.project: Needed(loser.votes_needed, loser.money_needed) for loser in result.not_selected
        }
    if result.rule.startswith("greedy"):
        return _on_a_list(profile, result, tie_rule)
    if result.rule == "phragmen_x":
        return _saving(profile, result, tie_rule)
    recount = _Recount(profile, result, tie_rule)
    found = {}
    for id, most in _dearest(profile, result, losers, tie_rule).items():
        found[id] = Needed(cost=recount.proven(projects[id], most))
    return found


# --- going down a list ---


def _on_a_list(profile: Profile, result: TallyResult, tie_rule: TieRule) -> dict[str, Needed]:
    scores, projects = totals(profile), {project.id: project for project in profile.projects}
    turns = result.rounds
    money = money_needed([projects[turn.project] for turn in turns], result.budget, turns)
    found = {}
    for turn in turns:
        if turn.outcome is Outcome.FUNDED:
            continue
        project = projects[turn.project]

        def is_ahead(score: Amount, cost: Amount, rival: str, id: str = turn.project) -> bool:
            """Whether it would stand before this rival, with so many votes and at this cost."""
            mine, other = Project(id, cost), projects[rival]
            one, two = density_of(score, cost), density_of(scores[rival], other.cost)
            return one > two or (one == two and tie_rule.key(mine) < tie_rule.key(other))

        # Without it the turns are the same. It has to stand before the last turn in which there was enough for it.
        rivals = [other for other in turns if other.project != turn.project]
        enough = [other for other in rivals if other.left_before >= project.cost and other.cost]
        votes = None
        if enough:
            rival, mine = enough[-1], scores[turn.project]
            level = Fraction(rival.votes) / rival.cost * project.cost  # as many for its cost as the rival
            votes = int(max(1, -((mine - level) // 1)))
            votes += 0 if is_ahead(mine + votes, project.cost, rival.project) else 1
        found[turn.project] = Needed(
            votes, money.get(turn.project), _dearest_on_a_list(project, rivals, result.left, is_ahead, scores)
        )
    return found


def _dearest_on_a_list(
    project: Project,
    rivals: Sequence[Any],
    left: Amount,
    is_ahead: Callable[[Amount, Amount, str], bool],
    scores: Mapping[str, Amount],
) -> Amount:
    """The highest cost, in cents, with which it fits when its turn comes: before one of the rivals, or at the very end."""
    best = _cents(left)
    for rival in rivals:
        low, high = best, min(_cents(rival.left_before), _below(project.cost))
        while low < high:  # the cheaper it is, the further up it stands
            middle = low + ((high - low) // CENT + 1) // 2 * CENT
            if is_ahead(scores[project.id], middle, rival.project):
                low = middle
            else:
                high = middle - CENT
        best = max(best, low)
    return whole_if_possible(best)


def _cents(amount: Amount) -> Fraction:
    """Rounded down to whole cents."""
    return Fraction(amount) // CENT * CENT


def _below(amount: Amount) -> Fraction:
    """The next sum of whole cents below."""
    lower = _cents(amount)
    return lower if lower < amount else lower - CENT


# --- saving together ---


def _saving(profile: Profile, result: TallyResult, tie_rule: TieRule) -> dict[str, Needed]:
    """Phragmén: as long as it is not bought, nobody else's turn depends on it."""
    from proposals.ballots.tally.phragmen import Turn, turns_of

    turns: list[Turn] = list(turns_of(profile, tie_rule, told=True))
    bought = len(result.selected)
    projects = {project.id: project for project in profile.projects}
    found = {}
    for loser in result.not_selected:
        project = projects[loser.project]
        found[project.id] = Needed(
            _more_savers(project, turns[: bought + 1], bought, result, tie_rule),
            _budget_until(project.id, turns, result.budget),
            _dearest_saved(project, turns[: bought + 1], bought, result, tie_rule),
        )
    return found


def _budget_until(id: str, turns: Sequence[Any], budget: Amount) -> Amount | None:
    """So much more money that the count gets as far as its turn: every turn on the way has to fit, and its equals too."""
    spent, wanted = Fraction(0), Fraction(0)
    for turn in turns:
        wanted = max(wanted, spent + max(project.cost for project in turn.equals))
        if turn.equals[0].id == id:
            return whole_if_possible(wanted - budget)
        spent += turn.equals[0].cost
    return None


def _states(turns: Sequence[Any], bought: int, budget: Amount) -> Iterable[tuple[Any, Fraction, bool]]:
    """Each turn before its purchase, with the money that is left, and whether the count went on after it."""
    left = Fraction(budget)
    for number, turn in enumerate(turns):
        yield turn, left, number < bought
        left -= turn.equals[0].cost


def _wins_level(project: Project, turn: Any, left: Fraction, tie_rule: TieRule) -> bool:
    """Whether it is bought when its moment is exactly that of this turn."""
    first = min((project, *turn.equals), key=tie_rule.key)
    return first.id == project.id and all(each.cost <= left for each in (project, *turn.equals))


def _more_savers(
    project: Project, turns: Sequence[Any], bought: int, result: TallyResult, tie_rule: TieRule
) -> int | None:
    found = []
    for turn, left, _went_on in _states(turns, bought, result.budget):
        if project.cost > left:
            break
        saved, votes = turn.saved[
            project.id
        ]  # the sum of the moments its voters last bought at; how many they are
        if not turn.moment:
            continue
        level = (project.cost + saved) / turn.moment - votes
        more = max(0, -(-level // 1))
        if more == level and not _wins_level(project, turn, left, tie_rule):
            more += 1
        if votes + more:
            found.append(int(more))
    last = turns[-1] if len(turns) > bought else None
    if last is None:  # nobody else was left to buy: whoever has a voter buys in the end
        left = Fraction(result.budget) - sum((turn.equals[0].cost for turn in turns), Fraction(0))
        if project.cost <= left:
            found.append(1)
    return min((more for more in found if more > 0), default=None)


def _dearest_saved(
    project: Project, turns: Sequence[Any], bought: int, result: TallyResult, tie_rule: TieRule
) -> Amount | None:
    best: Fraction | None = None
    for turn, left, _went_on in _states(turns, bought, result.budget):
        saved, votes = turn.saved[project.id]
        if not votes:
            return None
        level = turn.moment * votes - saved
        most = min(_cents(level), _cents(left))
        if most == level and not _wins_level(
            replace(project, cost=whole_if_possible(most)), turn, left, tie_rule
        ):
            most -= CENT
        if most >= 0:
            best = most if best is None else max(best, most)
    return None if best is None else whole_if_possible(best)


# --- paying with shares ---


def _dearest(
    profile: Profile, result: TallyResult, losers: set[str], tie_rule: TieRule
) -> dict[str, Fraction | None]:
    """By loser, the highest cost at which its voters would have paid for it, with the share everybody had in the end."""
    from proposals.ballots.tally import shares

    electorate = shares.Electorate(
        profile, tie_rule, by_cost=result.rule not in ("mes_card", "mes_cum", "mes_borda")
    )
    number = {project.id: place for place, project in enumerate(electorate.projects)}
    wanted = [number[id] for id in losers if electorate.weight[number[id]]]
    found = shares.dearest(electorate, Fraction(result.each or 0), wanted)
    at_the_end = {turn.project: turn.left_before for turn in result.rounds if turn.pot == "completion"}
    told: dict[str, Fraction | None] = {}
    for id in losers:
        ways = [found[number[id]]] if number[id] in found else []
        if id in at_the_end:
            ways.append(Fraction(at_the_end[id]))
        told[id] = max(ways, default=None)
    return told


class _Recount:
    """The same count with another cost of one project."""

    def __init__(self, profile: Profile, result: TallyResult, tie_rule: TieRule) -> None:
        self.profile, self.result, self.tie_rule = profile, result, tie_rule
        self.raised = result.rule.startswith("add1")
        work = len(profile.ballots) * len(result.not_selected)
        self.small = work <= (MOST_RAISED if self.raised else MOST)

    def chooses(self, project: Project, cost: Fraction) -> bool:
        changed = tuple(
            replace(each, cost=whole_if_possible(cost)) if each.id == project.id else each
            for each in self.profile.projects
        )
        profile = replace(self.profile, projects=changed)
        again = count(self.result.rule, profile, self.result.budget, tie_rule=self.tie_rule)
        return project.id in again.selected

    def proven(self, project: Project, most: Fraction | None) -> Amount | None:
        """The figure in whole cents. At a tie, and under Add1 always, a second count says whether it is right."""
        if most is None or not self.small:
            return None
        cost = min(_cents(most), _below(project.cost))
        if cost < 0:
            return None
        if self.chooses(project, cost):
            above = cost + CENT
            if self.raised and above < project.cost and self.chooses(project, above):
                return None
            return whole_if_possible(cost)
        if self.raised:
            return None
        # Level with another one down to a lower cost: the tie rule says from where on.
        low, high = Fraction(0), cost
        if not self.chooses(project, low):
            return None
        while high - low > CENT:
            middle = low + (high - low) // CENT // 2 * CENT
            low, high = (middle, high) if self.chooses(project, middle) else (low, middle)
        return whole_if_possible(low)
