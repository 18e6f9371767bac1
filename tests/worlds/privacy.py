"""A second version of the privacy notice, what Amina agreed to, and what she and Jonas ask of the city."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps

from accounts.privacy import breaches, consents, notice, requests
from accounts.privacy.models import Consent, NoticeVersion, Request
from cocreation.models import PrivacyAssessment
from groundwork.jobs.models import Removal

if TYPE_CHECKING:
    from tests.world import World


def build_privacy(world: World) -> None:
    """The second version is written down without telling everybody: who hears of it is looked at elsewhere."""
    first = notice.built_in()
    first.published_at = world.now - timedelta(days=90)
    first.save(force_insert=True)
    NoticeVersion.objects.create(
        number=2, published_at=world.now - timedelta(days=30), published_by=world.ada,
        text_de=first.text_de.replace("löschen es wieder", "löschen es bald wieder"),
        text_en=first.text_en.replace("delete it again", "soon delete it again"), easy_de=first.easy_de,
        easy_en=first.easy_en, changed_de="Wir sagen, dass es bald geschieht.", changed_en="We say that it happens soon.",
    )  # fmt: skip
    at = world.now - timedelta(days=20)
    consents.give(person=world.amina, purpose="named", thing="0", channel=Consent.Channel.PAGE, at=at)
    consents.take_back(person=world.amina, purpose="named", thing="0", channel=Consent.Channel.PAGE, at=at)
    if apps.is_installed("feedback.notices"):
        consents.give(person=world.amina, purpose="newsletter", channel=Consent.Channel.PAGE, at=at)
    asked = world.now - timedelta(days=5)
    world.request = requests.file(
        person=world.amina,
        kind=Request.Kind.CORRECTION,
        about="",
        words="Mein Stadtteil heißt anders.",
        at=asked,
    )
    Request.objects.create(
        person=world.jonas, kind=Request.Kind.OBJECTION, about="telling", words="Bitte schreiben Sie mir nicht mehr.",
        language="de", asked_at=asked, due_at=requests.months_later(asked, 1), answered_at=world.now - timedelta(days=1),
        answered_by=world.ada, outcome="granted", answer="Das tun wir nicht mehr.",
    )  # fmt: skip
    Removal.objects.create(rule="mails", at=world.now - timedelta(hours=3), number=12)
    world.breach = breaches.note(
        known_at=world.now - timedelta(hours=20), what="Ein Ausdruck lag offen am Schalter.", people="Etwa 12 Menschen.",
        is_rehearsal=True, by=world.ada, at=world.now - timedelta(hours=19),
    )  # fmt: skip
    world.assessment = PrivacyAssessment.objects.create(
        process=world.processes["draft"], risks="Jemand wird wiedererkannt.", measures="Namen sind frei gewählt.",
        written_at=asked, written_by=world.olga,
    )  # fmt: skip
