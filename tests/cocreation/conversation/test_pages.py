"""What people see of a conversation, and that what they write is never lost and never becomes markup."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cocreation.actions import PhaseChange, change_phase, hide_contribution, restore_contribution
from cocreation.conversation.actions import CommentText, find_helpful, publish_comment, summarise
from cocreation.conversation.models import Comment
from cocreation.conversation.talks import Talk
from cocreation.methods import methods
from cocreation.models import PendingAct
from quartier.builders import both
from tests.visits import OURS, client_of
from tests.world import World

pytestmark = pytest.mark.django_db
DEBATE = "/de/processes/collecting/debate/talk/"
WROTE = {"text": "Ich sehe das auch so.", "language": "de", "stance": "for"}


def get(world: World, url: str, role: str = "visitor", status: int = 200) -> str:
    response = client_of(world, role).get(url)
    assert response.status_code == status, response.status_code
    return response.content.decode()


def post(world: World, url: str, data: dict[str, str], role: str = "visitor", **headers: str) -> Any:
    return client_of(world, role).post(url, data, headers=OURS | headers)


def test_the_debate_shows_its_text_its_threads_and_the_reply_of_the_city(world: World):
    page = get(world, DEBATE)
    assert "<h1>Wie soll der Platz aussehen?</h1>" in page
    assert 'id="p-1"' in page and "1 Beitrag zu Absatz 1" in page and "Autos fahren dort nicht mehr." in page
    assert "Mehr Schatten, bitte." in page and "für die Stadt" in page
    assert "<blockquote><p>Wer gießt die Bäume?</p></blockquote>" in page
    assert "Geheimnis Kommentar" not in page
    english = get(world, DEBATE.replace("/de/", "/en/"))
    assert "What should the square look like?" in english and 'lang="de"><p>Mehr Schatten, bitte.' in english


def test_a_hidden_comment_is_on_no_page_in_no_count_no_panel_and_no_feed(world: World):
    pages = {
        DEBATE: "4 Beiträge", "/de/processes/collecting/": "Alle 4 Beiträge lesen", f"{DEBATE}feed/": "Mehr Schatten",
        f"{DEBATE}?stance=against": "Das geht mir zu schnell.",
    }  # fmt: skip
    for url, shown in pages.items():
        page = get(world, url)
        assert shown in page and "Geheimnis" not in page.replace("Geheimnis Verein", ""), url
    gone = get(world, world.comments["hidden"].get_absolute_url())
    assert "Moderation hat diesen Beitrag" in gone and "Geheimnis" not in gone and "Jonas" not in gone
    assert "Geheimnis Kommentar" in get(world, world.comments["hidden"].get_absolute_url(), "jonas")
    restore_contribution(contribution=world.comments["hidden"].contribution, by=world.mo, at=world.now)
    assert "Geheimnis Kommentar" in get(world, DEBATE) and "5 Beiträge" in get(world, DEBATE)


def test_who_is_signed_in_comments_and_comes_back_to_it(world: World):
    response = post(world, f"{DEBATE}", WROTE | {"paragraph": "2"}, "ines")
    made = Comment.objects.latest("pk")
    assert response.url == f"{DEBATE}#c-{made.receipt}"
    assert (made.stance, made.paragraph, made.contribution.author) == ("for", 2, world.ines)
    assert f'id="c-{made.receipt}"' in get(world, DEBATE)


def test_a_visitor_writes_first_and_identifies_later(world: World):
    response = post(world, DEBATE, WROTE)
    kept = PendingAct.objects.get(act="comment")
    assert response.url == f"/de/waiting/{kept.pk}/"
    assert "Ich sehe das auch so." in get(world, response.url)
    before = Comment.objects.count()
    done = post(world, response.url, {}, "jonas")
    made = Comment.objects.latest("pk")
    assert Comment.objects.count() == before + 1 and made.contribution.author == world.jonas
    assert done.url == made.get_absolute_url()


def test_a_visitors_reply_and_helpful_wait_too(world: World):
    public = world.comments["public"]
    reply = post(world, f"{public.get_absolute_url()}reply/", {"text": "Genau.", "language": "de"})
    post(world, reply.url, {}, "jonas")
    assert Comment.objects.latest("pk").parent == public
    helpful = post(world, f"{public.get_absolute_url()}helpful/", {})
    for _twice in range(2):
        post(world, helpful.url, {}, "jonas")
    public.refresh_from_db()
    assert public.helpful == 1


def test_a_comment_on_a_proposal_stands_on_the_page_of_the_proposal(world: World):
    url = world.fountain.get_absolute_url()
    page = get(world, url, "jonas")
    assert "1 Beitrag" in page and "Bitte auch für Hunde." in page
    action = f"/de/contributions/{world.fountain.receipt}/comments/"
    assert f'action="{action}"' in page
    response = post(world, action, WROTE | {"home": "1"}, "jonas")
    made = Comment.objects.latest("pk")
    assert response.url == f"{url}#c-{made.receipt}" and made.on == world.fountain.contribution
    assert "2 Beiträge" in get(world, url)
    with translation.override("de"):
        assert "Trinkbrunnen am Dorfplatz" in get(world, made.get_absolute_url())


def test_a_proposal_nobody_may_comment_on_has_no_discussion(world: World):
    assert 'id="talk"' not in get(world, world.voting0.get_absolute_url())


def test_a_page_asks_for_a_conversation_only_where_something_was_said(world: World):
    url, page = world.trees.get_absolute_url(), client_of(world, "visitor")
    page.get(url)
    with CaptureQueriesContext(connection) as silent:
        assert "Noch hat niemand etwas gesagt" in page.get(url).content.decode()
    assert not any(
        'FROM "conversation_comment" WHERE' in query["sql"] for query in silent.captured_queries[1:]
    )
    text = CommentText("Endlich.", "de", "for")
    publish_comment(talk=Talk(on=world.trees.contribution), text=text, by=world.clara, at=world.now)
    assert "1 Beitrag" in page.get(url).content.decode(), "the next page shows it"


def test_a_phase_that_is_moved_shows_at_once_on_pages_that_keep_phases(world: World):
    url, page = world.trees.get_absolute_url(), client_of(world, "visitor")
    before = page.get(url).content.decode()
    assert "Unterstützen</span>" in before
    with CaptureQueriesContext(connection) as kept:
        page.get(url)
    assert not any('FROM "cocreation_phase"' in query["sql"] for query in kept.captured_queries)
    answer = next(phase for phase in world.collecting.line if phase.method == "answer")
    later = PhaseChange(
        both(answer.name_de, answer.name_en), both(answer.text_de, answer.text_en), answer.starts,
        answer.ends + timedelta(days=40), answer.acts, answer.audience, answer.opts,
    )  # fmt: skip
    why = both("Mehr Zeit.", "More time.")
    change_phase(phase=answer, change=later, by=world.ada, at=world.now, reason=why)
    assert page.get(url).content.decode() != before


def test_an_empty_comment_is_refused_beside_its_field_and_keeps_what_was_chosen(world: World):
    response = post(world, DEBATE, WROTE | {"text": "  ", "stance": "against"}, "amina")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Bitte schreiben Sie zuerst etwas." in page and 'href="#id_text"' in page
    assert re.search(r'value="against"[^>]*checked', page)


def test_a_text_that_is_too_long_is_kept_and_the_limit_said(world: World):
    words = "Wort " * 700
    page = post(world, DEBATE, WROTE | {"text": words}, "amina").content.decode()
    assert words.strip() in page and "3000" in page


def test_what_people_write_is_text_everywhere(world: World):
    hostile = '<script>alert(1)</script> "><img src=x onerror=alert(1)>\n> <svg onload=alert(2)>'
    comment = publish_comment(
        talk=Talk.of(world.comments["public"]), text=CommentText(hostile), by=world.amina, at=world.now
    )
    publish_comment(
        talk=Talk(on=world.fountain.contribution), text=CommentText(hostile), by=world.jonas, at=world.now
    )
    base = comment.get_absolute_url()
    for role, url in [
        ("visitor", DEBATE), ("visitor", base), ("visitor", "/de/processes/collecting/"), ("jonas", f"{base}reply/?quote=1"),
        ("amina", f"{base}edit/"), ("amina", f"{base}withdraw/"), ("amina", "/de/me/"), ("visitor", f"{DEBATE}feed/"),
        ("visitor", world.fountain.get_absolute_url()), ("olga", f"{DEBATE}summary/"),
    ]:  # fmt: skip
        page = get(world, url, role)
        assert "alert(1)" in page, url
        assert "<script>alert" not in page and "<img src=x" not in page and "<svg onload" not in page, url


def test_helpful_by_htmx_answers_with_the_button_and_without_it_leads_back(world: World):
    public = world.comments["public"]
    url = f"{public.get_absolute_url()}helpful/"
    part = post(world, url, {}, "jonas", **{"HX-Request": "true"}).content.decode()
    assert 'aria-pressed="true"' in part and "· 1" in part and "<html" not in part
    assert post(world, url, {"stop": "1"}, "jonas").url.startswith(public.get_absolute_url())
    public.refresh_from_db()
    assert public.helpful == 0


def test_the_form_of_a_reply_comes_alone_by_htmx_and_may_begin_with_a_quotation(world: World):
    url = f"{world.comments['public'].get_absolute_url()}reply/"
    part = client_of(world, "jonas").get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<form" in part and "<html" not in part and 'id="id_text"' not in part
    assert "&gt; Mehr Schatten, bitte." in get(world, f"{url}?quote=1", "jonas")


def test_an_official_chooses_to_speak_for_the_office(world: World):
    url = f"{world.comments['public'].get_absolute_url()}reply/"
    assert "For whom" not in get(world, url, "jonas") and "Für wen schreiben Sie?" in get(world, url, "olga")
    sent = {"text": "Das prüfen wir.", "language": "de", "voice": f"office-{world.parks.pk}"}
    post(world, url, sent, "olga")
    made = Comment.objects.latest("pk")
    assert made.office == world.parks
    assert post(world, url, sent, "jonas").status_code in (302, 422)
    assert Comment.objects.filter(office=world.parks, contribution__author=world.jonas).count() == 0


def test_the_page_of_a_comment_tells_its_life_with_what_stood_there_before(world: World):
    from cocreation.conversation.actions import edit_comment

    fresh = world.comments["fresh"]
    edit_comment(comment=fresh, text="Das geht mir viel zu schnell.", by=world.jonas, at=world.now)
    page = get(world, fresh.get_absolute_url())
    assert (
        "Selbst geändert" in page and "Was vorher dort stand" in page and "Das geht mir zu schnell." in page
    )
    assert get(world, f"{fresh.get_absolute_url()}edit/", "jonas")
    fresh.contribution.created_at = world.now - timedelta(minutes=31)
    fresh.contribution.save(update_fields=["created_at"])
    assert "30 Minuten" in get(world, f"{fresh.get_absolute_url()}edit/", "jonas", status=403)


def test_the_short_address_of_a_receipt_leads_to_the_record_of_the_comment(world: World):
    receipt = world.comments["public"].receipt
    assert Client().get(f"/r/{receipt}").headers["Location"] == f"/de/r/{receipt}/"


def test_what_is_said_about_a_hidden_proposal_has_no_page(world: World):
    comment = world.comments["on_fountain"]
    assert get(world, comment.get_absolute_url())
    hide_contribution(
        contribution=world.fountain.contribution, by=world.mo, at=world.now, rule="Respekt", reason="Nein."
    )
    get(world, comment.get_absolute_url(), status=404)
    get(world, f"/de/contributions/{world.fountain.receipt}/comments/", status=404)
    assert "Bitte auch für Hunde." in get(world, comment.get_absolute_url(), "mo")


def test_a_summary_and_a_conclusion_stand_on_top_and_close_the_form(world: World):
    talk = Talk.of(world.comments["public"])
    summarise(talk=talk, text=both("Viele wollen Bäume.", "Many want trees."), by=world.mo, at=world.now)
    assert "Viele wollen Bäume." in get(world, DEBATE) and "Many want trees." in get(
        world, DEBATE.replace("/de/", "/en/")
    )
    sent = {"text_de": "Es gibt Bäume.", "text_en": "There will be trees.", "closes": "on"}
    assert post(world, f"{DEBATE}summary/", sent, "mo").status_code == 302
    page = get(world, DEBATE, "amina")
    assert "Ergebnis des Gesprächs" in page and "Es gibt Bäume." in page and 'id="write"' not in page
    assert post(world, DEBATE, WROTE, "amina").status_code == 403
    assert (
        "To the debate" not in get(world, "/en/processes/collecting/").split("</main>")[0].split('id="do"')[0]
    )


def test_one_language_is_not_enough_for_a_summary(world: World):
    response = post(world, f"{DEBATE}summary/", {"text_de": "Nur deutsch."}, "mo")
    assert response.status_code == 422 and "id_text_en" in response.content.decode()


def test_the_studio_asks_for_what_is_missing_in_a_debate(world: World):
    debate = methods.get("debate")
    phase = world.comments["public"].phase

    def gaps(**options: str) -> list[str]:
        phase.set_opts(debate.options(**options))
        return [gap.field for gap in debate.gaps(phase)]

    assert gaps() == ["question_de"]
    assert gaps(question_de="Was?") == ["question_en"]
    assert gaps(text_de="Eins.\n\nZwei.") == ["text_en"]
    assert gaps(text_de="Eins.\n\nZwei.", text_en="One.") == ["text_en"]
    assert (
        gaps(question_de="Was?", question_en="What?", text_de="Eins.\n\nZwei.", text_en="One.\n\nTwo.") == []
    )


def test_a_text_of_several_paragraphs_is_set_in_the_studio_and_saved_again_without_a_change(world: World):
    page = get(world, "/de/studio/draft/phases/talk/", "ada")
    assert re.search(r'<textarea name="option_text_de"[^>]*>\s*Der Platz bekommt Bäume\.', page)


def test_my_page_lists_what_i_said_also_what_is_hidden(world: World):
    page = get(world, "/de/me/", "jonas")
    assert (
        "Was ich gesagt habe" in page and "Geheimnis Kommentar" in page and "Das geht mir zu schnell." in page
    )


def test_the_invitation_counts_comments_and_is_done_for_whoever_said_something(world: World):
    phase = world.comments["public"].phase
    phase.process = world.collecting
    with translation.override("en"):
        offer = methods.get("debate").invitation(phase, None, world.now)
        assert (str(offer.words), offer.done) == ("Say what you think: 4 comments so far", False)
        assert methods.get("debate").invitation(phase, world.amina, world.now).done
        assert not methods.get("debate").invitation(phase, world.clara, world.now).done
        assert str(methods.get("debate").total(phase)) == "4 comments"


def test_most_helpful_comes_first_when_asked_for(world: World):
    find_helpful(comment=world.comments["public"], by=world.jonas, at=world.now)
    page = get(world, f"{DEBATE}?order=helpful&stance=nonsense&paragraph=99&after=zz")
    assert page.index("Mehr Schatten, bitte.") < page.index("Das geht mir zu schnell.")


def test_what_is_hidden_is_not_quoted_either_and_comes_back(world: World):
    question = world.comments["question"]
    assert "Wer gießt die Bäume?</p></blockquote>" in get(world, DEBATE)
    hide_contribution(
        contribution=question.contribution, by=world.mo, at=world.now, rule="r", reason="Nicht hier."
    )
    for url in (DEBATE, question.get_absolute_url(), f"{DEBATE}feed/"):
        assert "Wer gießt die Bäume?" not in get(world, url), url
    assert "Was hier zitiert war, wird nicht mehr gezeigt." in get(world, DEBATE)
    question.contribution.refresh_from_db()
    restore_contribution(contribution=question.contribution, by=world.mo, at=world.now)
    assert "Wer gießt die Bäume?</p></blockquote>" in get(world, DEBATE)
