"""Messages, mail settings, and the one click that stops the mail."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Person
from accounts.pages import own_page
from accounts.privacy import consents
from accounts.privacy.models import Consent
from accounts.request import account_required, person_here
from cocreation import actions as hall
from cocreation.models import Follow
from feedback.notices import actions, bouncing, devices, pushing, things
from feedback.notices import inbox as box
from feedback.notices.forms import DeviceForm, FollowForm, LimitsForm, ReadForm, RhythmForm
from feedback.notices.letters import read_token
from feedback.notices.models import Device, Kind, Rhythm, Stopped
from groundwork import clock
from groundwork.answer import No, Refused, Yes, require

NOT_SET_UP = gettext_lazy(
    "This city has not set up messages on devices. Mail and your messages here come all the same."
)


def _back(request: HttpRequest, name: str) -> HttpResponse:
    """To where the form stood, when that is a page of ours."""
    target = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith("/")
    return redirect(target if safe else reverse(name))


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    before = request.GET.get("before", "")
    groups, more = box.groups_of(
        person_here(request),
        int(before) if before.isdigit() and len(before) < 19 else None,
    )
    context = {
        "groups": groups,
        "more": more,
        "any_new": any(group.is_new for group in groups),
        "stopped": Stopped.objects.filter(person=person_here(request)).first(),
    }
    return render(request, "feedback/notices/inbox.html", own_page("messages") | context)


@require_POST
@login_required
def read(request: HttpRequest) -> HttpResponse:
    form = ReadForm(request.POST)
    chosen = form.cleaned_data["notice"] if form.is_valid() else []
    actions.mark_read(
        by=person_here(request),
        at=clock.now(),
        notices=None if "all" in request.POST else chosen,
    )
    return _back(request, "notices:inbox")


@require_http_methods(["GET", "HEAD", "POST"])
@account_required
def mail_settings(request: HttpRequest) -> HttpResponse:
    person = person_here(request)
    form = RhythmForm(person, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actions.choose_rhythm(by=person, rhythms=form.rhythms(), at=clock.now())
        messages.success(request, _("Saved. Your mail comes as you chose."))
        return _back(request, "notices:settings")
    return _settings(request, person, form, LimitsForm(person), FollowForm(), bad=bool(form.errors))


def _settings(
    request: HttpRequest,
    person: Person,
    form: RhythmForm,
    limits: LimitsForm,
    follow: FollowForm,
    *,
    bad: bool = False,
    device: DeviceForm | None = None,
) -> HttpResponse:
    context = own_page("mail") | {
        "form": form,
        "limits": limits,
        "follow": follow,
        "things": things.followed_by(person),
        "device": device or DeviceForm(),
        "devices": Device.objects.filter(person=person).order_by("pk"),
        "push_key": pushing.public_key(),
        "push_words": consents.purposes.get(devices.PUSH).sentence,
        "rhythms": Rhythm.choices,
        "stopped": Stopped.objects.filter(person=person).first(),
        "all_off": all(rhythm == "none" for rhythm in actions.rhythms_of(person).values()),
    }
    return render(request, "feedback/notices/settings.html", context, status=422 if bad else 200)


@require_POST
@account_required
def limits(request: HttpRequest) -> HttpResponse:
    person = person_here(request)
    form = LimitsForm(person, request.POST)
    if not form.is_valid():
        return _settings(request, person, RhythmForm(person), form, FollowForm(), bad=True)
    found = form.cleaned_data
    actions.choose_limits(
        by=person, most_a_week=found["most_a_week"] or None, quiet_from=found["quiet_from"],
        quiet_until=found["quiet_until"],
    )  # fmt: skip
    messages.success(request, _("Saved. It holds from the next mail on."))
    return redirect("notices:settings")


@require_POST
@account_required
def thing(request: HttpRequest) -> HttpResponse:
    """The rhythm of one followed thing, or no longer following it."""
    person, key = person_here(request), request.POST.get("follow", "")
    follow = int(key) if key.isdigit() and len(key) < 19 else 0
    if "stop" in request.POST:
        Follow.objects.filter(pk=follow, person=person).delete()
        messages.success(request, _("You do not follow it any more."))
    else:
        rhythm = request.POST.get("rhythm", "")
        actions.choose_for_thing(by=person, follow=follow, rhythm=rhythm, at=clock.now())
        messages.success(request, _("Saved. Your mail comes as you chose."))
    return redirect(f"{reverse('notices:settings')}#follows")


@require_POST
@account_required
def follow(request: HttpRequest) -> HttpResponse:
    """A place or a theme."""
    person = person_here(request)
    form = FollowForm(request.POST)
    if not form.is_valid():
        return _settings(request, person, RhythmForm(person), LimitsForm(person), form, bad=True)
    hall.follow(person=person, at=clock.now(), **form.chosen())
    messages.success(request, _("You follow it now. We tell you what is new there."))
    return redirect(f"{reverse('notices:settings')}#follows")


@require_POST
@account_required
def device(request: HttpRequest) -> HttpResponse:
    """This browser shows messages from now on: its script put in what the browser handed out."""
    person = person_here(request)
    form = DeviceForm(request.POST)
    require(Yes() if pushing.is_configured() else No(NOT_SET_UP))
    if form.is_valid():
        try:
            name = devices.name_of(request.headers.get("User-Agent", ""))
            devices.add(by=person, name=name, at=clock.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal.answer.reason))
        else:
            messages.success(request, _("Saved. This device shows your messages from now on."))
            return redirect(f"{reverse('notices:settings')}#devices")
    elif {"endpoint", "p256dh", "auth"} & set(form.errors):
        form.add_error(None, _("Your browser did not say where it can be reached. Please try again."))
    return _settings(
        request, person, RhythmForm(person), LimitsForm(person), FollowForm(), bad=True, device=form
    )


@require_POST
@account_required
def forget_device(request: HttpRequest) -> HttpResponse:
    key = request.POST.get("device", "")
    if devices.remove(
        by=person_here(request), key=int(key) if key.isdigit() and len(key) < 19 else 0, at=clock.now()
    ):
        messages.success(request, _("Removed. We do not write to this device any more."))
    return redirect(f"{reverse('notices:settings')}#devices")


@require_POST
@account_required
def try_again(request: HttpRequest) -> HttpResponse:
    """Mail to this person was stopped because it came back; they say that it arrives now."""
    bouncing.try_again(person_here(request))
    messages.success(request, _("We write to you again from the next message on."))
    return _back(request, "notices:inbox")


@require_POST
@account_required
def stop(request: HttpRequest) -> HttpResponse:
    actions.stop_mail(by=person_here(request), at=clock.now())
    messages.success(request, _("All mail is off. Your messages still stand here."))
    return _back(request, "notices:settings")


@csrf_exempt  # mail programs press this button for people, without our pages and cookies (RFC 8058)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what would stop, POST stops it. The signed token is the only key; no log-in is asked."""
    read = read_token(token)
    if read is None:
        return render(request, "feedback/notices/unsubscribe.html", {"state": "unknown"}, status=404)
    key, kinds = read
    labels = [Kind(kind).label for kind in kinds]
    if request.method != "POST":
        return render(request, "feedback/notices/unsubscribe.html", {"state": "ask", "labels": labels})
    person = Person.objects.filter(pk=key).first()
    if person is not None:  # an account that is gone gets no mail anyway
        actions.stop_mail(by=person, at=clock.now(), kinds=kinds, channel=Consent.Channel.MAIL)
    return render(request, "feedback/notices/unsubscribe.html", {"state": "done", "labels": labels})
