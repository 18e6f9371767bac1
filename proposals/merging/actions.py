"""The only place where proposals are joined and separated; grouped are they in cluster_actions.py.

Locks are always taken in the same order: the merge, the contributions by key, the proposals by key. So two merges, a
withdrawal, a hiding and a support that arrives in the same second wait for each other and nothing is lost between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from cocreation.actions import bring_contribution_back, set_contribution_aside
from cocreation.models import Contribution, Follow
from groundwork.answer import No, Refused, require
from groundwork.journal import api as journal
from proposals.actions import Wording, move_stage, put_revision
from proposals.merging import rules
from proposals.merging.models import OPEN_FOR, ClusterMember, JointText, Merge, MergePart
from proposals.models import Authorship, Proposal, Revision, Stage, Support

if TYPE_CHECKING:
    from accounts.models import Person

ROOM_FOR_A_BODY = 10_000


class TextOvertaken(Exception):
    """Somebody changed the joint text meanwhile. `newest` is what stands now; nothing was changed."""

    def __init__(self, newest: JointText) -> None:
        super().__init__(f"version {newest.version} stands")
        self.newest = newest


# --- the table ---


@transaction.atomic
def propose_merge(
    *, target: Proposal, sources: Sequence[Proposal], by: Person, at: datetime, as_writer_of: Proposal
) -> Merge:
    """Invite the writers of several proposals to make one of them. `target` would be the living page.

    `as_writer_of` is the one from whose page it is proposed. The joint text begins as all texts under each other.
    """
    wanted = {proposal.pk for proposal in (target, *sources)}
    locked = _locked_proposals(wanted)
    require(rules.may_propose_merge(by, locked[as_writer_of.pk], at))
    if as_writer_of.pk not in wanted:
        raise Refused(No(_("Choose at least one other proposal.")))
    require(rules.are_enough(list(locked.values())))
    for proposal in locked.values():
        require(rules.may_join(proposal))
    process = locked[target.pk].process
    try:
        with transaction.atomic():
            merge = Merge.objects.create(process=process, proposed_by=by, proposed_at=at)
            for key in (target.pk, *sorted(wanted - {target.pk})):
                role = MergePart.Role.TARGET if key == target.pk else MergePart.Role.SOURCE
                MergePart.objects.create(merge=merge, proposal=locked[key], role=role)
    except IntegrityError as error:
        if "merging_part_one_table" in str(error):
            raise Refused(No(_("One of these proposals is being joined with others already."))) from error
        raise
    texts = _newest_texts(wanted)
    first = texts[target.pk]
    JointText.objects.create(
        merge=merge, version=1, title=first.title, summary=first.summary, body=_draft(locked, texts, target.pk),
        read=_read(texts), by=by, at=at,
    )  # fmt: skip
    _record("merge.proposed", merge, locked[target.pk], by=by, at=at, tell=_writers(wanted))
    return Merge.objects.with_all().get(pk=merge.pk)


def _draft(proposals: dict[int, Proposal], texts: dict[int, Revision], target: int) -> str:
    """The text of the living page, then what each of the others says, under its number."""
    pieces = [texts[target].body.strip()]
    with override(proposals[target].language):
        for key in sorted(proposals.keys() - {target}):
            heading = gettext("From proposal %(number)s") % {"number": proposals[key].receipt}
            pieces.append(
                f"**{heading}: {texts[key].title}**\n\n{texts[key].summary}\n\n{texts[key].body.strip()}"
            )
    return "\n\n".join(pieces)[:ROOM_FOR_A_BODY]


@transaction.atomic
def change_text(*, merge: Merge, wording: Wording, by: Person, at: datetime, seen: int) -> JointText:
    """A new version of the joint text. `seen` is the version the writer worked on.

    Whoever agreed to an older one is asked again, and told. Raises `TextOvertaken` when somebody was quicker, and Refused
    when nothing was changed and nothing new was taken into account.
    """
    merge = _locked(merge)
    require(rules.sits_at(by, merge))
    if merge.version != seen:
        raise TextOvertaken(merge.text)
    read = _read(_newest_texts(part.proposal_id for part in merge.here))
    if merge.text.words == (wording.title, wording.summary, wording.body) and read == merge.text.read:
        raise Refused(No(_("Nothing was changed.")))
    agreed = {part.consented_by_id for part in merge.here if part.consented_to == merge.version}
    text = _put_text(merge, wording, read, by=by, at=at)
    leads = set(rules.leads_of(part.proposal_id for part in merge.here).values())
    tell = (agreed | leads) - {None, by.pk}
    _record("merge.text_changed", merge, merge.target.proposal, by=by, at=at, tell=tell, version=text.version)
    return text


def _put_text(
    merge: Merge, wording: Wording, read: dict[str, int], *, by: Person | None, at: datetime
) -> JointText:
    text = JointText(
        merge=merge, version=merge.version + 1, title=wording.title, summary=wording.summary, body=wording.body,
        read=read, by=by, at=at,
    )  # fmt: skip
    text.full_clean(exclude=["merge", "by", "read"])
    text.save(force_insert=True)
    merge.version = text.version
    merge.save(update_fields=["version"])
    merge.text = text
    return text


@transaction.atomic
def agree(*, merge: Merge, part: MergePart, by: Person, at: datetime, version: int) -> Merge:
    """The lead author of a part agrees to a version of the joint text. With the last one the proposals are joined.

    Agreeing again tries once more: when what stood in the way is gone.
    """
    merge = _locked(merge)
    part = _part(merge, part.pk)
    leads = rules.leads_of(part.proposal_id for part in merge.here)
    require(rules.may_agree(by, part, leads))
    if merge.version != version:
        raise TextOvertaken(merge.text)
    if not rules.has_agreed(part, version, leads):
        part.consented_by, part.consented_at, part.consented_to = by, at, version
        part.save(update_fields=["consented_by", "consented_at", "consented_to"])
        journal.record(
            "merge.agreed", by=by, on=part.proposal, process=merge.process_id, at=at, data={"merge": merge.pk}
        )
    _complete_when_ready(merge, by=by, at=at)
    return Merge.objects.with_all().get(pk=merge.pk)


@transaction.atomic
def decline(*, merge: Merge, part: MergePart, by: Person, at: datetime, reason: str) -> Merge:
    """The lead author of a part does not want it, and says why. The others can go on among themselves."""
    merge = _locked(merge)
    part = _part(merge, part.pk)
    require(rules.may_agree(by, part, rules.leads_of([part.proposal_id])))
    reason = reason.strip()
    if not reason:
        raise Refused(No(_("Please say why in a few words. The others read it.")))
    everybody = _writers(part.proposal_id for part in merge.here)
    part.declined_by, part.reason = by, reason[:500]
    _rise(merge, part, by=by, at=at)
    _record(
        "merge.declined", merge, merge.target.proposal, by=by, at=at, tell=everybody - {by.pk}, part=part.pk
    )
    return merge


@transaction.atomic
def go_on_without(*, merge: Merge, part: MergePart, by: Person, at: datetime) -> Merge:
    """Leave out a part that cannot be joined now: withdrawn, taken off the pages, on the ballot, without a lead."""
    merge = _locked(merge)
    part = _part(merge, part.pk)
    require(rules.may_steer(by, merge))
    if part.is_target:
        raise Refused(
            No(_("All others would live on at this page. End this and propose it anew with another one."))
        )
    if not rules.obstacle(part, rules.leads_of([part.proposal_id])):
        raise Refused(No(_("Nothing stands in the way of this part. Its lead author decides.")))
    everybody = _writers(part.proposal_id for part in merge.here)
    _rise(merge, part, by=by, at=at)
    _record(
        "merge.went_on", merge, merge.target.proposal, by=by, at=at, tell=everybody - {by.pk}, part=part.pk
    )
    return merge


def _rise(merge: Merge, part: MergePart, *, by: Person, at: datetime) -> None:
    """A part leaves the table. Who stays agrees anew: they would be joined with fewer than they said yes to."""
    part.left_at, part.is_open = at, False
    part.save()
    merge.__dict__.pop("here", None)
    if part.is_target or len(merge.here) < 2:
        _end(merge, Merge.State.DECLINED, at=at)
        return
    text = merge.text
    read = {str(left.proposal_id): text.read.get(str(left.proposal_id), 0) for left in merge.here}
    _put_text(merge, Wording(text.title, text.summary, text.body), read, by=text.by, at=at)


@transaction.atomic
def stop(*, merge: Merge, by: Person, at: datetime) -> Merge:
    """Whoever proposed it takes it back. Nothing happened to any proposal."""
    merge = _locked(merge)
    require(rules.may_stop(by, merge))
    _end(merge, Merge.State.DECLINED, at=at)
    tell = _writers(part.proposal_id for part in merge.here) - {by.pk}
    _record("merge.stopped", merge, merge.target.proposal, by=by, at=at, tell=tell)
    return merge


def expire(at: datetime, most: int = 200) -> int:
    """End what waited too long, each in its own transaction. Returns how many."""
    due = (
        Merge.objects.open()
        .filter(proposed_at__lte=at - OPEN_FOR)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    return sum(_expire(key, at) for key in list(due[:most]))


@transaction.atomic
def _expire(key: int, at: datetime) -> bool:
    merge = _locked(Merge(pk=key))
    if not merge.is_open or merge.until > at:
        return False
    _end(merge, Merge.State.EXPIRED, at=at)
    tell = _writers(part.proposal_id for part in merge.here)
    _record("merge.expired", merge, merge.target.proposal, by=None, at=at, tell=tell)
    return True


def _end(merge: Merge, state: str, *, at: datetime) -> None:
    merge.state, merge.ended_at = state, at
    merge.save()
    MergePart.objects.filter(merge=merge).update(is_open=False)


# --- joining ---


def _complete_when_ready(merge: Merge, *, by: Person, at: datetime) -> bool:
    """Join, if every lead agreed to this version and nothing stands in the way. What is not so is said on the page."""
    keys = [part.proposal_id for part in merge.here]
    contributions, proposals = _locked_contributions(keys), _locked_proposals(keys)
    leads, texts = rules.leads_of(keys), _newest_texts(keys)
    for part in merge.here:
        part.proposal = proposals[part.proposal_id]
        if not rules.has_agreed(part, merge.version, leads) or rules.obstacle(part, leads):
            return False
    if rules.overtaken(merge, {key: text.number for key, text in texts.items()}):
        return False
    _join(merge, contributions, texts, by=by, at=at)
    return True


def _join(
    merge: Merge,
    contributions: dict[int, Contribution],
    texts: dict[int, Revision],
    *,
    by: Person,
    at: datetime,
) -> None:
    target, sources = merge.target.proposal, merge.sources
    keys = [part.proposal_id for part in sources]
    numbers = ", ".join(part.proposal.receipt for part in sources)
    newest, text = texts[target.pk], merge.text
    tell = _writers([target.pk, *keys])
    merge.before = merge.after = newest.number
    if text.words != (newest.title, newest.summary, newest.body):
        with override(target.language):
            note = gettext("Joined with %(numbers)s") % {"numbers": numbers}
        put = put_revision(
            target, Wording(text.title, text.summary, text.body), by=text.by, at=at, seen=newest.number,
            note=note[:300], is_substantive=True,
        )  # fmt: skip
        merge.after = put.number
    _carry_authors(target.pk, keys, at)
    _carry_supports(target.pk, keys, at)
    _carry_follows(target.pk, keys, at)
    _carry_clusters(target.pk, keys, at)
    for part in sources:
        source = part.proposal
        part.stage_before = source.stage
        part.save(update_fields=["stage_before"])
        set_contribution_aside(contribution=contributions[source.pk], at=at)
        move_stage(
            source,
            Stage.MERGED,
            at=at,
            by=by,
            detail=target.receipt,
            data={"into": target.receipt, "merge": merge.pk},
        )
    Proposal.objects.filter(pk__in=keys).update(lives_in=target)
    _end(merge, Merge.State.COMPLETED, at=at)
    _record("merge.completed", merge, target, by=by, at=at, tell=tell, parts=len(sources) + 1)


def _carry_authors(target: int, sources: Sequence[int], at: datetime) -> None:
    """Everybody who wrote a part is an author of the whole, with the organisation they speak for. The lead stays."""
    there = Authorship.objects.filter(proposal=target, declined_at=None, left_at=None)
    known: set[int | None] = set(there.exclude(person=None).values_list("person", flat=True))
    standing = Authorship.objects.standing().exclude(person=None).filter(proposal__in=sources).order_by("pk")
    new: list[Authorship] = []
    for hand in standing:
        role = hand.role if hand.role == Authorship.Role.CONTRIBUTOR else Authorship.Role.AUTHOR
        if hand.person_id in known:
            # Somebody who was invited and has not answered: agreeing to the merge was the answer.
            there.filter(person=hand.person_id, accepted_at=None).update(accepted_at=at)
            continue
        known |= {hand.person_id}
        new.append(
            Authorship(
                proposal_id=target,
                person_id=hand.person_id,
                organisation_id=hand.organisation_id,
                role=role,
                invited_at=at,
                accepted_at=at,
            )
        )
    Authorship.objects.bulk_create(new)


def _carry_supports(target: int, sources: Sequence[int], at: datetime) -> None:
    """One support for everybody who supports a part and not yet the whole; each knows where it came from."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into proposals_support (proposal_id, person_id, at, via_id)
            select distinct on (person_id) %s, person_id, %s, proposal_id from proposals_support
            where proposal_id = any(%s) order by person_id, at, proposal_id
            on conflict do nothing
            """,
            [target, at, list(sources)],
        )
        carried = cursor.rowcount
    Proposal.objects.filter(pk=target).update(supports=F("supports") + carried)


def _carry_follows(target: int, sources: Sequence[int], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into cocreation_follow (person_id, contribution_id, at)
            select distinct person_id, %s::bigint, %s::timestamptz from cocreation_follow where contribution_id = any(%s)
            on conflict do nothing
            """,
            [target, at, list(sources)],
        )


def _carry_clusters(target: int, sources: Sequence[int], at: datetime) -> None:
    """The whole stands in every group one of its parts stood in."""
    standing = ClusterMember.objects.filter(removed_at=None, cluster__ended_at=None)
    there = set(standing.filter(proposal=target).values_list("cluster", flat=True))
    groups = dict(standing.filter(proposal__in=sources).order_by("pk").values_list("cluster", "added_by"))
    ClusterMember.objects.bulk_create(
        ClusterMember(cluster_id=cluster, proposal_id=target, added_by_id=by, added_at=at)
        for cluster, by in groups.items()
        if cluster not in there
    )


@transaction.atomic
def keep_support(*, merge: Merge, by: Person, at: datetime) -> None:
    """A supporter says that they support the joint proposal too: their support stays here whatever happens to the parts."""
    kept = Support.objects.filter(proposal=merge.target.proposal_id, person=by).update(renewed_at=at)
    if not kept:
        raise Refused(No(_("You do not support this proposal.")))


@transaction.atomic
def take_support_back(*, merge: Merge, by: Person, at: datetime) -> None:
    """A supporter of a part does not support the joint proposal. One press, until it is on a ballot, whatever the phase."""
    target = _locked_proposals([merge.target.proposal_id])[merge.target.proposal_id]
    require(rules.may_join(target))
    gone, _rows = Support.objects.filter(proposal=target, person=by).delete()
    if not gone:
        raise Refused(No(_("You do not support this proposal.")))
    Proposal.objects.filter(pk=target.pk).update(supports=F("supports") - gone)
    journal.record("support.withdrawn", by=by, on=target, process=merge.process_id, at=at)


# --- separating ---


@dataclass(frozen=True, slots=True)
class Separated:
    """What came of it: whether the living page has its earlier text again."""

    part: MergePart
    text_is_back: bool


@transaction.atomic
def split(*, part: MergePart, by: Person, at: datetime, reason: str = "") -> Separated:
    """A part stands for itself again, where it stood before, with the supports that had been carried from it.

    The living page gets its earlier text back if this was the last part and nobody changed the text since.
    """
    merge = _locked(part.merge)
    part = _part(merge, part.pk, gone=True)
    keys = [part.proposal_id, merge.target.proposal_id]
    contributions, proposals = _locked_contributions(keys), _locked_proposals(keys)
    source, target = proposals[keys[0]], proposals[keys[1]]
    part.proposal, merge.target.proposal = source, target
    leads = rules.leads_of([source.pk])
    newest = target.revisions.order_by("-number").first()
    assert newest is not None
    require(rules.may_split(by, part, leads, at, newest=newest.number))
    reason = reason.strip()[:500]
    if not reason and leads.get(source.pk) != by.pk:
        raise Refused(No(_("Please say why in a few words. The authors and supporters read it.")))
    others = list(Proposal.objects.filter(lives_in=target).exclude(pk=source.pk).values_list("pk", flat=True))
    tell = _writers([source.pk, target.pk])
    _take_supports_back(target.pk, source.pk, others)
    _take_authors_back(merge, target.pk, source.pk, others, at)
    _take_follows_back(merge, target.pk, source.pk, others)
    Proposal.objects.filter(pk=source.pk).update(lives_in=None)
    move_stage(
        source, part.stage_before, at=at, by=by, detail=target.receipt, data={"back": True, "merge": merge.pk}
    )
    bring_contribution_back(contribution=contributions[source.pk])
    part.split_at, part.split_by, part.split_reason = at, by, reason
    part.save(update_fields=["split_at", "split_by", "split_reason"])
    is_last = all(other.split_at for other in merge.sources if other.pk != part.pk)
    back = is_last and newest.number == merge.after != merge.before
    if back:
        _put_earlier_text(merge, target, newest, source, by=by, at=at)
    facts: dict[str, Any] = {"part": part.pk, "text_is_back": back}
    _record("merge.split", merge, target, by=by, at=at, tell=tell - {by.pk}, **facts)
    _record("merge.split", merge, source, by=by, at=at, tell=set(), **facts | {"own": True})
    return Separated(part, back)


def _put_earlier_text(
    merge: Merge, target: Proposal, newest: Revision, source: Proposal, *, by: Person, at: datetime
) -> None:
    earlier = target.revisions.get(number=merge.before or 0)
    with override(target.language):
        note = gettext("Separated from %(numbers)s: the earlier text again") % {"numbers": source.receipt}
    wording = Wording(earlier.title, earlier.summary, earlier.body)
    put_revision(target, wording, by=by, at=at, seen=newest.number, note=note[:300], is_substantive=True)


def _take_supports_back(target: int, source: int, others: Sequence[int]) -> None:
    """What was carried and not kept by a press goes back to where it came from. Who also supports another part that is
    still in the whole goes on supporting the whole, by way of that one."""
    carried = Support.objects.filter(proposal=target, via=source, renewed_at=None)
    elsewhere = (
        Support.objects.filter(proposal__in=others, person__in=carried.values("person"))
        .order_by("person", "at", "proposal")
        .distinct("person")
    )
    by_way_of: dict[int, list[int]] = {}
    for person, other in elsewhere.values_list("person", "proposal"):
        by_way_of.setdefault(other, []).append(person)
    for other, people in by_way_of.items():
        carried.filter(person__in=people).update(via=other)
    gone, _rows = carried.delete()
    Support.objects.filter(proposal=target, via=source).update(via=None)
    Proposal.objects.filter(pk=target).update(supports=F("supports") - gone)


def _take_authors_back(merge: Merge, target: int, source: int, others: Sequence[int], at: datetime) -> None:
    """Who came with the part leaves the whole, unless they lead it by now or wrote another part of it."""
    assert merge.ended_at is not None
    standing = Authorship.objects.standing()
    came = standing.filter(proposal=target, invited_at=merge.ended_at, accepted_at=merge.ended_at)
    came = came.filter(person__in=list(standing.filter(proposal=source).values_list("person", flat=True)))
    stays = list(standing.filter(proposal__in=others).exclude(person=None).values_list("person", flat=True))
    came.exclude(role=Authorship.Role.LEAD).exclude(person__in=stays).update(left_at=at)


def _take_follows_back(merge: Merge, target: int, source: int, others: Sequence[int]) -> None:
    assert merge.ended_at is not None
    there = list(Follow.objects.filter(contribution=source).values_list("person", flat=True))
    stays = list(Follow.objects.filter(contribution__in=others).values_list("person", flat=True))
    came = Follow.objects.filter(contribution=target, at=merge.ended_at, person__in=there)
    came.exclude(person__in=stays).delete()


# --- locks and rows ---


def _locked(merge: Merge) -> Merge:
    """The merge and its parts as they stand, for us alone: with the proposals, which a new merge may want at this moment."""
    Merge.objects.select_for_update().get(pk=merge.pk)
    keys = list(MergePart.objects.filter(merge=merge.pk).values_list("proposal", flat=True))
    _locked_contributions(keys)
    _locked_proposals(keys)
    return Merge.objects.with_all().get(pk=merge.pk)


def _part(merge: Merge, key: int, *, gone: bool = False) -> MergePart:
    part = next((part for part in (merge.everybody if gone else merge.here) if part.pk == key), None)
    if part is None:
        raise Refused(No(_("This proposal is not part of it any more.")))
    part.merge = merge
    return part


def _locked_contributions(keys: Iterable[int]) -> dict[int, Contribution]:
    return {
        found.pk: found
        for found in Contribution.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk")
    }


def _locked_proposals(keys: Iterable[int]) -> dict[int, Proposal]:
    found = Proposal.objects.select_for_update(of=("self",)).select_related("process", "contribution")
    return {proposal.pk: proposal for proposal in found.filter(pk__in=list(keys)).order_by("pk")}


def _newest_texts(keys: Iterable[int]) -> dict[int, Revision]:
    """The text of each proposal as it stands. One query."""
    found = (
        Revision.objects.filter(proposal__in=list(keys)).order_by("proposal", "-number").distinct("proposal")
    )
    return {revision.proposal_id: revision for revision in found}


def _read(texts: dict[int, Revision]) -> dict[str, int]:
    return {str(key): text.number for key, text in texts.items()}


def _writers(keys: Iterable[int]) -> set[int]:
    """Who writes these proposals, by key. One query."""
    people = Authorship.objects.writing().exclude(person=None).filter(proposal__in=list(keys))
    return set(people.values_list("person", flat=True))


def _record(
    verb: str, merge: Merge, on: Proposal, *, by: Person | None, at: datetime, tell: set[Any], **facts: Any
) -> None:
    journal.record(
        verb,
        by=by,
        on=on,
        process=merge.process_id,
        at=at,
        data={"merge": merge.pk, "row": merge.pk, "tell": sorted(tell), **facts},
    )


# --- people who leave ---


def leave(person: Person, at: datetime) -> None:
    """An account closes: what they proposed and agreed to stays, without their name. A part they led waits for a lead."""
    Merge.objects.filter(proposed_by=person).update(proposed_by=None)
    JointText.objects.filter(by=person).update(by=None)
    for name in ("consented_by", "declined_by", "split_by"):
        MergePart.objects.filter(Q(**{name: person})).update(**{name: None})
