"""The city's home page: what needs people now, what became of it, what is near. Each part is drawn once and kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.minors import may_profile
from accounts.models import Person
from cocreation.kept import STRETCH, keep
from cocreation.lines import Short, short_line, totals_of
from cocreation.methods import Invitation
from cocreation.models import Phase, Place, Process
from feedback.cards import Card, card_of
from feedback.models import State
from feedback.queries import kept_on_time, what_became_of_it
from groundwork.html import say
from groundwork.journal.models import Entry

# How many rows stand under the first card, and how many phases are asked for them.
ROWS = 4
ASKED = 6
MOST_OPEN = 200
NEAR = 6
_FAR = datetime.max.replace(tzinfo=UTC)


def version(at: datetime) -> str:
    """Changes when anything happens in the city, and every twenty seconds. One query on the primary key."""
    newest = Entry.objects.order_by("-id").values_list("id", flat=True).first()
    return f"city:{newest or 0}:{int(at.timestamp()) // STRETCH}"


def parts_of(person: Person | None, at: datetime, now: str) -> dict[str, SafeString | str]:
    """The three sections as markup. Only the first depends on who looks; for visitors it is kept, too."""
    if person is None:
        needed = keep(now, "home:now", lambda: _draw_needed(None, at, now))
    else:
        needed = _draw_needed(person, at, now)
    return {
        "needed": needed,
        "became": keep(now, "home:became", lambda: _draw_became(at)),
        "near": keep(now, "home:near", lambda: _draw_near(at)),
    }


# --- needs you now ---


@dataclass(frozen=True, slots=True)
class Act:
    """Something open, with what this person is asked to do."""

    phase: Phase
    process: Process
    invitation: Invitation
    places: str
    short: Short | None = None


def open_phases(at: datetime) -> list[Phase]:
    """Open phases of public processes with what a card shows, what ends first on top. Three queries."""
    found = (
        Phase.objects.published()
        .open(at)
        .select_related("process")
        .prefetch_related("process__places", "process__phases")
    )
    return sorted(found[:MOST_OPEN], key=lambda phase: (phase.ends or _FAR, phase.pk))


def acts_for(person: Person | None, at: datetime, known: str | None = None) -> tuple[list[Act], set[str]]:
    """What a person can do now: near their place first, what they have done last. Also the places this was sorted by."""
    now = version(at) if known is None else known
    phases = list(keep(now, "home:phases", lambda: open_phases(at)))
    mine = _around(
        person if may_profile(person, at) else None,
        keep(now, "home:places", lambda: list(Place.objects.all())),
    )
    phases.sort(key=lambda phase: not _concerns(phase.process, mine))
    acts: list[Act] = []
    for phase in phases:
        if len(acts) == ASKED:
            break
        if invitation := phase.kind.invitation(phase, person, at):
            acts.append(Act(phase, phase.process, invitation, _names(phase.process.places.all())))
    acts.sort(key=lambda act: act.invitation.done)
    return acts[: ROWS + 1], mine


def _around(person: Person | None, all_places: list[Place]) -> set[str]:
    """The person's place and every place it lies in."""
    if person is None or not person.place:
        return set()
    places = {place.pk: place for place in all_places}
    found, place = set(), next((p for p in places.values() if p.slug == person.place), None)
    while place is not None:
        found.add(place.slug)
        place = places.get(place.parent_id) if place.parent_id else None
    return found


def _name_of(slug: str, now: str) -> str:
    places: list[Place] = keep(now, "home:places", lambda: list(Place.objects.all()))
    return next((place.name for place in places if place.slug == slug), "")


def _concerns(process: Process, mine: set[str]) -> bool:
    return not mine or any(place.slug in mine for place in process.places.all())


def _names(places: Iterable[Place]) -> str:
    return ", ".join(place.name for place in places)


def _draw_needed(person: Person | None, at: datetime, now: str) -> SafeString:
    acts, mine = acts_for(person, at, now)
    first = acts[0] if acts else None
    context: dict[str, Any] = {
        "first": first,
        "short": short_line(first.process, at) if first else None,
        "total": totals_of(first.process, f"{now}:{first.process.pk}").get(first.phase.pk, "")
        if first
        else "",
        "rows": mark_safe("".join(_row(act) for act in acts[1:])),  # noqa: S308 - rows escape what they show
        "place": _name_of(person.place, now) if person and mine else "",
        "choose_place": person is not None and not mine,
        "at": at,
    }
    return render_to_string("quartier/home_now.html", context)


def _row(act: Act) -> SafeString:
    until = _("until {when}").format(when=say.soon(act.phase.ends)) if act.phase.ends else ""
    minutes = ngettext("{n} minute", "{n} minutes", act.process.minutes).format(n=act.process.minutes)
    words = (
        act.invitation.done_words
        if act.invitation.done and act.invitation.done_words
        else act.invitation.words
    )
    return format_html(
        '<li class="act hue-{}"><span class="act__icon">{}</span><div><h3><a href="{}">{}</a></h3>'
        '<p class="small muted">{}</p></div><a class="kern-btn kern-btn--secondary kern-btn--x-small" href="{}">'
        '<span class="kern-label">{}</span></a></li>',
        act.process.hue,
        _icon("check" if act.invitation.done else act.invitation.icon),
        act.process.get_absolute_url(),
        words,
        " · ".join(part for part in (act.process.title, act.places, until, minutes) if part),
        act.invitation.url,
        act.invitation.verb,
    )


def _icon(name: str) -> SafeString:
    from groundwork.html.pictures import icon

    return icon(name)


# --- what became of it ---


@dataclass(frozen=True, slots=True)
class Result:
    card: Card
    words: str
    rest: str


def _draw_became(at: datetime) -> SafeString:
    """At least one result for two open calls: never fewer than three cards where there are three."""
    cards = [
        card_of(commitment, at) for commitment in what_became_of_it(limit=max(3, (ROWS + 2) // 2), at=at)
    ]
    kept = kept_on_time(at)
    context = {"results": [_result(card, at) for card in cards], "kept": kept}
    return render_to_string("quartier/home_became.html", context)


def _result(card: Card, at: datetime) -> Result:
    commitment = card.commitment
    if commitment.delivered_at:
        rest = pgettext("a day something happened", "on {day}").format(day=say.day(commitment.delivered_at))
    else:
        rest = _("done by {day}").format(day=say.day(commitment.due))
    promised = commitment.state(at) == State.PROMISED  # its badge says the day, as `rest` does
    return Result(card, str(State.PROMISED.label if promised else card.badge.words), rest)


# --- near you ---


@dataclass(slots=True)
class Spot:
    """A place with what runs there, or what came of it."""

    place: Place
    running: list[str] = field(default_factory=list)
    coming: list[str] = field(default_factory=list)
    results: int = 0

    @property
    def url(self) -> str:
        state = "" if self.running or self.coming else "&state=over"
        return f"{reverse('cocreation:processes')}?place={self.place.slug}{state}"

    @property
    def words(self) -> str:
        running, coming = len(self.running), len(self.coming)
        parts = []
        if running:
            parts.append(ngettext("{n} process running", "{n} processes running", running).format(n=running))
        if coming:
            parts.append(ngettext("{n} coming soon", "{n} coming soon", coming).format(n=coming))
        if self.results:
            parts.append(ngettext("{n} result", "{n} results", self.results).format(n=self.results))
        return " · ".join(parts)

    @property
    def titles(self) -> str:
        return ", ".join([*self.running, *self.coming][:3])

    @property
    def number(self) -> int:
        return len(self.running) or len(self.coming) or self.results


def spots(at: datetime) -> list[Spot]:
    """Places with running processes first, then those with results. Seven queries."""
    found = {place.pk: Spot(place) for place in Place.objects.all()}
    running = {phase.process_id: phase.process for phase in open_phases(at)}
    for process in running.values():
        for place in process.places.all():
            found[place.pk].running.append(process.title)
    announced = (
        Process.objects.published()
        .filter(phases__starts__gt=at, stopped_at__isnull=True)
        .exclude(pk__in=list(running))
        .distinct()
    )
    for process in announced.prefetch_related("places")[:MOST_OPEN]:
        for place in process.places.all():
            found[place.pk].coming.append(process.title)
    over = Process.objects.published().exclude(phases__ends__gt=at).filter(phases__isnull=False)
    for place, count in over.values_list("places").annotate(n=Count("pk", distinct=True)):
        if place in found:
            found[place].results = count
    shown = [spot for spot in found.values() if spot.number]
    shown.sort(key=lambda spot: (-len(spot.running), -len(spot.coming), -spot.results, spot.place.slug))
    return shown


def _draw_near(at: datetime) -> SafeString:
    shown = spots(at)
    pins = [spot for spot in shown if spot.place.map_x is not None]
    return render_to_string("quartier/home_near.html", {"spots": shown[:NEAR], "pins": _pins(pins)})


def _pins(spots: list[Spot]) -> SafeString:
    parts = []
    for spot in spots:
        x, y = spot.place.map_x or 0.0, spot.place.map_y or 0.0
        label = f"{spot.place.name}, {spot.words}"
        parts.append(
            format_html(
                '<a href="{}" aria-label="{}"><circle class="pin{}" cx="{}" cy="{}" r="15"/>'
                '<text class="pin-n" x="{}" y="{}" aria-hidden="true">{}</text></a>',
                spot.url,
                label,
                " pin--now" if spot.running else "",
                f"{x:g}",
                f"{y:g}",
                f"{x:g}",
                f"{y + 4.5:g}",
                spot.number,
            )
        )
    return mark_safe("".join(parts))  # noqa: S308 - every part escapes what it shows
