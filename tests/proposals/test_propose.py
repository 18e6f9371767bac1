"""Write first, identify later."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cocreation import file_forms
from cocreation.models import Attachment, PendingAct
from proposals import cards
from proposals.models import Proposal, Support
from tests.worlds.files import picture_bytes

pytestmark = pytest.mark.django_db

WRITE = {"sec-fetch-site": "same-origin"}
ADDRESS = "/de/processes/collecting/propose/"


@pytest.fixture
def written(world) -> dict[str, str]:
    return {
        "title": "Ein Steg am See", "summary": "Ein Steg zum Sitzen.", "body": "Weil **alle** am Wasser sitzen wollen.",
        "theme": "green", "place": str(world.village.pk), "location": "hinter der Schule", "map_x": "120.5", "map_y": "130",
        "language": "de",
    }  # fmt: skip


def test_a_signed_in_person_publishes_and_gets_a_receipt(world, sign_in, written):
    client = sign_in(world.jonas)
    response = client.post(ADDRESS, written, headers=WRITE)
    proposal = Proposal.objects.get(title="Ein Steg am See")
    assert response["Location"] == f"/de/r/{proposal.receipt}/?new=1"
    assert (proposal.place, proposal.location, proposal.map_x) == (world.village, "hinter der Schule", 120.5)
    assert proposal.contribution.author == world.jonas
    assert proposal.receipt in client.get(response["Location"]).content.decode()


def test_a_visitors_proposal_survives_the_log_in_word_for_word(world, sign_in, written):
    response = sign_in(None).post(ADDRESS, written, headers=WRITE)
    assert response.status_code == 302 and "/waiting/" in response["Location"]
    assert not response.cookies
    assert not Proposal.objects.filter(title="Ein Steg am See").exists()
    done = sign_in(world.jonas).post(response["Location"], headers=WRITE)
    proposal = Proposal.objects.get(title="Ein Steg am See")
    assert done["Location"] == f"/de/r/{proposal.receipt}/?new=1"
    revision = proposal.revisions.get()
    assert (revision.summary, revision.body) == (written["summary"], written["body"])
    assert (proposal.location, proposal.map_y, proposal.contribution.author) == (
        written["location"],
        130.0,
        world.jonas,
    )
    # The kept text is gone, and a second click finds the first result.
    assert PendingAct.objects.get(act="propose").payload == {}
    assert sign_in(world.jonas).post(response["Location"], headers=WRITE)["Location"] == done["Location"]
    assert Proposal.objects.filter(title="Ein Steg am See").count() == 1


def test_what_is_missing_is_said_beside_the_field_and_nothing_is_lost(world, sign_in, written):
    before = (Proposal.objects.count(), PendingAct.objects.count())
    for who in [None, world.jonas]:
        response = sign_in(who).post(
            ADDRESS, written | {"title": "", "theme": "nonsense", "place": "999999"}, headers=WRITE
        )
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"title", "theme", "place"}
        assert written["body"] in response.content.decode()
    assert (Proposal.objects.count(), PendingAct.objects.count()) == before


def test_nobody_proposes_outside_the_phase(world, sign_in, written):
    before = (Proposal.objects.count(), PendingAct.objects.count())
    for slug in ["announced", "voting"]:
        for who in [None, world.jonas]:
            address = f"/en/processes/{slug}/propose/"
            page = sign_in(who).get(address)
            assert page.status_code == 200 and "This is not possible now" in page.content.decode()
            assert "<textarea" not in page.content.decode()
            assert sign_in(who).post(address, written, headers=WRITE).status_code == 403
    assert sign_in(None).get("/de/processes/draft/propose/").status_code == 404
    assert (Proposal.objects.count(), PendingAct.objects.count()) == before


def test_only_places_of_the_process_can_be_chosen(world, sign_in, written):
    from quartier.builders import both, make_place

    elsewhere = make_place("anderswo", both("Anderswo", "Elsewhere"))
    response = sign_in(world.jonas).post(ADDRESS, written | {"place": str(elsewhere.pk)}, headers=WRITE)
    assert response.status_code == 422
    assert not Proposal.objects.filter(title="Ein Steg am See").exists()


def test_a_member_writes_for_the_organisation_and_others_cannot(world, sign_in, written):
    for_garden = written | {"organisation": str(world.garden.pk)}
    assert "Gärtnerei Pohl" in sign_in(world.ines).get(ADDRESS).content.decode()
    sign_in(world.ines).post(ADDRESS, for_garden, headers=WRITE)
    proposal = Proposal.objects.get(title="Ein Steg am See")
    assert proposal.contribution.organisation == world.garden
    # Jonas asked the garden, but nobody confirmed him: the field is not there for him and what he sends is ignored.
    sign_in(world.jonas).post(ADDRESS, for_garden | {"title": "Noch ein Steg"}, headers=WRITE)
    assert Proposal.objects.get(title="Noch ein Steg").contribution.organisation is None


def test_similar_proposals_appear_for_a_title(world, sign_in):
    address = f"{ADDRESS}similar/"
    page = sign_in(None).get(address, {"title": "Brunnen: Trinkbrunnen oder Bäume?"}).content.decode()
    assert world.fountain.title in page and world.trees.title not in page
    assert "<html" not in page
    assert world.fountain.title not in sign_in(None).get(address, {"title": "Zebrastreifen"}).content.decode()
    for title in ["", "a", "' or 1=1 --", "\x00", ":*&|!()", "x" * 5000]:
        assert sign_in(None).get(address, {"title": title}).status_code == 200


def test_similar_proposals_stand_on_the_receipt_without_javascript(world, sign_in, written):
    client = sign_in(world.jonas)
    response = client.post(ADDRESS, written | {"title": "Trinkbrunnen am Steg"}, headers=WRITE)
    assert world.fountain.title in client.get(response["Location"]).content.decode()


# --- files ---


def upload(name="steg.png", content=None, kind="image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture_bytes() if content is None else content, content_type=kind)


def files_of(response):
    part = response.context["files"]
    fields = {"files-part": "1", "files": part.draft, "file": [item.key for item in part.items]}
    return part, fields


def test_a_picture_stays_while_another_field_is_wrong_and_stands_beside_the_proposal_in_the_end(
    world, sign_in, written
):
    client = sign_in(world.jonas)
    sent = written | {"files-part": "1", "files": "", "title": "", "pictures": upload()}
    response = client.post(ADDRESS, sent, headers=WRITE)
    part, fields = files_of(response)
    assert response.status_code == 422 and len(part.pictures) == 1
    page = response.content.decode()
    assert f'href="#id_file-{part.pictures[0].key}-alt"' in page and 'href="#id_title"' in page
    # Without words for those who do not see it the picture is not published, and says so beside its own field.
    response = client.post(ADDRESS, written | fields, headers=WRITE)
    assert response.status_code == 422 and not Proposal.objects.filter(title=written["title"]).exists()
    words = {f"file-{fields['file'][0]}-alt": "Ein Steg", f"file-{fields['file'][0]}-caption": "So etwa"}
    assert client.post(ADDRESS, written | fields | words, headers=WRITE).status_code == 302
    proposal = Proposal.objects.get(title="Ein Steg am See")
    file = proposal.contribution.attachments.get()
    assert (file.key, file.alt, file.caption) == (fields["file"][0], "Ein Steg", "So etwa")
    page = sign_in(None).get(proposal.get_absolute_url()).content.decode()
    assert 'alt="Ein Steg"' in page and "So etwa" in page and f"/files/{file.key}/" in page
    assert f'property="og:image" content="http://localhost:8000/de/files/{file.key}/?w=800"' in page


def test_files_of_a_visitor_wait_with_the_proposal(world, sign_in, written):
    client = sign_in(None)
    response = client.post(
        ADDRESS, written | {"files-part": "1", "file-do": "upload", "pictures": upload()}, headers=WRITE
    )
    assert response.status_code == 200 and not response.cookies and not response.context["form"].errors
    assert written["body"] in response.content.decode()
    _part, fields = files_of(response)
    (key,) = fields["file"]
    response = client.post(ADDRESS, written | fields | {f"file-{key}-alt": "Ein Steg"}, headers=WRITE)
    assert "/waiting/" in response["Location"]
    assert sign_in(None).get(f"/de/files/{key}/").status_code == 404
    sign_in(world.jonas).post(response["Location"], headers=WRITE)
    assert Proposal.objects.get(title=written["title"]).contribution.attachments.get().key == key
    assert sign_in(None).get(f"/de/files/{key}/").status_code == 200


def test_files_are_moved_and_removed_by_buttons(world, sign_in, written):
    client = sign_in(world.jonas)
    base = written | {"files-part": "1"}
    response = client.post(
        ADDRESS, base | {"file-do": "upload", "pictures": [upload("a.png"), upload("b.png")]}, headers=WRITE
    )
    part, fields = files_of(response)
    first, second = fields["file"]
    typed = {f"file-{first}-alt": "Erstes"}
    response = client.post(ADDRESS, base | fields | typed | {"file-do": f"down:{first}"}, headers=WRITE)
    part, fields = files_of(response)
    assert fields["file"] == [second, first] and part.pictures[1].alt == "Erstes"
    response = client.post(ADDRESS, base | fields | {"file-do": f"remove:{second}"}, headers=WRITE)
    part, fields = files_of(response)
    assert fields["file"] == [first] and not Attachment.objects.filter(key=second).exists()


def test_nobody_takes_the_files_of_another_draft(world, sign_in, written):
    theirs = world.files["waiting"]
    sent = written | {"files-part": "1", "files": "guess" * 6, "file": theirs.key}
    assert sign_in(world.amina).post(ADDRESS, sent, headers=WRITE).status_code == 302
    theirs.refresh_from_db()
    assert theirs.contribution is None and theirs.draft


def test_a_file_that_cannot_be_taken_says_why_and_nothing_else_is_lost(world, sign_in, written, monkeypatch):
    monkeypatch.setitem(file_forms.INPUTS, "documents", 1000)
    sent = written | {
        "files-part": "1",
        "pictures": [upload("x.svg", b"<svg onload=alert(1)>", "image/svg+xml")],
        "documents": [upload("big.txt", b"x" * 5000), upload("list.txt", b"Drei.")],
        "nobody-asked": upload("x.txt", b"x"),
    }
    response = sign_in(world.jonas).post(ADDRESS, sent, headers=WRITE)
    assert response.status_code == 422 and written["body"] in response.content.decode()
    part = response.context["files"]
    assert [len(part.errors[name]) for name in ("pictures", "documents")] == [1, 1]
    assert [item.file.name for item in part.items] == ["list.txt"]
    assert "<svg onload" not in response.content.decode()


def test_a_preview_shows_what_was_written_and_changes_nothing(world, sign_in, written):
    before = (Proposal.objects.count(), PendingAct.objects.count())
    for who in (None, world.jonas):
        sent = written | {
            "preview": "1",
            "title": "",
            "body": "# Warum\n\n<script>alert(1)</script> **Weil**",
        }
        response = sign_in(who).post(ADDRESS, sent, headers=WRITE)
        page = response.content.decode()
        assert response.status_code == 200 and "<strong>Weil</strong>" in page and "<h3>Warum</h3>" in page
        assert "<script>alert" not in page and "errors-title" not in page
    assert (Proposal.objects.count(), PendingAct.objects.count()) == before


def test_what_concerns_the_whole_area_has_no_point(world, sign_in, written):
    sent = {key: value for key, value in written.items() if key != "place"} | {"everywhere": "on"}
    assert sign_in(world.jonas).post(ADDRESS, sent, headers=WRITE).status_code == 302
    proposal = Proposal.objects.get(title=written["title"])
    assert (proposal.location, proposal.map_x, proposal.map_y) == ("", None, None)
    assert proposal.place.parent_id is None
    page = sign_in(None).get(proposal.get_absolute_url())
    assert page.context["map"] is None


def test_supporting_another_one_instead_leaves_the_own_page_alone(world, sign_in):
    address, sent = f"{ADDRESS}similar/", {"receipt": world.to_assess.receipt}
    there = world.to_assess.receipt
    htmx = WRITE | {"hx-request": "true"}
    before = Support.objects.count()
    response = sign_in(None).post(address, sent, headers=htmx)
    assert "HX-Redirect" not in response and "/waiting/" in response.content.decode()
    assert Support.objects.count() == before and PendingAct.objects.filter(act="support").exists()
    response = sign_in(world.jonas).post(address, sent, headers=htmx)
    assert response.status_code == 200 and "<html" not in response.content.decode()
    assert Support.objects.count() == before + 1
    assert sign_in(world.ines).post(address, sent, headers=WRITE)["Location"].endswith(f"{there}/#support")
    for receipt in (world.hidden.receipt, "2001-0001", "\x00"):
        assert sign_in(world.ines).post(address, {"receipt": receipt}, headers=WRITE).status_code == 404


def test_a_card_shows_the_first_picture_and_lists_ask_no_more_for_it(
    world, sign_in, django_assert_num_queries
):
    page = sign_in(None).get("/de/processes/collecting/proposals/").content.decode()
    assert f"/files/{world.files['fountain'].key}/?w=400" in page and 'alt="Ein Brunnen"' in page
    rows = list(Proposal.objects.public().filter(process=world.collecting))
    with django_assert_num_queries(1):
        cards.cards(rows, None, world.now, process=world.collecting)
