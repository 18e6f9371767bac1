"""The board of all promises: what a reader chose, the numbers beside every choice, and where the promises lie on the map."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.db.models import F, Q
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cocreation.spots import beside
from feedback.models import Commitment, State, day_of
from feedback.queries import Kept
from proposals import memory
from proposals.models import Theme

if TYPE_CHECKING:
    from django.utils.datastructures import MultiValueDict

    from feedback.models.commitments import CommitmentQuerySet

# The order of states on the board: what needs looking at comes first.
STATES = (
    State.DELAYED,
    State.UNDER_WAY,
    State.PROMISED,
    State.DELIVERED,
    State.EVALUATED,
    State.GIVEN_UP,
)
HEIGHT = 440.0
MOST = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader chose, read from the address: unknown values are ignored, so an old link still opens."""

    states: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    late: bool = False
    as_map: bool = False

    @classmethod
    def read(cls, query: MultiValueDict[str, str]) -> Choice:
        def known(name: str, values: Iterable[str]) -> tuple[str, ...]:
            asked = query.getlist(name)
            return tuple(value for value in values if value in asked)

        return cls(
            states=known("state", [state.value for state in STATES]),
            offices=known("office", [office.slug for office in memory.offices.all().values()])
            if query.getlist("office")
            else (),
            places=known("place", [place.slug for place in memory.places.all().values()])
            if query.getlist("place")
            else (),
            themes=known("theme", Theme.values),
            late=query.get("late") == "yes",
            as_map=query.get("view") == "map",
        )

    def __bool__(self) -> bool:
        return bool(self.states or self.offices or self.places or self.themes or self.late)

    def address(self, *, without: tuple[str, str] = ("", ""), **more: str) -> str:
        """The choice as the end of an address, "" or "?state=delayed&…"."""
        pairs = [
            (name, value)
            for name, values in (
                ("state", self.states), ("office", self.offices), ("place", self.places), ("theme", self.themes),
                ("late", ("yes",) if self.late else ()), ("view", ("map",) if self.as_map else ()),
            )
            for value in values
            if (name, value) != without
        ]  # fmt: skip
        pairs += [(name, value) for name, value in more.items() if value]
        return f"?{urlencode(pairs)}" if pairs else ""

    def narrow(self, found: CommitmentQuerySet, at: datetime) -> CommitmentQuerySet:
        today = day_of(at)
        if self.states:
            any_of = Q(pk__in=[])
            for state in self.states:
                any_of |= Q(pk__in=Commitment.objects.in_state(state, today).values("pk"))
            found = found.filter(any_of)
        if self.offices:
            found = found.filter(office__slug__in=self.offices)
        if self.places:
            found = found.filter(contribution__proposal__place__slug__in=self.places)
        if self.themes:
            found = found.filter(contribution__proposal__theme__in=self.themes)
        if self.late:
            found = found.filter(was_late(at))
        return found


def was_late(at: datetime) -> Q:
    """Later than first promised: still waited for, or delivered after that day."""
    waited_for = Q(delivered_at__isnull=True, given_up_at__isnull=True)
    return waited_for & (Q(due__gt=F("first_due")) | Q(due__lt=day_of(at))) | Q(
        delivered_at__date__gt=F("first_due")
    )


# One row for each combination there is; a test holds its states against `Commitment.state`.
_CELLS = """
with public as (
  select c.*, (c.delivered_at at time zone %(zone)s)::date delivered_on, q.place_id, coalesce(q.theme, '') theme
  from feedback_commitment c
  join cocreation_process p on p.id = c.process_id
  left join cocreation_contribution i on i.id = c.contribution_id
  left join proposals_proposal q on q.contribution_id = c.contribution_id
  where p.published_at is not null and (i.id is null or i.is_public)),
told as (
  select c.*, case when c.evaluated_at is not null then 'evaluated' when c.delivered_at is not null then 'delivered'
                   when c.given_up_at is not null then 'given_up' when c.due > c.first_due or c.due < %(today)s then 'delayed'
                   when c.started_at is not null then 'under_way' else 'promised' end state
  from public c)
select state, office_id, place_id, theme, state = 'delayed' or coalesce(delivered_on > first_due, false) late,
       count(*), count(*) filter (where delivered_on <= first_due),
       count(*) filter (where delivered_on is not null or given_up_at is not null or first_due < %(today)s)
from told group by 1, 2, 3, 4, 5
"""
Cell = tuple[str, int, int | None, str, bool, int, int, int]


@dataclass(frozen=True)
class Option:
    value: str
    name: Any
    n: int
    checked: bool


@dataclass(frozen=True)
class Filter:
    name: str
    words: Any
    options: list[Option]


@dataclass(frozen=True)
class Facets:
    """How many promises each choice would show: a filter never counts against itself."""

    cells: list[Cell]
    choice: Choice

    def _fits(self, but: str = "") -> Iterable[Cell]:
        offices = {office.pk: office.slug for office in memory.offices.all().values()}
        places = {place.pk: place.slug for place in memory.places.all().values()}
        tests: dict[str, Callable[[Cell], bool]] = {
            "state": lambda cell: not self.choice.states or cell[0] in self.choice.states,
            "office": lambda cell: not self.choice.offices or offices.get(cell[1]) in self.choice.offices,
            "place": lambda cell: not self.choice.places or places.get(cell[2] or 0) in self.choice.places,
            "theme": lambda cell: not self.choice.themes or cell[3] in self.choice.themes,
            "late": lambda cell: not self.choice.late or cell[4],
        }
        wanted = [test for name, test in tests.items() if name != but]
        return (cell for cell in self.cells if all(test(cell) for test in wanted))

    def _count(self, name: str, column: int) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for cell in self._fits(name):
            found[cell[column]] = found.get(cell[column], 0) + cell[5]
        return found

    @property
    def total(self) -> int:
        return sum(cell[5] for cell in self._fits())

    @property
    def kept(self) -> Kept:
        """On time, of what is shown now."""
        fitting = list(self._fits())
        return Kept(sum(cell[6] for cell in fitting), sum(cell[7] for cell in fitting))

    @cached_property
    def filters(self) -> list[Filter]:
        """What the form offers: values nobody would find are left out unless they are chosen."""
        by_state, by_office = self._count("state", 0), self._count("office", 1)
        by_place, by_theme = self._count("place", 2), self._count("theme", 3)
        late = self._count("late", 4).get(True, 0)
        chosen = self.choice
        offices = sorted(memory.offices.all().values(), key=lambda office: office.name)
        places = sorted(memory.places.all().values(), key=lambda place: place.name)

        def kept(options: Iterable[Option]) -> list[Option]:
            return [option for option in options if option.n or option.checked]

        return [
            Filter("state", _("How it stands"), [
                Option(s.value, s.label, by_state.get(s.value, 0), s.value in chosen.states) for s in STATES
            ]),
            Filter("late", _("Punctual?"), [
                Option("yes", _("later than first promised"), late, chosen.late)
            ]),
            Filter("office", _("Office"), kept(
                Option(o.slug, o.name, by_office.get(o.pk, 0), o.slug in chosen.offices) for o in offices
            )),
            Filter("place", _("Place"), kept(
                Option(p.slug, p.name, by_place.get(p.pk, 0), p.slug in chosen.places) for p in places
            )),
            Filter("theme", _("Theme"), kept(
                Option(t.value, t.label, by_theme.get(t.value, 0), t.value in chosen.themes) for t in Theme
            )),
        ]  # fmt: skip

    @property
    def chips(self) -> list[tuple[Any, str]]:
        """What is chosen, each with the address without it."""
        return [
            (option.name, self.choice.address(without=(each.name, option.value)) or "?")
            for each in self.filters
            for option in each.options
            if option.checked
        ]


def facets(choice: Choice, at: datetime) -> Facets:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, {"zone": settings.TIME_ZONE, "today": day_of(at)})
        return Facets(cursor.fetchall(), choice)


# --- the map ---


@dataclass(frozen=True)
class Pin:
    number: int
    commitment: Commitment
    url: str
    place: str
    x: float | None
    y: float | None
    exact: bool = False

    @property
    def y_of_number(self) -> float | None:
        return self.y + 4.5 if self.y is not None else None


def pins(commitments: Iterable[Commitment]) -> list[Pin]:
    """Where each lies: at the point of its proposal, or beside the middle of its place. Without either it is in the list only."""
    found = []
    for number, commitment in enumerate(commitments, 1):
        proposal = getattr(commitment.contribution, "proposal", None) if commitment.contribution_id else None
        place = memory.places.get(proposal.place_id) if proposal else None
        x, y = (proposal.map_x, proposal.map_y) if proposal else (None, None)
        exact = x is not None and y is not None
        if not exact and place and place.map_x is not None and place.map_y is not None:
            turn = commitment.pk % 61
            x, y = beside(place.map_x, place.map_y, turn, apart=4)
        found.append(
            Pin(number, commitment, commitment.get_absolute_url(), place.name if place else "", x, y, exact)
        )
    return found


def as_geojson(commitments: Iterable[Commitment], at: datetime) -> dict[str, Any]:
    """What static/js/map.js draws: points to the right and upwards."""
    found = list(commitments)
    language = get_language() or "de"
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [round(pin.x, 1), round(HEIGHT - pin.y, 1)]},
            "properties": {
                "number": str(pin.commitment.pk), "title": pin.commitment.title, "lang": language, "url": pin.url,
                "place": pin.place, "stage": str(pin.commitment.state(at).label), "supports": 0,
                "hue": pin.commitment.hue, "exact": pin.exact,
            },
        }
        for pin in pins(found[:MOST])
        if pin.x is not None and pin.y is not None
    ]  # fmt: skip
    places = [
        {
            "type": "Feature",
            "geometry": place.boundary
            or {"type": "Point", "coordinates": [place.map_x, HEIGHT - place.map_y]},
            "properties": {"name": place.name, "kind": place.kind, "at": [place.map_x, HEIGHT - place.map_y]},
        }
        for place in memory.places.all().values()
        if place.map_x is not None and place.map_y is not None
    ]
    return {"type": "FeatureCollection", "features": features, "places": places, "more": len(found) > MOST}


def without_map(choice: Choice) -> Choice:
    return replace(choice, as_map=False)
