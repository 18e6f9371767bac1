"""Files beside contributions: who sees them, how they are sent, when they go."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from accounts.actions import close_account
from cocreation import files, pending
from cocreation.actions import hide_contribution, restore_contribution
from cocreation.files import Listed
from cocreation.models import Attachment
from groundwork.answer import Refused
from proposals.actions import withdraw_proposal
from tests.worlds.files import add_picture, picture_bytes

pytestmark = pytest.mark.django_db


def get(client, file, query="", **how):
    return client.get(f"/en/files/{file.key}/{query}", **how)


def there(file) -> bool:
    return all(default_storage.exists(path) for path in file.paths())


def document(world, by=None, name="liste.txt", content=b"Drei Baenke."):
    draft = files.new_draft()
    return files.add_document(draft=draft, file=io.BytesIO(content), name=name, by=by, at=world.now)


# --- giving out ---


def test_a_picture_is_sent_as_what_it_is_and_kept_by_readers_alone(world, sign_in):
    response = get(sign_in(None), world.files["fountain"])
    assert response.status_code == 200 and response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        "sandbox" in response["Content-Security-Policy"]
        and "script" not in response["Content-Security-Policy"]
    )
    assert response["Cache-Control"] == "private, max-age=86400, immutable"
    assert b"".join(response.streaming_content)[8:12] == b"WEBP"
    again = get(sign_in(None), world.files["fountain"], headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_a_document_is_only_ever_a_download(world, sign_in):
    draft = files.new_draft()
    added = files.add_document(
        draft=draft, file=io.BytesIO(b"x"), name='../a"b\r\nSet-Cookie: x.txt', by=world.amina, at=world.now
    )
    contribution = world.fountain.contribution
    files.settle(
        contribution=contribution, draft=draft, listed=[Listed(added.key)], by=world.amina, at=world.now
    )
    response = get(sign_in(None), added)
    assert response["Content-Disposition"].startswith("attachment; filename=") and response[
        "Content-Type"
    ].startswith("text/plain")
    assert "\n" not in response["Content-Disposition"] and "/" not in response["Content-Disposition"]
    assert "sandbox" in response["Content-Security-Policy"] and "Set-Cookie" not in response.headers


def test_of_what_is_not_public_no_file_is_given_out(world, sign_in):
    for who in (None, "amina", "clara"):
        client = sign_in(world.people[who] if who else None)
        for which in ("hidden", "withdrawn", "erased", "draft", "planned"):
            assert get(client, world.files[which]).status_code == 404


def test_the_author_sees_their_own_and_no_cache_keeps_it(world, sign_in):
    response = get(sign_in(world.jonas), world.files["hidden"])
    assert response.status_code == 200 and response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    assert get(sign_in(world.jonas), world.files["erased"]).status_code == 404


def test_what_is_taken_off_the_pages_is_not_sent_from_that_moment_also_not_as_unchanged(world, sign_in):
    file, contribution = world.files["fountain"], world.fountain.contribution
    etag = get(sign_in(None), file)["ETag"]
    hide_contribution(contribution=contribution, by=world.mo, at=world.now, rule="r", reason="x")
    assert get(sign_in(None), file, headers={"if-none-match": etag}).status_code == 404
    restore_contribution(contribution=contribution, by=world.mo, at=world.now)
    assert get(sign_in(None), file).status_code == 200
    withdraw_proposal(proposal=world.fountain, by=world.amina, at=world.now)
    assert get(sign_in(None), file).status_code == 404


def test_what_waits_is_seen_by_who_uploaded_it_or_holds_the_draft(world, sign_in):
    unknown = document(world)
    assert get(sign_in(None), unknown).status_code == 404
    assert get(sign_in(world.amina), unknown).status_code == 404
    assert get(sign_in(None), unknown, "?draft=guessed").status_code == 404
    assert get(sign_in(None), unknown, f"?draft={unknown.draft}")["Cache-Control"] == "private, no-store"
    assert get(sign_in(world.jonas), world.files["waiting"]).status_code == 200
    assert get(sign_in(world.amina), world.files["waiting"]).status_code == 404


def test_a_width_that_is_not_there_becomes_the_next_one(world, sign_in):
    for asked in ("400", "1", "99999", "x", "²"):
        assert get(sign_in(None), world.files["fountain"], f"?w={asked}").status_code == 200


# --- taking in ---


def test_files_of_somebody_elses_contribution_or_draft_cannot_be_taken(world):
    mine, other = world.fountain.contribution, world.files["waiting"]
    hidden = world.files["hidden"]
    kept = files.settle(
        contribution=mine, draft="", by=world.amina, at=world.now,
        listed=[Listed(world.files["fountain"].key, "Ein Brunnen"), Listed(other.key, "x"), Listed(hidden.key, "x")],
    )  # fmt: skip
    assert [row.key for row in kept] == [world.files["fountain"].key]
    other.refresh_from_db()
    hidden.refresh_from_db()
    assert other.contribution is None and hidden.contribution_id == world.hidden.pk


def test_a_picture_needs_words_for_those_who_do_not_see_it(world):
    draft = files.new_draft()
    added = files.add_picture(
        draft=draft, file=io.BytesIO(picture_bytes()), name="a.png", by=world.amina, at=world.now
    )
    with pytest.raises(Refused) as refused:
        files.settle(
            contribution=world.fountain.contribution, draft=draft, listed=[Listed(added.key, "  ")], by=world.amina,
            at=world.now,
        )  # fmt: skip
    assert refused.value.answer is files.NEEDS_ALT
    assert list(world.fountain.contribution.attachments.all()) == [world.files["fountain"]]


def test_the_order_of_the_list_is_the_order_of_the_files_and_what_is_not_listed_goes(
    world, django_capture_on_commit_callbacks
):
    contribution, first = world.fountain.contribution, world.files["fountain"]
    second = add_picture(contribution, world, "Zweites")
    files.settle(
        contribution=contribution, draft="", by=world.amina, at=world.now,
        listed=[Listed(second.key, "Zweites"), Listed(first.key, "Erstes")],
    )  # fmt: skip
    assert list(contribution.attachments.values_list("alt", flat=True)) == ["Zweites", "Erstes"]
    with django_capture_on_commit_callbacks(execute=True):
        files.settle(
            contribution=contribution,
            draft="",
            by=world.amina,
            at=world.now,
            listed=[Listed(second.key, "Z")],
        )
        assert there(first)
    assert not there(first) and there(second)


def test_there_is_room_for_six_pictures_and_five_documents(world):
    draft = files.new_draft()
    for _n in range(files.DOCUMENTS):
        files.add_document(draft=draft, file=io.BytesIO(b"x"), name="a.txt", by=None, at=world.now)
    with pytest.raises(Refused) as refused:
        files.add_document(draft=draft, file=io.BytesIO(b"x"), name="a.txt", by=None, at=world.now)
    assert refused.value.answer is files.ENOUGH_DOCUMENTS
    with pytest.raises(Refused) as refused:
        files.add_picture(
            draft=draft, file=io.BytesIO(picture_bytes()), name="a.png", by=None, at=world.now,
            beside=files.PICTURES,
        )  # fmt: skip
    assert refused.value.answer is files.ENOUGH_PICTURES


def test_people_without_a_name_cannot_fill_the_store(world, monkeypatch):
    monkeypatch.setattr(files, "UNKNOWN", 1)
    document(world)
    with pytest.raises(Refused):
        document(world)
    document(world, by=world.amina)


def test_what_is_refused_leaves_no_row_and_no_bytes(world):
    rows, bytes_ = Attachment.objects.count(), _all_bytes()
    with pytest.raises(Refused):
        document(world, content=b"<svg onload=alert(1)>", name="x.svg")
    assert (Attachment.objects.count(), _all_bytes()) == (rows, bytes_)


def test_a_full_disk_is_said_in_words_and_leaves_nothing_half(world, monkeypatch):
    rows, bytes_ = Attachment.objects.count(), _all_bytes()
    save, stored = default_storage.save, list[str]()

    def save_the_first(name, content, *args, **kwargs):
        if stored:
            raise OSError(28, "No space left on device")
        stored.append(name)
        return save(name, content, *args, **kwargs)

    monkeypatch.setattr(default_storage, "save", save_the_first)
    with pytest.raises(Refused) as refused:
        files.add_picture(
            draft=files.new_draft(),
            file=io.BytesIO(picture_bytes(size=(900, 600))),
            name="a.png",
            by=None,
            at=world.now,
        )
    assert refused.value.answer is files.NOT_STORED
    assert len(stored) == 1  # the first of its sizes, which went again
    assert (Attachment.objects.count(), _all_bytes()) == (rows, bytes_)


def _all_bytes() -> set[str]:
    folders = default_storage.listdir(files.FOLDER)[0]
    return {name for folder in folders for name in default_storage.listdir(f"{files.FOLDER}/{folder}")[1]}


# --- deleting ---


def test_what_nobody_handed_in_goes_after_seven_days(world, django_capture_on_commit_callbacks):
    file = document(world)
    with django_capture_on_commit_callbacks(execute=True):
        files.sweep(world.now + timedelta(days=6))
    assert there(file) and Attachment.objects.filter(pk=file.pk).exists()
    with django_capture_on_commit_callbacks(execute=True):
        files.sweep(world.now + timedelta(days=7))
    assert not there(file) and not Attachment.objects.filter(pk=file.pk).exists()


def test_what_belongs_to_an_act_that_waits_stays_as_long_as_the_act(world):
    file = document(world)
    payload = {"title": "x", "files": files.to_payload(file.draft, [Listed(file.key)])}
    act = pending.keep("propose", payload, process=None, at=world.now)
    act.expires_at = world.now + timedelta(days=30)
    act.save()
    files.sweep(world.now + timedelta(days=20))
    assert Attachment.objects.filter(pk=file.pk).exists()
    files.sweep(world.now + timedelta(days=31))
    assert not Attachment.objects.filter(pk=file.pk).exists()


def test_files_of_what_was_erased_and_bytes_without_a_row_are_swept(
    world, django_capture_on_commit_callbacks
):
    erased, lost = world.files["erased"], world.files["draft"]
    Attachment.objects.filter(pk=lost.pk).delete()
    with django_capture_on_commit_callbacks(execute=True):
        files.sweep(world.now + timedelta(hours=2))
    assert not there(erased) and there(lost)
    files.sweep(world.now + timedelta(days=2))
    assert not there(lost) and there(world.files["fountain"])


def test_closing_an_account_deletes_what_was_never_handed_in_and_keeps_what_was(
    world, django_capture_on_commit_callbacks
):
    waiting = world.files["waiting"]
    with django_capture_on_commit_callbacks(execute=True):
        close_account(person=world.jonas, at=world.now)
    assert not there(waiting)
    assert there(world.files["hidden"])


def test_a_deletion_that_is_rolled_back_deletes_no_bytes(world, django_capture_on_commit_callbacks):
    from django.db import transaction

    class Stop(Exception):
        pass

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(Stop), transaction.atomic():
        files.remove_of(world.fountain.contribution)
        raise Stop
    assert there(world.files["fountain"])
