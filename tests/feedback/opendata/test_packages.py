"""A process travels as data: out of one city and into an empty one nothing is lost, and nothing is in it that a visitor does not
see (REQ-59, REQ-58)."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone, translation
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from accounts.actions import close_account
from accounts.models import Person
from cocreation.actions import hide_contribution
from cocreation.conversation.actions import CommentText, insert_comment
from cocreation.conversation.models import Summary
from cocreation.conversation.talks import Talk
from cocreation.data_package import records
from cocreation.models import Contribution, Process
from devtools.paths import ROOT
from feedback import actions
from feedback.opendata import packages, packing
from feedback.opendata.models import ProcessPackage
from groundwork.jobs.models import Job
from proposals.counts import rebuild_supports
from proposals.models import Proposal
from quartier.builders import both
from tests import keepsake
from tests.visits import undone
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]
DAY = timedelta(days=1)
SCHEMA = ROOT / "docs" / "participation-data-package-1.schema.json"


def packed(process: Process) -> bytes:
    out = io.BytesIO()
    packing.write(process, out, at=timezone.now())
    return out.getvalue()


def opened(content: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        about = json.loads(package.read(packing.ABOUT))
        return about, [json.loads(line) for line in package.read(packing.RECORDS).splitlines()]


def repacked(
    content: bytes, change: Callable[[list[bytes]], list[bytes]], about: dict[str, Any] | None = None
) -> bytes:
    """The same package with other lines, and a manifest that agrees with them."""
    manifest, _lines = opened(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        lines = change(package.read(packing.RECORDS).splitlines())
    raw = b"\n".join(lines) + b"\n"
    manifest |= {"sha256": hashlib.sha256(raw).hexdigest()} | (about or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(packing.ABOUT, json.dumps(manifest))
        package.writestr(packing.RECORDS, raw)
    return out.getvalue()


def without_fresh_ids(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Numbers of contributions and of people by the order in which they come: those are new in every city."""
    known: dict[str, str] = {}

    def again(found: re.Match[str]) -> str:
        return known.setdefault(found[0], f"#{len(known)}")

    # In the order of the lines; what is pointed at comes before what points.
    text = re.sub(r'(?<=")(\d{4}-\d{4,}|p[0-9a-f]{20})(?=")', again, json.dumps(lines, sort_keys=True))
    found: list[dict[str, Any]] = json.loads(text)
    return found


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def enrich(world: World) -> None:
    """What the process has not met yet: a conversation, a delay, money, news, a project nobody may see any more, many supports."""
    at, talk = (
        timezone.now(),
        Talk(on=Contribution.objects.select_related("process").get(pk=world.answering0.pk)),
    )
    thread = None
    for text, by in (("Mit Lehne, <bitte>!", world.jonas), ("Ja.", world.amina)):
        under = Contribution(kind="comment", process=world.answering, author=by, created_at=at, language="de")
        under.publish(at)
        under.save()
        said = insert_comment(under, talk, CommentText(text, stance="for"), by=by, thread=thread)
        thread = thread or said
    words = both("Hoppla", "Oops")
    Summary.objects.create(
        process=world.answering,
        on=talk.on,
        at=at,
        closes=True,
        office=world.parks,
        text_de="Gut.",
        text_en="Good.",
    )
    promise = world.commitments["answering0"]
    actions.delay_commitment(
        commitment=promise, new_due=promise.due + 9 * DAY, reason=words, by=world.olga, at=at
    )
    actions.spend(
        commitment=promise, amount=Decimal("12.50"), what_for=words, day=at.date(), by=world.olga, at=at
    )
    actions.post_update(commitment=promise, text=words, by=world.olga, at=at)
    actions.hand_over(commitment=promise, to=world.money, reason=words, by=world.olga, at=at)
    Proposal.objects.filter(pk=world.answering0.pk).update(supports=17)
    hide_contribution(
        contribution=world.answering1.contribution, by=world.mo, at=at, rule="Respekt", reason="Nein."
    )


@pytest.fixture(scope="module")
def elsewhere(django_db_setup: None, django_db_blocker: Any) -> bytes:
    """The package of the richest process of another city, of which nothing is left here."""
    with django_db_blocker.unblock(), undone():
        world = keepsake.world()
        enrich(world)
        return packed(world.answering)


def take_over(content: bytes, folder: Path) -> tuple[Process, bool]:
    folder.mkdir(exist_ok=True)
    path = folder / "package.zip"
    path.write_bytes(content)
    return packing.take_over(path, at=timezone.now())


def test_out_of_one_city_into_an_empty_one_and_out_again_is_the_same(
    elsewhere: bytes, tmp_path: Path
) -> None:
    about, lines = opened(elsewhere)
    kinds = {line["type"] for line in lines}
    assert kinds == {each.type for each in records}
    assert not Process.objects.exists()
    process, new = take_over(elsewhere, tmp_path)
    assert new
    assert process.is_published
    _about, again = opened(packed(process))
    assert without_fresh_ids(again) == without_fresh_ids(lines)
    assert about["counts"] == _about["counts"]
    # Counts stay right when they are made anew, and nobody can be told from them.
    rebuild_supports()
    assert Proposal.objects.get(process=process, supports__gt=0).supports == 17
    assert not Person.objects.filter(is_guest=False).exists()
    # The same file a second time changes nothing.
    same, new = take_over(elsewhere, tmp_path)
    assert (same, new) == (process, False)
    assert Process.objects.count() == 1


def test_the_pages_of_a_process_that_was_taken_over_show_it(elsewhere: bytes, tmp_path: Path, client: Any) -> None:  # fmt: skip
    process, _new = take_over(elsewhere, tmp_path)
    for path in ("", "result/", "proposals/"):
        response = client.get(f"/de/processes/{process.slug}/{path}")
        assert response.status_code == 200, path
    benches = Proposal.objects.get(process=process, title="Bänke an der Aue")
    page = client.get(benches.get_absolute_url()).content.decode()
    assert "Amina Yıldız" in page
    assert "Wir haben es geprüft." in page


BROKEN: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "no JSON": (lambda lines: [*lines[:3], b"{", *lines[4:]], "line 4"),
    "unknown kind": (lambda lines: [lines[0].replace(b'"office"', b'"tax"', 1), *lines[1:]], "line 1: type: “tax”"),
    "a name twice": (lambda lines: [b'{"type":"office","type":"office"}', *lines[1:]], "line 1: type: This entry occurs twice"),
    "before its process": (lambda lines: sorted(lines, key=lambda line: b'"type":"process"' in line), "has to come before"),
    "other ballots": (lambda lines: [line for n, line in enumerate(lines) if b'"type":"ballot"' not in line or n % 2], "manifest says"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_a_malformed_package_is_refused_with_its_line_and_changes_nothing(what: str, elsewhere: bytes, tmp_path: Path, capsys: Any) -> None:  # fmt: skip
    change, said = BROKEN[what]
    path = tmp_path / "broken.zip"
    path.write_bytes(repacked(elsewhere, change))
    with pytest.raises(SystemExit):
        call_command("import_package", str(path))
    assert said in capsys.readouterr().err
    assert not Process.objects.exists()
    assert not Contribution.objects.exists()


def test_ballots_that_were_not_counted_are_refused(elsewhere: bytes, tmp_path: Path) -> None:
    """As many ballots, but one of them says something else: the checksum of the count knows."""

    def change(lines: list[bytes]) -> list[bytes]:
        at = next(n for n, line in enumerate(lines) if b'"type":"ballot"' in line)
        ballot = json.loads(lines[at])
        ballot["choice"] = [] if ballot["choice"] else ["1"]
        return [*lines[:at], json.dumps(ballot).encode(), *lines[at + 1 :]]

    with pytest.raises(packing.Malformed, match="checksum"):
        take_over(repacked(elsewhere, change), tmp_path)
    damaged = elsewhere.replace(b"PK", b"XX")
    with pytest.raises(packing.Malformed, match="ZIP"):
        take_over(damaged, tmp_path)
    assert not Process.objects.exists()


# --- the published form ---


def test_every_record_has_the_published_form_and_the_form_sees_what_is_wrong(
    elsewhere: bytes, client: Any
) -> None:
    schema = json.loads(SCHEMA.read_text())
    assert client.get("/data/package/v1/schema.json").json() == {**schema, "$id": packing.schema()["$id"]}
    Draft202012Validator.check_schema(schema)
    valid = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    about, lines = opened(elsewhere)
    for line in lines:
        valid.validate(line)
    Draft202012Validator({"$ref": "#/$defs/manifest", "$defs": schema["$defs"]}).validate(about)
    # … and of each type, one without its first field and one with a field nobody knows.
    for kind in {line["type"] for line in lines}:
        line = next(line for line in lines if line["type"] == kind)
        field = next(name for name in line if name != "type")
        for wrong in ({k: v for k, v in line.items() if k != field}, line | {"e_mail": "a@b.de"}):
            with pytest.raises(ValidationError):
                valid.validate(wrong)


# --- what is in it ---


def test_nothing_is_in_a_package_that_a_visitor_does_not_see(world: World) -> None:
    for process in Process.objects.published():
        text = json.dumps(opened(packed(process))[1], ensure_ascii=False)
        assert "Geheimnis" not in text, process
        assert "Secret" not in text, process
        for person in world.people.values():
            assert person.email not in text
        # Who supports, votes, assesses or answers is nobody's business here; only who wrote is named.
        assert world.people["olga"].public_name not in text
    with pytest.raises(Exception, match="no published process"):
        call_command("export_package", "draft", "/nonexistent/draft.zip")


def test_packages_are_written_by_a_job_and_leave_with_what_leaves_the_pages(world: World, client: Any, folder: Path) -> None:  # fmt: skip
    at = timezone.now()
    new = packages.renew(at)
    assert set(new) == set(Process.objects.published().values_list("slug", flat=True))
    assert packages.renew(at + timedelta(minutes=15)) == []
    job = Job.objects.get(kind="package", key="collecting")
    package = ProcessPackage.objects.get(process=world.collecting)
    assert (job.state, job.result["records"]) == ("done", package.records)
    page = client.get("/en/data/processes/collecting/").content.decode()
    assert package.sha256 in page
    response = client.get("/data/processes/collecting/package.zip", headers={"Range": "bytes=0-3"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"PK\x03\x04")
    # Moderation hides the fountain: from this moment nobody gets the file that holds it.
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=timezone.now(), rule="Respekt", reason="Nein."
    )  # fmt: skip
    assert client.get("/data/processes/collecting/package.zip").status_code == 404
    assert "is being written" in client.get("/en/data/processes/collecting/").content.decode()
    assert packages.renew(timezone.now()) == ["collecting"]
    response = client.get("/data/processes/collecting/package.zip")
    _about, lines = opened(b"".join(response.streaming_content))
    assert world.fountain.receipt not in json.dumps(lines)
    assert len(default_storage.listdir("packages")[1]) >= len(new)
    assert client.get("/data/processes/draft/package.zip").status_code == 404
    # Whoever closes their account takes their name out of it, at once.
    close_account(person=world.ines, at=timezone.now())
    assert client.get("/data/processes/collecting/package.zip").status_code == 404
