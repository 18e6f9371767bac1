"""Who may do what: one reviewed table for every address of the product. What is not in it is denied, and fails.

jonas is a resident, amina a verified one, ines speaks for an organisation, olga is an official of the parks office, mo a
moderator, clara sits at the citizens' office, ada administers. The proposals are amina's but for trees (ines) and for
what is not public (jonas).
"""

from __future__ import annotations

import re
from datetime import timedelta

from tests.matrix.table import On, everybody, staff
from tests.states import NOWHERE
from tests.world import World

# --- rows ---
ALL = everybody("page")
NOTHING = everybody("nothing")
REFUSED = everybody("refused")
SIGNED_IN = everybody("page", visitor="login")
ACTS = everybody("done", visitor="login")  # who is signed in acts; visitors are sent to log in
ACTS_HERE = everybody("done", visitor="door")  # visitors are told to sign in first
ACTS_OR_WAITS = everybody("done", visitor="kept")  # what visitors do waits for them
STAFF = staff("page", "olga", "mo", "clara", "ada")
ASSESSORS, MODERATORS = staff("page", "olga", "ada"), staff("page", "mo", "ada")
CLERKS, ADMINS = staff("page", "clara", "ada"), staff("page", "ada")


def does(row: dict[str, str], outcome: str = "done") -> dict[str, str]:
    """Whoever sees the page may also act on it."""
    return {role: outcome if word == "page" else word for role, word in row.items()}


def reads(row: dict[str, str] = ALL, **states: dict[str, str]) -> dict[str, On]:
    return {"GET": On(row, states)}


# --- what is sent ---
def a_proposal(world: World) -> dict[str, str]:
    return {
        "title": "Mehr Schatten am Spielplatz", "summary": "Drei Bäume.", "body": "Weil es dort heiß ist.", "theme": "green",
        "place": str(world.village.pk), "language": "de",
    }  # fmt: skip


def an_assessment(world: World) -> dict[str, str]:
    return {"office": str(world.parks.pk), "verdict": "feasible", "cost": "1200", "reason_de": "Das geht."}


def an_answer(world: World) -> dict[str, str]:
    return {"office": str(world.parks.pk), "status": "accepted", "reason_de": "Wir bauen es."}


def a_delay(world: World) -> dict[str, str]:
    due = (world.now + timedelta(days=200)).date().isoformat()
    return {"delay-new_due": due, "delay-reason_de": "Die Bänke kommen später."}


def an_address(world: World) -> dict[str, str]:
    return {"email": world.jonas.email, "residence": "auental", "seen": "on"}


def a_process(world: World) -> dict[str, str]:
    return {
        "recipe": "participatory_budget", "title_de": "Neu", "title_en": "New", "office": str(world.parks.pk),
        "places": str(world.town.pk), "starts_0": (world.now + timedelta(days=9)).date().isoformat(), "starts_1": "12:00",
    }  # fmt: skip


EXPECT: dict[str, dict[str, On]] = {
    # --- the roof ---
    "healthz": reads(),
    "readyz": reads(),
    "home": reads(),
    "search": reads(),
    "results": reads(),
    "about": reads(),
    "styleguide": reads(),
    "short_receipt": {"GET": On(everybody("moved"), {NOWHERE: everybody("moved")})},
    "demo:start": reads(),
    "demo:outbox": reads(),
    "demo:mail": reads(),
    # --- accounts ---
    "accounts:me": reads(SIGNED_IN),
    "accounts:data": reads(SIGNED_IN) | {"POST": On(does(SIGNED_IN, "form"))},
    "accounts:export": reads(SIGNED_IN),
    "accounts:close": reads(SIGNED_IN) | {"POST": On(does(SIGNED_IN, "form"))},
    "accounts:verifications": reads(SIGNED_IN),
    "accounts:my_organisations": reads(SIGNED_IN)
    | {
        "POST": On(
            ACTS,
            send=lambda world: {"name": "Radclub Auental", "kind": "civil_society", "about": "Wir fahren."},
        )
    },
    "accounts:organisation": reads(),
    "accounts:join": {
        "POST": On(
            everybody("done", visitor="login", ines="refused", jonas="refused"),
            {"not confirmed": everybody("nothing", visitor="login")},
        )
    },
    "accounts:member": {
        "POST": On(everybody("refused", visitor="login", ines="done"), send=lambda world: {"act": "confirm"})
    },
    # --- cocreation: processes ---
    "cocreation:processes": reads(),
    "cocreation:process": reads(),
    "cocreation:calendar": reads(),
    "cocreation:follow": {"POST": On(ACTS_OR_WAITS, {"unpublished": NOTHING})},
    "cocreation:waiting": reads() | {"POST": On(everybody("done", visitor="form"))},
    # --- cocreation: moderation ---
    "cocreation:hide": reads(MODERATORS)
    | {
        "POST": On(
            does(MODERATORS),
            {"hidden": does(MODERATORS, "refused")},
            lambda world: {"rule": "respect", "reason": "Beleidigt jemanden."},
        )
    },
    "cocreation:restore": {"POST": On(does(MODERATORS, "refused"), {"hidden": does(MODERATORS)})},
    "cocreation:hidden": reads(MODERATORS),
    # --- cocreation: the desk and the studio ---
    "cocreation:desk": reads(STAFF),
    "cocreation:second_factor": reads(
        everybody("moved", visitor="login", jonas="refused", amina="refused", ines="refused")
    ),
    "cocreation:verify": reads(CLERKS) | {"POST": On(does(CLERKS), send=an_address)},
    "cocreation:organisations": reads(CLERKS)
    | {"POST": On(does(CLERKS), send=lambda world: {"organisation": "verein-neu"})},
    "cocreation:studio": reads(ADMINS),
    "cocreation:studio_new": reads(ADMINS) | {"POST": On(does(ADMINS), send=a_process)},
    "cocreation:studio_process": reads(ADMINS),
    "cocreation:studio_texts": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_phase": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_section": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_publish": {"POST": On(does(ADMINS, "refused"), {"unpublished": does(ADMINS)})},
    # --- proposals ---
    "proposals:list_all": reads(),
    "proposals:list": reads(),
    "proposals:feed": reads(unpublished=NOTHING),
    "proposals:propose": reads() | {"POST": On(REFUSED, {"collecting": ACTS_OR_WAITS}, a_proposal)},
    "proposals:similar": reads(),
    "proposals:proposal": reads(),
    "proposals:receipt": reads(),
    "proposals:support": {
        "POST": On(REFUSED, dict.fromkeys(["public", "of an organisation", "to assess"], ACTS_OR_WAITS))
    },
    "proposals:withdraw_support": {"POST": On(everybody("refused", visitor="door"))},
    "proposals:withdraw": {
        method: On(
            everybody("refused", visitor="door"),
            dict.fromkeys(["public", "to assess"], everybody("refused", visitor="door", amina=outcome))
            | {"of an organisation": everybody("refused", visitor="door", ines=outcome)}
            | dict.fromkeys(
                ["draft", "hidden", "planned"], everybody("refused", visitor="door", jonas=outcome)
            ),
        )
        for method, outcome in [("GET", "page"), ("POST", "done")]
    },
    "proposals:follow": {"POST": On(ACTS_HERE)},
    "proposals:unfollow": {"POST": On(ACTS_HERE)},
    "proposals:desk": reads(ASSESSORS),
    "proposals:assess": reads(ASSESSORS)
    | {"POST": On(does(ASSESSORS, "refused"), {"to assess": does(ASSESSORS)}, an_assessment)},
    # --- proposals: ballots ---
    "ballots:ballot": reads()
    | {"POST": On(REFUSED, {"voting": everybody("form", visitor="kept", amina="done", ines="done")})},
    "ballots:secrecy": reads(),
    "ballots:result": reads(),
    "ballots:results": reads(),
    **{
        name: {"GET": On(NOTHING, {"answering": ALL})}
        for name in ("ballots:recount", "ballots:ballots_file", "ballots:pabulib_file")
    },
    # --- feedback ---
    "feedback:commitments": reads(),
    "feedback:commitment": reads(),
    "feedback:works": {
        "POST": On(
            REFUSED, {"delivered": everybody("done", visitor="refused")}, lambda world: {"value": "yes"}
        )
    },
    "feedback:desk_answers": reads(ASSESSORS),
    "feedback:desk_answer": reads(ASSESSORS)
    | {"POST": On(does(ASSESSORS, "refused"), {"promised": does(ASSESSORS)}, an_answer)},
    "feedback:desk_commitments": reads(ASSESSORS),
    "feedback:desk_commitment": reads(ASSESSORS),
    "feedback:desk_start": {"POST": On(does(ASSESSORS), {"delivered": does(ASSESSORS, "refused")})},
    "feedback:desk_step_done": {"POST": On(does(ASSESSORS))},
    "feedback:desk_delay": {"POST": On(does(ASSESSORS), {"delivered": does(ASSESSORS, "refused")}, a_delay)},
    "feedback:desk_deliver": {"POST": On(does(ASSESSORS), {"delivered": does(ASSESSORS, "refused")})},
    "feedback:desk_evaluate": {
        "POST": On(
            does(ASSESSORS, "refused"),
            {"delivered": does(ASSESSORS)},
            lambda world: {"evaluate-text_de": "Alle nutzen es."},
        )
    },
    # --- feedback: notices ---
    "notices:inbox": reads(SIGNED_IN),
    "notices:read": {"POST": On(ACTS)},
    "notices:settings": reads(SIGNED_IN) | {"POST": On(does(SIGNED_IN, "form"))},
    "notices:stop": {"POST": On(ACTS)},
    "notices:unsubscribe": reads() | {"POST": On(everybody("form"))},
}

# django-allauth's own pages: public ones, those of one's own account, and never anything of somebody else.
# The package tests what they do; the crawl looks at how they are shown.
ALLAUTH = re.compile(r"^(account|mfa)_\w+$")
