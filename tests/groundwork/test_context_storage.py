"""Django's language, time zone and address prefix in bare context variables (groundwork/context_storage.py)."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from asgiref.local import Local
from asgiref.sync import sync_to_async
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import timezone, translation

from groundwork import context_storage


@pytest.fixture(autouse=True)
def in_use():
    """Tests that change settings have Django put its own storage back."""
    context_storage.use()


def test_every_place_is_still_where_django_keeps_it_and_ours():
    for module, name in context_storage.PLACES:
        assert isinstance(getattr(module, name), context_storage.Kept), f"{module.__name__}.{name}"


def test_what_was_set_before_stays_set(monkeypatch):
    module, name = context_storage.PLACES[0]
    before = Local()
    before.value = "kept"
    monkeypatch.setattr(module, name, before)
    context_storage.use()
    assert getattr(module, name) is not before
    assert getattr(module, name).value == "kept"


def test_a_thread_knows_nothing_of_another():
    seen: dict[str, Any] = {}

    def look():
        seen.update(
            language=translation.get_language(),
            zone=str(timezone.get_current_timezone()),
            prefix=get_script_prefix(),
            urlconf=get_urlconf(),
        )

    set_script_prefix("/somewhere/")
    set_urlconf("tests.elsewhere")
    try:
        with translation.override("en"), timezone.override(ZoneInfo("Asia/Tokyo")):
            other = threading.Thread(target=look)
            other.start()
            other.join()
            assert (translation.get_language(), str(timezone.get_current_timezone())) == ("en", "Asia/Tokyo")
    finally:
        set_script_prefix("/")
        set_urlconf(None)
    assert seen == {"language": "de", "zone": "Europe/Berlin", "prefix": "/", "urlconf": None}


def test_tasks_on_one_thread_keep_their_own_languages_and_take_them_along_into_other_threads():
    async def reader(language):
        with translation.override(language):
            await asyncio.sleep(0.01)
            return translation.get_language(), await sync_to_async(translation.get_language)()

    async def both():
        return await asyncio.gather(reader("de"), reader("en"))

    with ThreadPoolExecutor(1) as elsewhere:  # the browser of other tests has a loop on this thread
        assert elsewhere.submit(asyncio.run, both()).result() == [("de", "de"), ("en", "en")]


@pytest.mark.parametrize("language", ["de", "en"])
def test_overrides_end_where_they_began(language):
    before = translation.get_language()
    with translation.override(language):
        with translation.override(None):
            assert translation.get_language() is None
        assert translation.get_language() == language
    assert translation.get_language() == before
    set_urlconf("tests.elsewhere")
    set_urlconf(None)
    set_urlconf(None)
    assert get_urlconf("by default") == "by default"
