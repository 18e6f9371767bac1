"""Ten people at the same four proposals in the same second, whatever they do: no version, no support and no proposal gets lost.

Each of the ten has a connection of their own and does one thing a round; all begin at one signal. What they do is drawn
by hypothesis, so the mixtures are not those somebody thought of.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Person
from groundwork.answer import Refused
from proposals.actions import Overtaken, Wording, support_proposal, withdraw_proposal, withdraw_support
from proposals.amendments import actions as suggesting
from proposals.amendments.models import Amendment, Decision
from proposals.amendments.passages import Passage
from proposals.living import living_page_of
from proposals.merging import actions as merging
from proposals.merging.models import Merge, MergePart
from proposals.models import Proposal, Revision, Stage, Support
from quartier.builders import both, make_person, make_proposal
from tests import keepsake
from tests.world import World

WRITERS, READERS = 4, 6
LINES = [f"Satz {n}: so soll es hier einmal aussehen." for n in range(READERS)]
BODY = "\n\n".join(LINES)

proposal = st.integers(0, WRITERS - 1)
WRITER_DOES = ["propose"] * 3 + ["agree"] * 5 + ["accept"] * 3 + ["change", "decline", "refuse", "withdraw"]
READER_DOES = ["support"] * 2 + ["suggest"] * 2 + ["take_back"]
as_writer = st.tuples(st.sampled_from(WRITER_DOES), proposal)
as_reader = st.tuples(st.sampled_from(READER_DOES), proposal)
a_round = st.tuples(*[as_writer] * WRITERS, *[as_reader] * READERS)


class Town:
    """Four proposals with a lead each, six readers, and what all of them were told had happened."""

    def __init__(self, world: World, number: int) -> None:
        self.at: datetime = world.now
        names = [f"w{number}-{n}" for n in range(WRITERS)] + [f"r{number}-{n}" for n in range(READERS)]
        self.people = [make_person(name, f"Person {name}") for name in names]
        self.keys = [
            make_proposal(
                world.collecting, by=by, place=world.village, at=self.at,
                title=both(f"Idee {number}-{n}", f"Idea {number}-{n}"), body=both(BODY, BODY),
            ).pk
            for n, by in enumerate(self.people[:WRITERS])
        ]  # fmt: skip
        self.wants: set[tuple[int, int]] = set()
        self.accepted: set[int] = set()
        self.turn = 0

    def play(self, acts: tuple[tuple[str, int], ...]) -> None:
        """One round: all at once. Whatever fails in another way than by a refusal in words fails the test."""
        self.turn += 1
        self.at += timedelta(seconds=60)
        start = threading.Barrier(len(acts))
        told: list[Any] = [None] * len(acts)

        def run(who: int, act: str, n: int) -> None:
            try:
                by = Person.objects.get(pk=self.people[who].pk)
                do = getattr(self, act)(who, by, n)
                start.wait(timeout=60)
                told[who] = do() if do else False
            except (Refused, merging.TextOvertaken, Overtaken):
                told[who] = False
            except Exception as error:  # a thread has no other way to tell
                told[who] = repr(error)
                start.abort()
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=(who, *act)) for who, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
        broken = [(act, said) for act, said in zip(acts, told, strict=True) if isinstance(said, str)]
        assert not broken, broken
        self.remember(acts, told)

    def remember(self, acts: tuple[tuple[str, int], ...], told: list[Any]) -> None:
        for who, ((act, n), done) in enumerate(zip(acts, told, strict=True)):
            if act == "support" and done:
                self.wants.add((self.people[who].pk, self.keys[n]))
            elif act == "take_back" and done:
                # Before or after the parts became one: either way this person may have none left.
                self.wants = {each for each in self.wants if each[0] != self.people[who].pk}
            elif act == "accept" and done:
                self.accepted.add(done)

    # --- what each can do: everything is read before the signal, as a page is before a button is pressed ---

    def fresh(self, n: int) -> Proposal:
        found = Proposal.objects.select_related("process", "contribution").get(pk=self.keys[n])
        found.process.line  # noqa: B018 - everything read before the start
        return found

    def table(self, n: int) -> tuple[Merge, MergePart] | None:
        part = MergePart.objects.filter(proposal=self.keys[n], is_open=True).first()
        if part is None:
            return None
        merge = Merge.objects.with_all().get(pk=part.merge_id)
        return merge, next(each for each in merge.here if each.pk == part.pk)

    def support(self, _who: int, by: Person, n: int) -> Callable[[], bool]:
        found = self.fresh(n)
        return lambda: bool(support_proposal(proposal=found, by=by, at=self.at)) or True

    def take_back(self, _who: int, by: Person, n: int) -> Callable[[], bool]:
        found = self.fresh(n)
        return lambda: bool(withdraw_support(proposal=found, by=by, at=self.at)) or True

    def suggest(self, who: int, by: Person, n: int) -> Callable[[], bool] | None:
        """Each reader has a sentence of their own, so that what one puts in never is what another changes."""
        found, line = self.fresh(n), LINES[who - WRITERS]
        newest = found.revisions.order_by("-number").first()
        place = newest.body.find(line)
        if place < 0:
            return None
        suggestion = suggesting.Suggestion(
            Passage("body", place, place + len(line)), f"{line} Und {self.turn}-{who}.", "Besser."
        )
        return lambda: bool(
            suggesting.publish_amendment(
                proposal=found, revision=newest, suggestion=suggestion, by=by, at=self.at
            )
        )

    def propose(self, who: int, by: Person, n: int) -> Callable[[], bool] | None:
        if n == who:
            return None
        target, source = self.fresh(who), self.fresh(n)
        return lambda: bool(
            merging.propose_merge(target=target, sources=[source], by=by, at=self.at, as_writer_of=target)
        )

    def agree(self, who: int, by: Person, _n: int) -> Callable[[], bool] | None:
        if (found := self.table(who)) is None:
            return None
        merge, part = found
        return lambda: bool(merging.agree(merge=merge, part=part, by=by, at=self.at, version=merge.version))

    def change(self, who: int, by: Person, _n: int) -> Callable[[], bool] | None:
        if (found := self.table(who)) is None:
            return None
        merge, seen = found[0], found[0].version
        wording = Wording("Gemeinsam", f"Runde {self.turn}", BODY)
        return lambda: bool(merging.change_text(merge=merge, wording=wording, by=by, at=self.at, seen=seen))

    def decline(self, who: int, by: Person, _n: int) -> Callable[[], bool] | None:
        if (found := self.table(who)) is None:
            return None
        merge, part = found
        return lambda: bool(merging.decline(merge=merge, part=part, by=by, at=self.at, reason="Nein."))

    def _waiting(self, who: int) -> Amendment | None:
        return (
            Amendment.objects.filter(proposal=self.keys[who], is_public=True, decision__isnull=True)
            .select_related("contribution")
            .first()
        )

    def accept(self, who: int, by: Person, _n: int) -> Callable[[], int] | None:
        if (found := self._waiting(who)) is None:
            return None
        seen = Revision.objects.filter(proposal=found.proposal_id).count()
        return lambda: suggesting.accept_amendment(amendment=found, by=by, at=self.at, seen=seen).amendment_id

    def refuse(self, who: int, by: Person, _n: int) -> Callable[[], bool] | None:
        if (found := self._waiting(who)) is None:
            return None
        return lambda: bool(suggesting.decline_amendment(amendment=found, by=by, at=self.at, reason="Nein."))

    def withdraw(self, who: int, by: Person, n: int) -> Callable[[], bool] | None:
        if n:  # one in four tries: who withdraws ends the game for everybody at this proposal
            return None
        found = self.fresh(who)
        return lambda: bool(withdraw_proposal(proposal=found, by=by, at=self.at)) or True

    # --- what holds after every round ---

    def holds(self) -> None:
        found = {each.pk: each for each in Proposal.objects.filter(pk__in=self.keys)}
        rows = set(Support.objects.filter(proposal__in=self.keys).values_list("person", "proposal"))
        for who, key in self.wants:
            living = living_page_of(found[key])
            if living.is_public:
                assert (who, living.pk) in rows, "a support is lost"
        for each in found.values():
            self._stands(each, rows)
        open_parts = list(
            MergePart.objects.filter(is_open=True, proposal__in=self.keys).values_list("proposal", flat=True)
        )
        assert len(open_parts) == len(set(open_parts)), "a proposal sits at two tables"
        decided = list(
            Decision.objects.filter(amendment__proposal__in=self.keys).values_list("amendment", flat=True)
        )
        assert len(decided) == len(set(decided)), "a suggestion was decided twice"
        for key in self.accepted:
            amendment = Amendment.objects.select_related("decision__revision").get(pk=key)
            assert amendment.new in amendment.decision.revision.body, "an accepted wording is in no version"
            joined = MergePart.objects.filter(
                proposal=amendment.proposal_id, merge__state="completed"
            ).exists()
            if not joined:
                newest = Revision.objects.filter(proposal=amendment.proposal_id).order_by("-number").first()
                tokens = amendment.new.rpartition(" Und ")[2]
                later = Amendment.objects.filter(
                    proposal=amendment.proposal_id,
                    contribution__author=amendment.contribution.author_id,
                    pk__in=self.accepted,
                )
                assert tokens in newest.body or later.count() > 1, (
                    "a later version has swallowed an accepted wording"
                )

    def _stands(self, each: Proposal, rows: set[tuple[int, int]]) -> None:
        living = living_page_of(each)
        assert living.lives_in_id is None and (living.is_public or living.stage == Stage.WITHDRAWN)
        assert (each.stage == Stage.MERGED) == (each.lives_in_id is not None)
        assert each.supports == sum(key == each.pk for _who, key in rows), "a counter does not agree"
        numbers = list(each.revisions.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1)), "a version is missing"
        assert each.authorships.standing().filter(role="lead").count() == 1, "an orphan"


@pytest.mark.django_db(transaction=True)
def test_whatever_ten_people_do_in_the_same_second_nothing_is_lost():
    world = keepsake.world()
    played: dict[str, int] = {"towns": 0, "joined": 0, "accepted": 0}

    # What threads do depends on the moment: a smaller example of a failure would be another one.
    @settings(
        max_examples=4,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(a_round, min_size=8, max_size=8))
    def play(rounds: list[tuple[tuple[str, int], ...]]) -> None:
        played["towns"] += 1
        town = Town(world, played["towns"])
        for acts in rounds:
            town.play(acts)
            town.holds()
        played["accepted"] += len(town.accepted)
        played["joined"] += MergePart.objects.filter(proposal__in=town.keys, merge__state="completed").count()

    play()
    # Otherwise the rounds proved nothing.
    assert played["accepted"] and played["joined"], played
