"""Every mail there is, as text and as HTML, small and sound."""

from __future__ import annotations

import html5lib
import pytest

from feedback.notices import fanout, letters, moulds, previews
from feedback.notices.models import Rhythm
from tests.world import World

pytestmark = pytest.mark.django_db
MOST_BYTES = 60_000


def test_every_mail_renders_in_both_languages_as_sound_html_below_sixty_kilobytes(world: World):
    for verb in sorted(fanout.VERBS):
        notice, _real = previews.example(verb, world.ada, Rhythm.IMMEDIATE)
        for code in ("de", "en"):
            letter = letters.write_in(code, [notice])
            html5lib.HTMLParser(strict=True).parse(letter.html)  # raises where it is not sound
            assert len(letter.html.encode()) + len(letter.text.encode()) < MOST_BYTES, verb
            assert f'<html lang="{code}"' in letter.html and moulds.NAME not in letter.text
            assert letter.subject and "\n" not in letter.subject and letter.unsubscribe in letter.html
            assert "<img" not in letter.html and letter.unsubscribe in letter.text


def test_the_longest_digest_stays_below_sixty_kilobytes(world: World):
    notices = []
    for verb in ("contribution.answered", "comment.published", "phase.opened"):
        for n in range(100):
            notice, _real = previews.example(verb, world.amina, Rhythm.WEEKLY)
            notice.entry_id, notice.data = n, notice.data | {"phase": n}
            notices.append(notice)
    letter = letters.write_in("de", notices)
    html5lib.HTMLParser(strict=True).parse(letter.html)
    assert len(letter.html.encode()) + len(letter.text.encode()) < MOST_BYTES
