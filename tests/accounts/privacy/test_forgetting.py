"""Being forgotten: complete, in time, and everything that is counted stays right (REQ-27, REQ-42)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from accounts.actions import close_account
from accounts.erasing import is_forgotten
from accounts.models import Person
from accounts.privacy import exporting, forgetting, tombstones
from accounts.privacy.everything import everything_about
from accounts.privacy.models import Erasure, Export
from accounts.privacy.scan import scan
from cocreation import erasing
from cocreation.models import Attachment, Contribution, RoleGrant
from groundwork.answer import Refused
from groundwork.datamap import pointers
from groundwork.jobs.models import Job
from groundwork.journal.models import Entry
from proposals.models import Authorship, Proposal, Revision, Support
from tests.accounts.privacy.whole import NOT_REACHED, put_everywhere, standing, words_of
from tests.visits import Reader, addresses, client_of, in_turn

REMOVE, ANONYMISE = Erasure.Way.REMOVE, Erasure.Way.ANONYMISE
ADDRESS, NAME = "amina@example.org", "Amina Yıldız"


@pytest.fixture(autouse=True)
def files(tmp_path, settings):
    settings.PRIVATE_DIR = str(tmp_path / "private")
    settings.TOMBSTONES_FILE = str(tmp_path / "stones" / "erasures.jsonl")


def forget(person, way, at):
    erasure = forgetting.ask(person=person, way=way, at=at)
    forgetting.run(erasure.pk)
    erasure.refresh_from_db()
    return erasure


def numbers() -> dict[str, object]:
    """What the city counts and decided."""
    with connection.cursor() as cursor:
        found: dict[str, object] = {}
        for name, query in {
            "tallies": "select vote_id, result::text, input_hash from ballots_tally order by 1",
            "board": "select id, leaf, opening from ballots_boardleaf order by 1",
            "ballots": "select id, choice from ballots_castballot order by 1",
            "slots": "select tag, choice from ballots_slot order by 1",
            "supports": "select proposal_id, count(*) from proposals_support group by 1 order by 1",
            "opinions": "select commitment_id, value, count(*) from feedback_opinion group by 1, 2 order by 1, 2",
            "designs": "select variant_id, choice, count(*) from variants_preference group by 1, 2 order by 1, 2",
            "helpful": "select answer_id, yes, count(*) from feedback_helpful group by 1, 2 order by 1, 2",
            "entitled": "select process_id, count(*) from cocreation_eligibility group by 1 order by 1",
        }.items():
            cursor.execute(query)
            found[name] = [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in cursor]
        return found


@pytest.mark.parametrize("way", [REMOVE, ANONYMISE])
def test_a_person_in_every_table_takes_all_along_and_is_forgotten_and_everything_is_still_right(world, way):
    """Show 5: what is asked of the whole."""
    amina = world.amina
    pages = list(addresses(world, "de"))
    client_of(world, "amina").get("/de/me/")  # a session of hers
    RoleGrant.objects.filter(person=amina).delete()
    # What her neighbours said is hers now: something of every kind.
    neighbours = [world.jonas, world.ines]
    hers = Authorship.objects.filter(person=amina).values("proposal")
    Authorship.objects.filter(person__in=neighbours).exclude(proposal__in=hers).update(person=amina)
    Contribution.objects.filter(author__in=neighbours).update(author=amina)
    reached, missed = put_everywhere(amina, world.now)
    RoleGrant.objects.filter(person=amina).update(ended_at=world.now - timedelta(days=1))
    assert not set(missed) - NOT_REACHED.keys(), "the world has no such row: build one"
    assert len(reached) > 100

    # All of it is in the copy.
    copy = everything_about(amina)
    assert {name.rsplit(".", 1)[0] for name in reached} <= copy.keys()

    going, staying = erasing.of_person(amina)
    written = words_of(going)
    kept = words_of(set(Contribution.objects.exclude(pk__in=going).values_list("pk", flat=True)))
    files = {path for row in Attachment.objects.filter(contribution__in=going) for path in row.paths()}
    kinds = set(Contribution.objects.filter(pk__in=going).values_list("kind", flat=True))
    assert kinds >= {"proposal", "comment", "amendment", "annotation"}
    assert len(going) > 8 and len(written) > 20 and len(files) > 1 and staying
    before, entries = numbers(), list(Entry.objects.order_by("id").values())
    keys = {
        model._meta.label: model._base_manager.count()
        for model, _field, note in pointers()
        if note.erase != "row"
    }

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            transaction, "on_commit", lambda done, **more: done() if "_erase_all" in repr(done) else None
        )
        erasure = forget(amina, way, world.now)

    # Nothing is left: not the address, not the name, no pointer, no session, no word, no file.
    assert (erasure.found, erasure.needles, erasure.things) == ({}, [], [])
    assert erasure.done_at is not None and erasure.done_at < erasure.due_at
    assert scan([ADDRESS, NAME]) == {}
    assert standing(amina) == []
    row = Person.objects.get(pk=amina.pk)
    assert is_forgotten(row) and not row.has_usable_password()
    assert (row.public_name, row.about, row.place, row.last_login, row.minor_until) == (
        "",
        "",
        "",
        None,
        None,
    )
    assert not any(s.get_decoded().get("_auth_user_id") == str(amina.pk) for s in Session.objects.all())
    if way == REMOVE:
        assert scan(word for word in written if not any(word in each for each in kept)) == {}
        assert not any(default_storage.exists(path) for path in files)
        gone = Contribution.objects.filter(pk__in=going)
        assert {(c.author_id, c.is_public, bool(c.erased_at)) for c in gone} == {(None, False, True)}
    else:
        assert all(default_storage.exists(path) for path in files)
        assert set(Contribution.objects.filter(pk__in=going).values_list("erased_at", flat=True)) == {None}
        assert words_of(going) == written

    # Every count and result is what it was; nothing of the chain was touched; no row went that had to stay.
    assert numbers() == before
    assert list(Entry.objects.filter(pk__lte=entries[-1]["id"]).order_by("id").values()) == entries
    if way == ANONYMISE:
        assert {label: keys[label] for label in keys if label not in ROWS_GO} == {
            model._meta.label: model._base_manager.count()
            for model, _field, note in pointers()
            if note.erase != "row" and model._meta.label not in ROWS_GO
        }
    for proposal in Proposal.objects.filter(is_public=True):
        assert proposal.supports == Support.objects.filter(proposal=proposal).count(), proposal.title
    _lists_agree(world)

    # Every page opens, and none says who it was; looked at once, where most has changed.
    with Reader(client_of(world, "visitor"), "visitor") as reader:
        opened = list(in_turn(pages, reader.visit)) if way == REMOVE else []
    for seen in opened:
        assert seen.status < 500, str(seen)
        assert NAME not in seen.body and ADDRESS not in seen.body, str(seen)


# Tables whose rows also go for another reason than their pointers that stay; the ledger of consents grows by what is taken back.
ROWS_GO = {"accounts.Membership", "accounts.Verification", "cocreation.RoleGrant", "cocreation.Training",
           "cocreation.GroupMembership", "cocreation.PendingAct", "cocreation.Process_contacts", "privacy.Consent",
           "cocreation.IncomingPackage", "privacy.Erasure", "webhooks.Webhook"}  # fmt: skip


def _lists_agree(world):
    """Lists and the numbers beside them speak of the same proposals; counters are what is there."""
    from cocreation.conversation.counts import recount
    from cocreation.conversation.models import Comment
    from proposals.counts import counts_of

    recount(list(Entry.objects.filter(verb="contribution.erased")))
    for process in world.processes.values():
        if process.is_published:
            assert counts_of(process).total() == Proposal.objects.public(process).count(), process.slug
    for proposal in Proposal.objects.filter(is_public=True):
        there = Comment.objects.filter(on=proposal.pk, is_public=True).count()
        if proposal.comments:
            assert proposal.comments == there, proposal.title


# --- one by one ---


def test_what_was_voted_on_or_written_with_others_or_promised_stays_without_a_name(world):
    going, staying = erasing.of_person(world.amina)
    assert world.proposals["voting0"].pk not in going
    assert world.proposals["answering0"].pk not in going
    assert {str(words) for words, n in staying if n} and sum(n for _words, n in staying) + len(going) == (
        Contribution.objects.filter(author=world.amina, erased_at=None).count()
    )
    forget(world.amina, REMOVE, world.now)
    kept = Contribution.objects.get(pk=world.proposals["voting0"].pk)
    assert (kept.author, kept.erased_at, kept.is_public) == (None, None, True)
    assert Revision.objects.filter(proposal=kept.pk).exclude(title="–").exists()


def test_the_page_says_beforehand_what_goes_and_what_stays(world, sign_in):
    going, staying = forgetting.preview(world.amina)
    page = sign_in(world.amina).get("/en/me/data/close/").content.decode()
    assert re.search(rf"\b{going} contributions? can be removed\.", page)
    for _words, n in staying:
        assert str(n) in page
    assert staying


def test_removing_is_chosen_on_the_page_and_done_by_the_job(world, sign_in):
    form = {"email": ADDRESS, "way": "remove"}
    answer = sign_in(world.amina).post("/de/me/data/close/", form, HTTP_SEC_FETCH_SITE="same-origin")
    assert answer.status_code == 200
    erasure = Erasure.objects.get(person_key=world.amina.pk)
    assert erasure.way == REMOVE and erasure.due_at - erasure.asked_at == timedelta(hours=24)
    assert not EmailAddress.objects.filter(user=world.amina).exists()
    assert Job.objects.get(kind="erasure", key=str(erasure.pk)).state == "waiting"
    # The task was lost: the sweep finds what is undone.
    forgetting.sweep(erasure.asked_at + timedelta(minutes=6))
    erasure.refresh_from_db()
    assert erasure.done_at is not None
    assert Job.objects.get(kind="erasure", key=str(erasure.pk)).state == "done"


def test_who_works_for_the_city_is_not_forgotten_while_they_do_and_nothing_changes(world):
    before = scan(["Olga Brandt"])
    with pytest.raises(Refused):
        forgetting.ask(person=world.olga, way=REMOVE, at=world.now)
    assert scan(["Olga Brandt"]) == before
    assert not Erasure.objects.exists()


def test_an_account_that_closes_in_another_way_is_forgotten_too(world):
    close_account(person=world.jonas, at=world.now)
    erasure = Erasure.objects.get(person_key=world.jonas.pk)
    assert erasure.way == ANONYMISE and erasure.needles == ["jonas@example.org", "Jonas Petersen"]


def test_an_address_in_an_invitation_of_somebody_else_goes(world):
    from proposals.models import Authorship

    hand = Authorship.objects.filter(person__isnull=False).first()
    Authorship.objects.filter(pk=hand.pk).update(email="jonas@example.org")
    forget(world.jonas, ANONYMISE, world.now)
    assert Authorship.objects.get(pk=hand.pk).email == ""


def test_a_copy_that_waits_goes_with_its_file(world, tmp_path):
    export = exporting.ask(person=world.amina, at=world.now)
    exporting.make(export.pk)
    assert list((tmp_path / "private").iterdir())
    forget(world.amina, ANONYMISE, world.now)
    assert not list((tmp_path / "private").iterdir()) and not Export.objects.exists()


def test_what_others_wrote_is_counted_and_told_to_staff_not_deleted(world):
    comment = world.comments["question"]
    type(comment).objects.filter(pk=comment.pk).update(text=f"Danke, {NAME}!")
    erasure = forget(world.amina, REMOVE, world.now)
    assert erasure.found == {"conversation_comment.text": 1}
    assert erasure.done_at is not None


# --- the proof itself ---


@pytest.mark.parametrize("hidden", ["table", "json", "bytes", "media", "archive", "session"])
def test_the_scan_finds_what_is_hidden_anywhere(world, hidden, tmp_path, settings):
    """A scan that finds nothing proves something only if it would have found it."""
    import io
    import zipfile

    needle = "Ünübersehbar Şahin"
    if hidden == "table":
        Revision.objects.filter(pk=Revision.objects.first().pk).update(body=f"… {needle.lower()} …")
    elif hidden == "json":
        Job.objects.filter(pk=world.job.pk).update(result={"who": [needle]})
    elif hidden == "bytes":
        from proposals.cowriting.models import SharedDraft

        SharedDraft.objects.filter(pk=SharedDraft.objects.first().pk).update(snapshot=needle.encode())
    elif hidden == "media":
        default_storage.save("files/zz/probe", ContentFile(needle.encode()))
    elif hidden == "archive":
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("word/document.xml", needle)
        default_storage.save("files/zz/probe", ContentFile(packed.getvalue()))
    else:
        session = client_of(world, "jonas").session
        session["who"] = needle
        session.save()
    try:
        assert len(scan([needle])) == (2 if hidden == "archive" else 1)  # stored as it is, and opened
    finally:
        default_storage.delete("files/zz/probe")
    assert scan(["Ünübersehbar%Şahin"]) == {}


# --- a restored copy ---


def test_a_restored_copy_forgets_again_before_it_serves_anybody(world):
    """The transaction that is undone is the backup that is restored; the file of tombstones lies beside the database."""
    with transaction.atomic():
        forget(world.amina, REMOVE, world.now)
        transaction.set_rollback(True)
    assert Person.objects.get(pk=world.amina.pk).email == ADDRESS
    assert [person.pk for _stone, person in forgetting.outstanding()] == [world.amina.pk]
    with pytest.raises(CommandError):
        call_command("replay_erasures", check=True)
    # In the copy she had a role; that does not keep her in it.
    RoleGrant.objects.create(person=world.amina, role="moderator", starts=world.now - timedelta(days=9))
    call_command("replay_erasures", verbosity=0)
    assert forgetting.outstanding() == []
    assert scan([ADDRESS, NAME]) == {}
    assert Erasure.objects.get(person_key=world.amina.pk).way == REMOVE
    assert len(list(tombstones.read())) == 1


def test_a_server_with_erasures_to_replay_is_not_ready(world, client):
    assert client.get("/readyz").status_code == 200
    tombstones.put(key=world.amina.pk, mark=tombstones.mark_of(world.amina), way=REMOVE, at=world.now)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["erasures_to_replay"]) == (503, 1)
    forgetting.replay(world.now)
    assert client.get("/readyz").status_code == 200


def test_a_restore_forgets_by_itself_and_stays_closed_while_somebody_is_back(world):
    from groundwork.backup.hooks import Manifest, checks, steps

    tombstones.put(key=world.amina.pk, mark=tombstones.mark_of(world.amina), way=REMOVE, at=world.now)
    manifest = Manifest(made_at=world.now)
    assert checks.get("tombstones").run(manifest) == [f"person {world.amina.pk} was forgotten and is back"]
    assert steps.get("tombstones").run(world.now).startswith("1 ")
    assert checks.get("tombstones").run(manifest) == []
    assert scan([ADDRESS, NAME]) == {}


def test_whoever_got_the_same_key_later_is_not_forgotten(world):
    tombstones.put(key=world.jonas.pk, mark=tombstones.mark_of(world.amina), way=REMOVE, at=world.now)
    assert forgetting.outstanding() == []
    assert forgetting.replay(world.now) == 0
    assert Person.objects.get(pk=world.jonas.pk).is_active


def test_a_line_that_was_cut_off_spoils_no_other(world, settings):
    mark = tombstones.mark_of(world.amina)
    assert tombstones.put(key=1, mark=mark, way=REMOVE, at=world.now)
    with open(settings.TOMBSTONES_FILE, "a") as file:
        file.write('{"key": 2, "ma')
    assert tombstones.put(key=3, mark=mark, way=REMOVE, at=world.now)
    assert not tombstones.put(key=3, mark=mark, way=REMOVE, at=world.now)
    assert [stone.key for stone in tombstones.read()] == [1, 3]
