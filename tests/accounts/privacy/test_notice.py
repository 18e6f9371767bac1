"""The privacy notice: versions for good, a public difference, everybody told, looked at every twelve months (REQ-25)."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.privacy import notice
from accounts.privacy.models import NoticeReview, NoticeVersion
from cocreation.lifecycle import may_publish, publish_due, schedule_publication
from devtools.paths import ROOT
from feedback.notices import fanout
from feedback.notices.manifest import read
from feedback.notices.models import Kind, Notice
from groundwork.answer import No, Refused
from groundwork.journal.models import Entry
from quartier.builders import make_person

SECOND = timedelta(seconds=1)


def _texts(**new: str) -> dict[str, str]:
    before = notice.standing().version
    return {name: getattr(before, name) for name in notice.TEXTS} | {
        "changed_de": "Neu: Umfragen.", "changed_en": "New: surveys.", **new,
    }  # fmt: skip


@pytest.fixture
def ada(db):
    return make_person("ada", "Ada")


def test_the_first_version_is_stored_with_the_first_review_and_versions_follow_without_a_gap(ada) -> None:
    at = notice.BUILT_IN_AT + timedelta(days=3)
    assert notice.standing().version.pk is None
    notice.review(by=ada, at=at)
    assert NoticeVersion.objects.get().number == 1
    assert notice.standing().reviewed_at == at
    made = notice.publish(texts=_texts(text_de="Anders."), by=ada, at=at + timedelta(days=1))
    assert made.number == 2
    assert notice.standing().version == made


def test_nothing_new_is_no_version(ada) -> None:
    with pytest.raises(Refused):
        notice.publish(texts=_texts(), by=ada, at=notice.BUILT_IN_AT)
    assert not NoticeVersion.objects.filter(number=2).exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_the_database_refuses_to_change_what_was_public(ada, change) -> None:
    notice.review(by=ada, at=notice.BUILT_IN_AT)
    for model in (NoticeVersion, NoticeReview):
        with pytest.raises(IntegrityError), transaction.atomic():
            if change == "update":
                model.objects.update(**{"text_de" if model is NoticeVersion else "version": "9"})
            else:
                model.objects.all().delete()


def test_the_difference_is_public(ada, client) -> None:
    before = notice.standing().version.text_en
    notice.publish(
        texts=_texts(text_en=before.replace("We store little", "We store very little")), by=ada, at=notice.BUILT_IN_AT
    )  # fmt: skip
    page = client.get("/en/privacy/versions/2/").content.decode()
    assert "<del>We store little, say" in page and "<ins>We store very little, say" in page
    assert "New: surveys." in client.get("/en/privacy/versions/").content.decode()


def test_a_year_later_nothing_is_published_until_somebody_looks(world) -> None:
    """Time travel: the gate closes on the day, by the clock alone, for plans as for hands, and a review opens it."""
    draft, moment = world.processes["draft"], world.now + timedelta(days=2)
    NoticeVersion.objects.create(
        number=3, published_at=moment - notice.HOLDS, changed_de="x", changed_en="x",
        **{name: name for name in notice.TEXTS},
    )  # fmt: skip
    assert notice.fresh(moment - SECOND)
    schedule_publication(process=draft, moment=moment, by=world.ada, at=world.now)
    assert publish_due(moment) == 0
    refusal = may_publish(world.ada, draft, moment)
    assert isinstance(refusal, No) and "zwölf Monaten" in str(refusal.reason)
    draft.refresh_from_db()
    assert (draft.published_at, draft.publish_at) == (None, None)
    notice.review(by=world.ada, at=moment)
    assert may_publish(world.ada, draft, moment)
    assert notice.fresh(moment + notice.HOLDS - SECOND)
    assert not notice.fresh(moment + notice.HOLDS)


def test_everybody_with_an_account_is_told_what_changed(ada) -> None:
    amina = make_person("amina", "Amina")
    gone = make_person("gone", "Gone", is_active=False)
    notice.publish(texts=_texts(text_de="Anders."), by=ada, at=notice.BUILT_IN_AT)
    read([entry for entry in Entry.objects.order_by("pk") if entry.verb in fanout.VERBS])
    fanout.spread(notice.BUILT_IN_AT)
    told = Notice.objects.filter(verb=notice.CHANGED)
    assert set(told.values_list("person", flat=True)) == {amina.pk}  # not who wrote it, nobody who left
    assert set(told.values_list("kind", flat=True)) == {Kind.DATA.value}
    assert gone.pk not in told.values_list("person", flat=True)


# --- linked where data is given ---

# Forms in which nothing new about a person is given: a way in, a check, or the city's own.
TEMPLATES = ROOT / "templates"
NO_COLLECTION = re.compile(
    r"^(account/(login|request_login_code|password|reauthenticate)|mfa/|styleguide|accounts/(close|claim_code|guardian_code)"
    r"|cocreation/conversation/edit|proposals/(desk_work|restore|merging/split|amendments/choose)|feedback/webhooks/secret)"
)


def test_every_form_that_asks_people_leads_to_the_notice() -> None:
    missing = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        name, text = str(path.relative_to(TEMPLATES)), path.read_text()
        is_staff = "base_desk.html" in text or "/desk" in name or "studio" in name
        asks = [
            form
            for form in re.findall(r"<form\b.*?</form>", text, re.DOTALL)
            if re.search(r"<textarea|\{\{ *(form|claim|device|limits|hours)\b", form)
            and 'method="post"' in form
        ]
        if (
            asks
            and not is_staff
            and not NO_COLLECTION.match(name)
            and "accounts/privacy/at_form.html" not in text
        ):
            missing.append(name)
    assert missing == []


def test_the_line_leads_there(client, db) -> None:
    page = client.get("/en/identify/signup/").content.decode()
    assert page.index('What becomes of what you enter here: <a href="/en/about/privacy/"') > page.index(
        "<form"
    )
