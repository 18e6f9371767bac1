"""Messages on a device, in a real browser under our own security policy: the worker runs, the form is sent, a push is shown.

The push service is the browser maker's and not here: what it would hand out is put in, and a push is delivered by hand.
"""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from feedback.notices.models import Device
from feedback.notices.pushing import public_key
from tests.browser import NewContext
from tests.feedback.notices.push_service import Browser
from tests.journeys.conftest import Hand, sign_in
from tests.world import World

pytestmark = pytest.mark.browser

HANDS_OUT = """
const given = %s;
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0)).buffer;
PushManager.prototype.getSubscription = async () => null;
PushManager.prototype.subscribe = async (options) => {
  sessionStorage.setItem("asked", JSON.stringify([options.userVisibleOnly, options.applicationServerKey.length]));
  return { endpoint: given.endpoint, getKey: (name) => bytes(given[name]) };
};
Notification.requestPermission = async () => "granted";
"""
RECEIVES = """(data) => {
  const shown = [];
  self.registration.showNotification = async (...said) => void shown.push(said);
  self.dispatchEvent(new PushEvent("push", { data }));
  return shown;
}"""


def test_a_device_is_added_and_shows_what_the_city_sends(
    town: World, new_context: NewContext, live_server: LiveServer
) -> None:
    context, browser = new_context(width=390, height=800), Browser("real")
    context.grant_permissions(["notifications"], origin=live_server.url)
    context.add_init_script(HANDS_OUT % json.dumps(browser.handed_out))
    hand = Hand(context.new_page(), live_server.url)
    sign_in(hand, town, "amina")
    hand.open("/de/me/mail/")
    form = hand.page.locator("form[data-push]")
    expect(form).to_be_visible()
    form.locator("button[type=submit]").click()
    expect(hand.page.locator("body")).to_contain_text("Dieses Gerät zeigt ab jetzt Ihre Nachrichten.")
    device = Device.objects.latest("pk")
    assert (device.endpoint, device.person, device.kinds) == (
        browser.endpoint, town.amina, ["my_contributions", "city_answers"],
    )  # fmt: skip
    assert hand.page.evaluate("sessionStorage.getItem('asked')") == "[true,65]" and len(public_key()) == 87

    hand.page.wait_for_function("async () => !!(await navigator.serviceWorker.getRegistrations())[0]?.active")
    (worker,) = context.service_workers
    message = {"title": "Die Stadt hat geantwortet", "url": "/de/me/messages/", "tag": "t"}
    assert worker.evaluate(RECEIVES, json.dumps(message)) == [
        ["Die Stadt hat geantwortet", {"tag": "t", "data": {"url": "/de/me/messages/"}}]
    ]
    assert worker.evaluate(RECEIVES, "not from us") == []
