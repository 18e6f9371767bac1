"""What the parameters of an address stand for, and every state the thing behind it can be in.

A parameter nobody explained here fails the matrix: a new address has to say what it leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.routes import Route
from tests.world import World

Values = dict[str, Any]

# States of things that do not exist. Whatever may not be known must look exactly like these.
NOWHERE = "nowhere"
NO_SLUG, NO_RECEIPT, NO_TOKEN, NO_KEY = (
    "no-such-thing",
    "2001-0001",
    "Zm9yLXRlc3RzLW5vLXN1Y2gtdG9rZW4x",
    999_999,
)

PROCESSES = ("announced", "collecting", "assessing", "voting", "answering")
# name of the proposal in the world -> state; "planned" stands in a process that is not published.
PROPOSALS = {
    "fountain": "public", "trees": "of an organisation", "to_assess": "to assess", "draft": "draft", "hidden": "hidden", "withdrawn": "withdrawn",
    "erased": "erased", "planned": "planned", "voting0": "on the ballot", "answering0": "promised",
}  # fmt: skip

# Who may know of what is not public: its author, and moderators of what was public once. Everything else is for everybody.
MAY_KNOW: dict[str, set[str]] = {
    "draft": {"jonas"},
    "hidden": {"jonas", "mo", "ada"},
    "withdrawn": {"jonas", "mo", "ada"},
    "erased": set(),
    "planned": {"jonas"},
    "unpublished": {"ada"},
    "of a hidden one": {"amina", "mo", "ada"},
    "not confirmed": {"jonas"},
}

# A receipt says of a thing that is gone that it is gone, and when, to whoever holds its number; never a word of its text.
# What was never published has no public receipt, not even for its author: nothing has been received.
SAID_BY_RECEIPTS: dict[str, set[str]] = {"draft": set(), "planned": set()}


def who_may_know(route: Route, state: str) -> set[str] | None:
    """None: everybody, or it does not matter: the short address of a receipt leads on without looking."""
    if route.name == "short_receipt":
        return None
    return (SAID_BY_RECEIPTS if route.name == "proposals:receipt" else MAY_KNOW).get(state)


def _process(world: World, route: Route) -> dict[str, Values]:
    known = {key: {"slug": world.processes[key].slug} for key in PROCESSES}
    return known | {"unpublished": {"slug": world.processes["draft"].slug}, NOWHERE: {"slug": NO_SLUG}}


def _proposal(world: World, route: Route) -> dict[str, Values]:
    known = {
        state: {"receipt": world.proposals[name].receipt}
        for name, state in PROPOSALS.items()
        if name in world.proposals
    }
    return known | {NOWHERE: {"receipt": NO_RECEIPT}}


def _phase(world: World, route: Route) -> dict[str, Values]:
    """A phase of the process; one the process does not have; a process that is none."""
    slug = world.processes["collecting"].slug
    return {
        "unpublished": {"slug": world.processes["draft"].slug, "key": "ideas"},
        "collecting": {"slug": slug, "key": "ideas"},
        f"{NOWHERE}: key": {"slug": slug, "key": NO_SLUG},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "key": "ideas"},
    }


def _section(world: World, route: Route) -> dict[str, Values]:
    from cocreation.panels import studio_sections

    slug = world.processes["draft"].slug
    return {section.slug: {"slug": slug, "section": section.slug} for section in studio_sections} | {
        f"{NOWHERE}: section": {"slug": slug, "section": NO_SLUG},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "section": next((s.slug for s in studio_sections), NO_SLUG)},
    }


def _organisation(world: World, route: Route) -> dict[str, Values]:
    return {
        "confirmed": {"slug": "gaertnerei-pohl"},
        "not confirmed": {"slug": "verein-neu"},
        NOWHERE: {"slug": NO_SLUG},
    }


def _membership(world: World, route: Route) -> dict[str, Values]:
    asked = world.memberships["asked"]
    return {
        "asked": {"slug": "gaertnerei-pohl", "pk": asked.pk},
        f"{NOWHERE}: pk": {"slug": "gaertnerei-pohl", "pk": NO_KEY},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "pk": asked.pk},
        f"{NOWHERE}: other organisation": {"slug": "verein-neu", "pk": asked.pk},
    }


def _commitment(world: World, route: Route) -> dict[str, Values]:
    def step_of(name: str) -> Values:
        return {"step": world.commitments[name].milestones.get().pk} if "step" in route.params else {}

    step, hidden = step_of("answering0"), step_of("answering2")
    nowhere = {f"{NOWHERE}: pk": {"pk": NO_KEY} | step}
    if step:
        nowhere[f"{NOWHERE}: step"] = {"pk": world.commitments["answering0"].pk, "step": NO_KEY}
        nowhere[f"{NOWHERE}: step of another"] = {"pk": world.commitments["answering0"].pk} | hidden
    return {
        "promised": {"pk": world.commitments["answering0"].pk} | step,
        "delivered": {"pk": world.commitments["delivered"].pk} | step_of("delivered"),
        "of a hidden one": {"pk": world.commitments["answering2"].pk} | hidden,
        **nowhere,
    }


def _mail(world: World, route: Route) -> dict[str, Values]:
    return {NOWHERE: {"identity": NO_SLUG}}


def _stop(world: World, route: Route) -> dict[str, Values]:
    from feedback.notices.letters import token

    return {"signed": {"token": token(world.amina.pk, ["supported"])}, NOWHERE: {"token": NO_TOKEN}}


def _waiting(world: World, route: Route) -> dict[str, Values]:
    return {"kept": {"token": world.waiting.pk}, NOWHERE: {"token": NO_TOKEN}}


def _about(world: World, route: Route) -> dict[str, Values]:
    from quartier.pages import PAGES

    return {page: {"page": page} for page in PAGES} | {NOWHERE: {"page": NO_SLUG}}


def _reset(world: World, route: Route) -> dict[str, Values]:
    return {NOWHERE: {"uidb36": "zz", "key": "no-such-key"}}


# parameters -> their states, where all houses mean the same by them …
BY_PARAMS: dict[tuple[str, ...], Callable[[World, Route], dict[str, Values]]] = {
    (): lambda world, route: {"": {}},
    ("slug",): _process,
    ("receipt",): _proposal,
    ("slug", "key"): _phase,
    ("slug", "section"): _section,
    ("token",): _waiting,
    ("page",): _about,
    ("pk",): _commitment,
    ("pk", "step"): _commitment,
    ("identity",): _mail,
    ("uidb36", "key"): _reset,
}
# … and the addresses that mean something of their own.
BY_NAME: dict[str, Callable[[World, Route], dict[str, Values]]] = {
    "accounts:organisation": _organisation,
    "accounts:join": _organisation,
    "accounts:member": _membership,
    "notices:unsubscribe": _stop,
}


def states(route: Route, world: World) -> dict[str, Values]:
    """state -> values of the parameters."""
    if route.name in BY_NAME:
        return BY_NAME[route.name](world, route)
    if route.params not in BY_PARAMS:
        raise AssertionError(f"Say in tests/states.py what {route.params} of {route.name} stands for.")
    return BY_PARAMS[route.params](world, route)
