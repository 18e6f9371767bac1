"""Whatever people do in whatever order: no support is lost, every number leads somewhere, every count agrees."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from accounts.models import Person
from groundwork.answer import Refused
from proposals.actions import Wording, support_proposal, withdraw_proposal, withdraw_support
from proposals.living import living_page_of
from proposals.merging import actions
from proposals.merging.models import Merge, MergePart
from proposals.models import Authorship, Proposal, Stage, Support
from quartier.builders import both, make_person, make_proposal
from tests import keepsake

PROPOSALS, PEOPLE = 4, 4
pick = st.integers(0, PROPOSALS - 1)
person = st.integers(0, PEOPLE - 1)


def machine(world) -> type[RuleBasedStateMachine]:
    class Town(RuleBasedStateMachine):
        """Four proposals, each with a lead of its own, and four supporters."""

        @initialize()
        def begin(self) -> None:
            self.block = transaction.atomic()
            self.block.__enter__()
            self.at: datetime = world.now
            self.writers = [make_person(f"writer{n}", f"Writer {n}") for n in range(PROPOSALS)]
            self.people = [make_person(f"crowd{n}", f"Crowd {n}") for n in range(PEOPLE)]
            self.keys = [
                make_proposal(
                    world.collecting,
                    by=writer,
                    place=world.village,
                    at=self.now(),
                    title=both(f"Idee {n}", f"Idea {n}"),
                ).pk
                for n, writer in enumerate(self.writers)
            ]
            # Who supports what, as people understand it: what they pressed and did not take back.
            self.wants: set[tuple[int, int]] = set()

        def teardown(self) -> None:
            if hasattr(self, "block"):
                transaction.set_rollback(True)
                self.block.__exit__(None, None, None)

        def now(self) -> datetime:
            self.at += timedelta(seconds=1)
            return self.at

        def fresh(self, n: int) -> Proposal:
            return Proposal.objects.select_related("process", "contribution").get(pk=self.keys[n])

        def tried(self, act, **words) -> bool:
            try:
                with transaction.atomic():
                    act(at=self.now(), **words)
            except (Refused, actions.TextOvertaken):
                return False
            return True

        def table(self, n: int) -> tuple[Merge, MergePart] | None:
            part = MergePart.objects.filter(proposal=self.keys[n], is_open=True).first()
            if part is None:
                return None
            merge = Merge.objects.with_all().get(pk=part.merge_id)
            return merge, next(each for each in merge.here if each.pk == part.pk)

        # --- what people do ---

        @rule(n=pick, who=person)
        def support(self, n: int, who: int) -> None:
            if self.tried(support_proposal, proposal=self.fresh(n), by=self.people[who]):
                self.wants.add((who, self.keys[n]))

        @rule(n=pick, who=person)
        def take_back(self, n: int, who: int) -> None:
            if self.tried(withdraw_support, proposal=self.fresh(n), by=self.people[who]):
                living = self.fresh(n)
                # Taking it back from the whole takes it back from its parts too, as long as they are in it.
                gone = {
                    key for key in self.keys if living_page_of(Proposal.objects.get(pk=key)).pk == living.pk
                }
                self.wants -= {(who, key) for key in gone}

        @rule(n=pick, others=st.sets(pick, min_size=1, max_size=3))
        def propose(self, n: int, others: set[int]) -> None:
            target = self.fresh(n)
            sources = [self.fresh(each) for each in others - {n}]
            self.tried(
                actions.propose_merge, target=target, sources=sources, by=self.writers[n], as_writer_of=target
            )

        @rule(n=pick)
        def everybody_agrees(self, n: int) -> None:
            if found := self.table(n):
                merge, _part = found
                for part in merge.here:
                    by = self.writers[self.keys.index(part.proposal_id)]
                    self.tried(actions.agree, merge=merge, part=part, by=by, version=merge.version)

        @rule(n=pick)
        def agree(self, n: int) -> None:
            if found := self.table(n):
                merge, part = found
                self.tried(actions.agree, merge=merge, part=part, by=self.writers[n], version=merge.version)

        @rule(n=pick, words=st.sampled_from(["eins", "zwei", "drei"]))
        def change(self, n: int, words: str) -> None:
            if found := self.table(n):
                wording = Wording(f"Gemeinsam {words}", words, words)
                merge = found[0]
                self.tried(
                    actions.change_text, merge=merge, wording=wording, by=self.writers[n], seen=merge.version
                )

        @rule(n=pick)
        def decline(self, n: int) -> None:
            if found := self.table(n):
                merge, part = found
                self.tried(actions.decline, merge=merge, part=part, by=self.writers[n], reason="Nein.")

        @rule(n=pick)
        def withdraw(self, n: int) -> None:
            self.tried(withdraw_proposal, proposal=self.fresh(n), by=self.writers[n])

        @rule(n=pick)
        def split(self, n: int) -> None:
            part = MergePart.objects.filter(
                proposal=self.keys[n], merge__state="completed", split_at=None, role="source", left_at=None
            ).last()
            if part is not None:
                self.tried(actions.split, part=part, by=self.writers[n])
                self.read_again()

        @rule(n=pick)
        def leave(self, n: int) -> None:
            Authorship.objects.filter(person=self.writers[n]).update(left_at=self.now())
            actions.leave(self.writers[n], self.now())

        def read_again(self) -> None:
            """Who took it back from a whole sees their old support on the part again, as the page says."""
            kept = Support.objects.filter(person__in=self.people, proposal__is_public=True)
            numbers = {each.pk: n for n, each in enumerate(self.people)}
            self.wants |= {(numbers[who], key) for who, key in kept.values_list("person", "proposal")}

        # --- what is always true ---

        @invariant()
        def nothing_is_lost(self) -> None:
            if not hasattr(self, "keys"):
                return
            found = {each.pk: each for each in Proposal.objects.filter(pk__in=self.keys)}
            rows = set(Support.objects.filter(proposal__in=self.keys).values_list("person", "proposal"))
            for who, key in self.wants:
                living = living_page_of(found[key])
                if living.is_public:
                    assert (self.people[who].pk, living.pk) in rows
            for proposal in found.values():
                living = living_page_of(proposal)
                assert living.lives_in_id is None
                assert living.is_public or living.stage == Stage.WITHDRAWN
                assert (proposal.stage == Stage.MERGED) == (proposal.lives_in_id is not None)
                assert proposal.supports == sum(key == proposal.pk for _who, key in rows)
                numbers = list(proposal.revisions.order_by("number").values_list("number", flat=True))
                assert numbers == list(range(1, len(numbers) + 1))
                leads = proposal.authorships.standing().filter(role="lead").count()
                left = proposal.authorships.filter(role="lead", left_at__isnull=False).exists()
                assert leads == 1 or (leads == 0 and left)
            open_parts = MergePart.objects.filter(is_open=True).values_list("proposal", flat=True)
            assert len(open_parts) == len(set(open_parts))

    return Town


@pytest.mark.django_db
def test_whatever_people_do_no_support_is_lost_and_every_number_leads_somewhere(world):
    run_state_machine_as_test(
        machine(world),
        settings=settings(
            max_examples=12,
            stateful_step_count=20,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db(transaction=True)
def test_supports_that_arrive_while_two_become_one_are_all_counted_on_the_living_page():
    """Twenty people press and ten take back in the second in which the last lead agrees, each on their own connection."""
    world = keepsake.world()
    target, source = (
        make_proposal(
            world.collecting, by=by, place=world.village, at=world.now, title=both(f"Idee {n}", f"Idea {n}")
        )
        for n, by in enumerate((world.jonas, world.ines))
    )
    people = [make_person(f"racer{n}", f"Racer {n}") for n in range(30)]
    for each in people[:10]:
        support_proposal(proposal=source, by=each, at=world.now)
    merge = actions.propose_merge(
        target=target, sources=[source], by=world.jonas, at=world.now, as_writer_of=target
    )
    actions.agree(merge=merge, part=merge.target, by=world.jonas, at=world.now, version=1)
    start = threading.Barrier(len(people) + 1)
    did: dict[Any, Any] = {}

    def press(number: int) -> None:
        try:
            by = Person.objects.get(pk=people[number].pk)
            found = Proposal.objects.select_related("process").get(pk=source.pk)
            found.process.line  # noqa: B018 - everything read before the start
            start.wait(timeout=60)
            act = withdraw_support if number < 10 else support_proposal
            act(proposal=found, by=by, at=world.now)
            did[number] = True
        except Refused:
            did[number] = False
        except Exception as error:  # a thread has no other way to tell
            did[number] = repr(error)
        finally:
            connections.close_all()

    def join() -> None:
        try:
            start.wait(timeout=60)
            part = next(part for part in merge.here if not part.is_target)
            did["join"] = actions.agree(merge=merge, part=part, by=world.ines, at=world.now, version=1).state
        except Exception as error:
            did["join"] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(n,)) for n in range(len(people))]
    threads.insert(15, threading.Thread(target=join))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert did.pop("join") == "completed"
    assert set(did.values()) <= {True, False}
    wanted = {people[n].pk for n, done in did.items() if (done if n >= 10 else not done)}
    living, part = Proposal.objects.get(pk=target.pk), Proposal.objects.get(pk=source.pk)
    assert set(living.supports_rows.values_list("person", flat=True)) == wanted
    assert living.supports == len(wanted) and part.supports == part.supports_rows.count() == len(wanted)
