"""What people write never becomes markup (REQ-98, REQ-99): a corpus of payloads through every text somebody controls, on every
kind of page, in feeds, in mail and in what forms show again. Judged by parsing, as a browser would."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Model

from accounts.models import Organisation, Person
from cocreation import files, pending
from cocreation.files import Listed
from cocreation.models import Attachment, Hiding, Office, Phase, Place, Process, Withdrawal
from feedback.models import Commitment, Milestone, OfficialAnswer
from groundwork.html.text import markdown
from proposals.models import Assessment, Proposal, Revision, StageMove
from tests.world import World

PAYLOADS = [
    '<evil-tag evil="1">x</evil-tag>',
    '"><evil-tag evil=1>',
    "' onevil='evil()' evil='1",
    '" onfocus="evil()" autofocus evil="1',
    "<script>evil()</script>",
    "</script><script>evil()</script>",
    "<img src=x onerror=evil()>",
    "<svg/onload=evil()>",
    "</title></textarea></style><evil-tag>",
    "--><evil-tag><!--",
    "]]><evil-tag><![CDATA[",
    '<a href="javascript:evil()">x</a>',
    "[x](javascript:evil()) ![x](https://evil.example/x.png) [y](data:text/html,evil)",
    "<https://evil.example/><javascript:evil()>",
    "&lt;evil-tag&gt; &#60;evil-tag&#62; %3Cevil-tag%3E \\u003cevil-tag\\u003e",
    "{{ evil }}{% evil %}<iframe srcdoc='<script>evil()</script>'>",
    '<math><mtext></form><form action="//evil.example"><input name=x>',
]
FIELDS: list[tuple[type[Model], tuple[str, ...]]] = [
    (Person, ("public_name", "about")),
    (Organisation, ("name",)),
    (Proposal, ("title", "summary", "location")),
    (Revision, ("title", "summary", "body", "note")),
    (Place, ("name_de", "name_en")),
    (Office, ("name_de", "name_en")),
    (Process, ("title_de", "question_de", "lead_de", "what_open_de", "what_fixed_de", "how_decided_de", "decides_de", "offline_de")),
    (Phase, ("name_de", "text_de")),
    (Assessment, ("reason_de",)),
    (StageMove, ("detail",)),
    (Hiding, ("rule", "reason")),
    (Withdrawal, ("reason",)),
    (OfficialAnswer, ("reason_de",)),
    (Commitment, ("title_de",)),
    (Milestone, ("name_de", "name_en")),
    (Attachment, ("alt", "caption")),
]  # fmt: skip


class Judge(HTMLParser):
    """Collects what must not be there: foreign elements and attributes, scripts, addresses that run or lead away."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attributes}
        if tag in ("evil-tag", "iframe", "object", "embed", "math", "base"):
            self.found.append(f"<{tag}>")
        data = (
            known.get("type") == "application/ld+json"
        )  # never run; what ends it early shows up as elements
        if tag == "script" and not data and not known.get("src", "").startswith("/static/"):
            self.found.append(f"<script {known}>")
        for name, value in known.items():
            said = re.sub(r"[\s\x00-\x20]", "", value).lower()
            if name == "evil" or name.startswith("on") or name in ("srcdoc", "style"):
                self.found.append(f"<{tag} {name}>")
            if name in ("href", "src", "action", "formaction", "srcset", "hx-get", "hx-post") and (
                said.startswith(("javascript:", "data:text", "vbscript:"))
                or (tag not in ("a",) and "evil.example" in said)
            ):
                self.found.append(f'<{tag} {name}="{value[:60]}">')

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)


def judge(what: str, markup: str) -> list[str]:
    return [f"{what}: {found}" for found in Judge(markup).found]


def poison(world: World, start: int) -> None:
    """Every text gets a payload, another one in every round; long enough columns get all of them."""
    with connection.cursor() as cursor:
        # Some of these rows can never be changed; here it matters only what pages make of them.
        cursor.execute("set local session_replication_role = replica")
        _write_everywhere(world, start)
        cursor.execute("set local session_replication_role = origin")


def _write_everywhere(world: World, number: int) -> None:
    for model, names in FIELDS:
        values = {}
        for name in names:
            most = getattr(model._meta.get_field(name), "max_length", None)
            number += 1
            words = PAYLOADS[number % len(PAYLOADS)]
            values[name] = "\n\n".join(PAYLOADS) if most is None or most >= 1500 else words[:most]
        rows = model._base_manager.all()
        rows.update(**values)
    for comment in world.comments.values():
        type(comment)._base_manager.filter(pk=comment.pk).update(text="\n\n".join(PAYLOADS))


def surfaces(world: World, payload: str) -> list[tuple[str | None, str, dict[str, str]]]:
    receipt, slug = world.fountain.receipt, world.collecting.slug
    answered = world.answering0.receipt
    return [
        (None, "", {}),
        (None, f"proposals/{receipt}/", {}),
        (None, f"proposals/{receipt}/", {"original": payload}),
        (None, f"proposals/{answered}/", {}),
        (None, f"r/{receipt}/", {"new": payload}),
        (None, f"r/{world.hidden.receipt}/", {}),
        (None, f"processes/{slug}/", {}),
        (None, f"processes/{slug}/proposals/", {"q": payload, "place": payload, "theme": payload, "order": payload}),
        (None, f"processes/{slug}/proposals/", {"view": "map", "after": payload, "stage": payload}),
        (None, f"processes/{slug}/propose/similar/", {"title": "Trinkbrunnen Bäume"}),
        (None, f"processes/{slug}/debate/talk/", {"stance": payload, "q": payload}),
        (None, "proposals/", {}),
        (None, "commitments/", {}),
        (None, "search/", {"q": payload}),
        (None, f"waiting/{world.waiting.pk}/", {}),
        ("amina", "me/", {}),
        ("amina", "me/messages/", {}),
        ("amina", "me/data/", {}),
        ("jonas", f"proposals/{world.hidden.receipt}/", {}),
        ("ines", "me/organisations/", {}),
        ("ines", f"processes/{slug}/propose/", {}),
        ("olga", f"desk/assess/{world.to_assess.receipt}/", {}),
        ("mo", "desk/hidden/", {}),
        ("clara", "desk/organisations/", {}),
        ("ada", f"studio/{slug}/", {}),
        ("ada", f"studio/{slug}/history/", {}),
        ("ada", "desk/people/", {}),
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 6))
def test_no_text_of_people_becomes_markup_on_any_surface(world: World, sign_in, start: int) -> None:
    poison(world, start)
    pending.PendingAct.objects.update(payload={"title": PAYLOADS[start]})
    clients = {who: sign_in(world.people[who] if who else None) for who in (None, *world.people)}
    wrong: list[str] = []
    seen = 0
    for who, path, query in surfaces(world, PAYLOADS[start]):
        response = clients[who].get(f"/de/{path}", query)
        assert response.status_code == 200, path
        page = response.content.decode()
        seen += "evil" in page
        wrong += judge(f"{who} {path}", page)
    assert seen > 20, "the payloads did not arrive where they should be judged"
    feed = clients[None].get(f"/de/processes/{world.collecting.slug}/proposals/feed/").content.decode()
    names = {element.tag for element in ElementTree.fromstring(feed).iter()}
    wrong += [f"feed: {name}" for name in names if "evil" in name or "script" in name]
    for element in ElementTree.fromstring(feed).iter():
        if element.get("type") == "html":
            wrong += judge("feed", element.text or "")
    assert not wrong


@pytest.mark.django_db
def test_a_form_shows_again_what_was_typed_as_text(world: World, sign_in) -> None:
    address = f"/de/processes/{world.collecting.slug}/propose/"
    wrong = []
    for payload in PAYLOADS:
        sent = dict.fromkeys(
            ("title", "summary", "body", "theme", "place", "location", "language", "map_x", "files", "file", "file-do"), payload
        )  # fmt: skip
        for more in ({}, {"preview": "1", "files-part": "1"}):
            upload = io.BytesIO(b"<svg onload=evil()>")
            upload.name = f"{payload[:60]}.svg"
            posted = sent | more | ({"pictures": upload} if more else {"file-do": ""})
            response = sign_in(None).post(address, posted, headers={"sec-fetch-site": "same-origin"})
            assert response.status_code in (200, 422)
            wrong += judge(payload, response.content.decode())
    assert not wrong


@pytest.mark.django_db
def test_names_of_files_stay_names(world: World, sign_in) -> None:
    contribution, wrong = world.fountain.contribution, []
    for payload in PAYLOADS:
        draft = files.new_draft()
        row = files.add_document(
            draft=draft, file=io.BytesIO(b"x"), name=f"{payload}.txt", by=None, at=world.now
        )
        listed = [Listed(row.key, payload, payload)]
        files.settle(contribution=contribution, draft=draft, listed=listed, by=None, at=world.now)
        header = sign_in(None).get(row.get_absolute_url())["Content-Disposition"]
        wrong += [header] if re.search(r"[\r\n<>]", header) or header.count('"') > 2 else []
        files.remove_of(contribution) if payload != PAYLOADS[-1] else None
    wrong += judge("page", sign_in(None).get(world.fountain.get_absolute_url()).content.decode())
    assert not wrong


@pytest.mark.django_db
def test_mails_carry_no_markup_of_people(world: World) -> None:
    from feedback.notices.letters import write
    from feedback.notices.models import Notice
    from tests.feedback.notices.spreading import spread
    from tests.feedback.test_rules_and_actions import answer

    Notice.objects.all().delete()
    answer(world, world.answering0)
    spread(world)
    told = list(Notice.objects.select_related("person", "process", "contribution"))
    assert told
    for start in range(0, len(PAYLOADS), 3):
        poison(world, start)
        for notice in told:
            letter = write([notice])
            assert "\n" not in letter.subject
            assert not judge("mail", letter.html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markdown_lets_no_payload_through_alone_or_inside_other_marks(payload: str) -> None:
    for around in (
        "{}",
        "# {}",
        "- {}",
        "> {}",
        "**{}**",
        "[{}](https://example.org)",
        "![{}](picture:1)",
        "`{}`",
        "1. a\n   {}",
    ):
        assert not judge(around, markdown(around.format(payload.replace("{", "{{").replace("}", "}}"))))
        assert not judge(around, markdown(around.replace("{}", payload)))


ALLOWED_TO_SAY_SAFE = {
    "accounts": set(),
    "cocreation": {"lines.py", "conversation/text.py", "conversation/drawing.py"},
    "proposals": {"ballots/frame.py", "cards.py", "search.py", "views/page.py"},
    "feedback": {"notices/letters.py"},
    "platform": {
        "groundwork/html/bars.py", "groundwork/html/forms.py", "groundwork/html/line.py", "groundwork/html/linked.py", "groundwork/html/mails.py", "groundwork/html/pictures.py",
        "groundwork/html/tags.py", "groundwork/html/text.py", "quartier/demo/views.py", "quartier/home.py",
    },
}  # fmt: skip
TEMPLATES_THAT_SAY_SAFE = {"django/forms/field.html"}  # help texts of our own forms


def test_only_these_modules_call_text_safe() -> None:
    """Whoever adds one explains why in the list above; ruff's S308 asks for a reason in the file itself."""
    root = Path(__file__).parents[2]
    marks = re.compile(r"\bmark_safe\(|\bSafeString\(|\bSafeText\(|\.__html__\s*=|html_safe")
    for house, allowed in ALLOWED_TO_SAY_SAFE.items():
        found = {
            str(path.relative_to(root / house))
            for path in (root / house).rglob("*.py")
            if marks.search(path.read_text())
        }
        assert found <= allowed, f"{house}: {sorted(found - allowed)} may not call text safe"
    off = re.compile(r"\|\s*safe\b|\|\s*safeseq\b|\{%\s*autoescape\s+off")
    templates = {
        str(path.relative_to(root / "templates"))
        for path in (root / "templates").rglob("*.html")
        if off.search(path.read_text())
    }
    assert templates <= TEMPLATES_THAT_SAY_SAFE
