"""What visitors of the full-size city ask for: pages with their requests, anonymous and signed in."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.bench.seed import BIG
from tests.bench.servers import HOST

Step = dict[str, Any]
SESSIONS = 200
# Pages from the cache live half a minute: of many addresses so many, or a run would mostly draw.
HOT = 40
FROM_CACHE = "from the cache"
COMMON_WORD = "Nachbarschaft"  # stands in most texts; search has to cope with it


@dataclass
class Page:
    """A kind of page for one kind of reader: sequences of requests, the address of each GET, and what it may cost."""

    name: str
    who: str
    sequences: list[list[Step]]
    target: float
    addresses: list[str] = field(default_factory=list)
    cookie: str = ""
    # How many different sets of statements its requests send, roughly.
    shapes: int = 1

    @property
    def slug(self) -> str:
        return f"{self.name}, {self.who}"

    @property
    def writes(self) -> bool:
        return not self.addresses


def request(
    path: str, *, cookie: str = "", post: bool = False, status: int = 200, htmx: bool = False, body: str = ""
) -> Step:
    """One request as the proxy would hand it on."""
    lines = [
        f"{'POST' if post else 'GET'} {path} HTTP/1.1", f"Host: {HOST}", "X-Forwarded-Proto: https", "X-Forwarded-For: 192.0.2.7",
        "Accept: text/html,application/xhtml+xml", "Accept-Language: de,en;q=0.5", "Accept-Encoding: gzip, deflate, br, zstd",
        "User-Agent: Mozilla/5.0 (bench)",
    ]  # fmt: skip
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if htmx:
        lines.append("HX-Request: true")
    if post:
        lines += [
            f"Origin: https://{HOST}",
            "Sec-Fetch-Site: same-origin",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
        ]
    return {"request": "\r\n".join([*lines, "", body]), "status": status}


def sign_in(people: Iterable[Any]) -> list[str]:
    """Real rows of the session table, as a log-in leaves them; the cookies that open them."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from accounts.sessions import SessionStore

    cookies = []
    for person in people:
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


def readers() -> list[Any]:
    """People with a confirmed address who have done something: they support, follow and write."""
    from accounts.models import Person

    busy = Person.objects.filter(
        verifications__isnull=False, supports__isnull=False, contributions__isnull=False
    )
    return list(busy.distinct().order_by("pk")[:SESSIONS])


def pages() -> list[Page]:
    """Every measured page. The same requests in every run."""
    from django.urls import reverse
    from django.utils import translation

    from proposals.models import Proposal

    with translation.override("de"):
        people = readers()
        cookies = sign_in(people)
        chance = random.Random(20)
        in_big = list(
            Proposal.objects.filter(process__slug=BIG, is_public=True)
            .order_by("pk")
            .values_list("pk", "receipt")
        )
        some = [receipt for _pk, receipt in chance.sample(in_big, min(1000, len(in_big)))]
        at_list = reverse("proposals:list", args=[BIG])
        found = {
            "home": [reverse("home")],
            "process": [reverse("cocreation:process", args=[BIG])],
            "list": list_addresses(at_list, chance),
            "proposal": [reverse("proposals:proposal", args=[receipt]) for receipt in some],
            "search": [f"{reverse('search')}?q={COMMON_WORD}"],
            "filtered list": filtered_addresses(at_list, chance),
            "long conversation": [reverse("proposals:proposal", args=[talked_about(in_big)])],
        }
        anonymous = {"home": 20, "process": 20, "list": 20, "proposal": 12, "search": 20} | dict.fromkeys(
            ["filtered list", "long conversation"], 35
        )
        signed_in = {"list": 10, "proposal": 15}
        measured = [
            Page(name, FROM_CACHE, [[request(path)] for path in addresses[:HOT]], 1.5, addresses[:HOT])
            for name, addresses in found.items()
        ]
        measured += [
            Page(name, "anonymous", [[request(path)] for path in addresses], anonymous[name], addresses)
            for name, addresses in found.items()
        ]
        for name, addresses in found.items():
            # Many readers, so that nothing is quick only because one person asked for it a moment ago.
            times = max(1, len(cookies) // len(addresses))
            sequences = [[request(path, cookie=chance.choice(cookies))] for path in addresses * times]
            measured.append(
                Page(name, "signed in", sequences, signed_in.get(name, 40), addresses, cookies[0])
            )
        for page in measured:
            # Each choice of filters is another statement; all other pages send the same ones every time.
            drawn = page.who != FROM_CACHE
            page.shapes = len(set(page.addresses)) if drawn and "list" in page.name else 1
        pairs = unsupported(people, in_big, chance)
        by_key = dict(zip([person.pk for person in people], cookies, strict=True))
        for name, htmx, status in (("support", False, 302), ("support by htmx", True, 200)):
            measured.append(
                Page(
                    name, "signed in",
                    [
                        [
                            request(reverse("proposals:support", args=[receipt]), cookie=by_key[key], post=True, status=status, htmx=htmx),
                            request(reverse("proposals:withdraw_support", args=[receipt]), cookie=by_key[key], post=True, status=status, htmx=htmx),
                        ]
                        for key, receipt in pairs
                    ],
                    8,
                )
            )  # fmt: skip
    return measured


def list_addresses(start: str, chance: random.Random) -> list[str]:
    """What people do on a list: mostly its first page, then the next ones, orders, filters, and a search for a common word."""
    from cocreation.models import Place
    from proposals.models import Theme
    from proposals.queries import ORDERS

    places = list(Place.objects.values_list("slug", flat=True))
    varied = [f"{start}?order={order}" for order in ORDERS if order not in ("best", "near", "random")]
    varied += [f"{start}?theme={theme}" for theme in Theme.values]
    varied += [f"{start}?place={place}" for place in places]
    varied += [f"{start}?stage={stage}" for stage in ("received", "feasible", "not_feasible")]
    varied += [
        f"{start}?theme={chance.choice(Theme.values)}&place={chance.choice(places)}&order=new"
        for _ in range(10)
    ]
    varied += [f"{start}?q={word}" for word in (COMMON_WORD, "Trinkbrunnen", "Schule", "Feldahorn")]
    varied += following(start, 12)
    chance.shuffle(varied)
    # Every third request is the first page.
    return [address for pair in zip(varied[::2], varied[1::2], strict=False) for address in (start, *pair)]


def filtered_addresses(start: str, chance: random.Random) -> list[str]:
    """A search together with filters, and filters together."""
    from cocreation.models import Place
    from proposals.models import Theme

    places = list(Place.objects.values_list("slug", flat=True))
    found = [
        f"{start}?q={word}&theme={chance.choice(Theme.values)}&order={order}"
        for word in (COMMON_WORD, "Trinkbr", "Spilplatz", "Schule")
        for order in ("best", "new", "fair")
    ]
    found += [
        f"{start}?by=person&hands=yes&place={chance.choice(places)}",
        f"{start}?answer=no&by=company&order=support",
    ]
    return found


def talked_about(proposals: list[tuple[int, str]]) -> str:
    """The number of the proposal with the longest conversation."""
    from django.db.models import Count

    from cocreation.models import Contribution

    in_big = Contribution.objects.filter(pk__in=[pk for pk, _receipt in proposals])
    return str(
        in_big.annotate(n=Count("comments_on")).order_by("-n", "pk").values_list("receipt", flat=True)[0]
    )


def following(start: str, pages: int) -> list[str]:
    """The next pages of the default order, by the links the pages give."""
    client, address, found = browser(), start, []
    for _ in range(pages):
        response = client.get(address)
        link = (response.context or {}).get("next_url")
        if not link:
            break
        address = start + link
        found.append(address)
    return found


def unsupported(
    people: list[Any], proposals: list[tuple[int, str]], chance: random.Random
) -> list[tuple[int, str]]:
    """(person, proposal) pairs without a support: each run supports and takes back, and leaves things as they were."""
    from proposals.models import Support

    drawn = {(person.pk, chance.choice(proposals)) for person in people for _ in range(2)}
    taken = set(Support.objects.filter(person__in=people).values_list("person_id", "proposal_id"))
    return sorted((person, receipt) for person, (key, receipt) in drawn if (person, key) not in taken)


def browser(cookie: str = "") -> Any:
    """Django's test client behind the proxy that ends TLS."""
    from django.test import Client

    client = Client(HTTP_HOST=HOST, HTTP_X_FORWARDED_PROTO="https", HTTP_ACCEPT_LANGUAGE="de")
    if cookie:
        name, _, value = cookie.partition("=")
        client.cookies[name] = value
    return client
