"""Who may do what: one reviewed table for every address of the product. What is not in it is denied, and fails.

jonas is a resident, amina a verified one, ines speaks for an organisation, olga is an official of the parks office, mo a
moderator, clara sits at the citizens' office, ada administers. The proposals are amina's but for trees (ines) and for
what is not public (jonas).
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

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
# Staff have a second factor and are asked for it once more; residents of the world have no password that could be asked for.
PROVEN = everybody("done", visitor="login", olga="login", mo="login", clara="login", ada="login")
ACTS_OR_WAITS = everybody("done", visitor="kept")  # what visitors do waits for them
STAFF = staff("page", "olga", "mo", "clara", "ada")
ASSESSORS, MODERATORS = staff("page", "olga", "ada"), staff("page", "mo", "ada")
NO_TEXT = staff("nothing", "olga", "ada")  # officials find nothing there
CLERKS, ADMINS = staff("page", "clara", "ada"), staff("page", "ada")
FOUR_EYES = staff("page", "mo", "clara", "ada")  # may ask, together with another one, who wrote something


COMPANIONS = staff("page", "olga", "mo", "ada")  # who accompanies the processes
NO_COMPANION = staff("nothing", "olga", "mo", "ada")
REFUSED_DOOR = everybody("refused", visitor="door")
ACCOMPANY = REFUSED_DOOR | {"olga": "page", "mo": "page", "ada": "page"}


def writers(outcome: str) -> On:
    """Those who write a proposal whose text may still change; everybody else is told why not."""
    nobody = everybody("refused", visitor="door")
    return On(
        nobody,
        dict.fromkeys(["public", "to assess"], nobody | {"amina": outcome})
        | {"of an organisation": nobody | {"ines": outcome}, "planned": nobody | {"jonas": outcome}},
    )


def does(row: dict[str, str], outcome: str = "done") -> dict[str, str]:
    """Whoever sees the page may also act on it."""
    return {role: outcome if word == "page" else word for role, word in row.items()}


def reads(row: dict[str, str] = ALL, **states: dict[str, str]) -> dict[str, On]:
    return {"GET": On(row, states)}


HOOK_OF_AMINA = everybody("nothing", visitor="login", amina="page")
# Whoever may set up the process looks after it.
HOOK_OF_A_TEAM = everybody("nothing", visitor="login", ada="page")


# --- what is sent ---
def a_proposal(world: World) -> dict[str, str]:
    return {
        "title": "Mehr Schatten am Spielplatz", "summary": "Drei Bäume.", "body": "Weil es dort heiß ist.", "theme": "green",
        "place": str(world.village.pk), "language": "de",
    }  # fmt: skip


def an_assessment(world: World) -> dict[str, str]:
    return {"office": str(world.parks.pk), "verdict": "feasible", "cost": "1200", "reason_de": "Das geht."}


def a_notice(world: World) -> dict[str, str]:
    texts = {"text": "Wir speichern wenig.", "easy": "Wenig.", "changed": "Kürzer."}
    return {f"{name}_{code}": words for name, words in texts.items() for code in ("de", "en")}


def a_distribution(world: World) -> dict[str, str]:
    return {"office": "money", "how": "beside", "do": "give"}


def an_answer(world: World) -> dict[str, str]:
    return {
        "office": str(world.parks.pk),
        "status": "accepted",
        "reason_code": "doable",
        "reason_de": "Wir bauen es.",
    }


def a_delay(world: World) -> dict[str, str]:
    due = (world.now + timedelta(days=200)).date().isoformat()
    return {"delay-new_due": due, "delay-reason_de": "Die Bänke kommen später."}


def three_answers(world: World) -> dict[str, str]:
    return {"value": "yes", "as_promised": "partly", "used": "often"}


def an_amount(world: World) -> dict[str, str]:
    return {"spend-amount": "400", "spend-day": world.now.date().isoformat(), "spend-what_for_de": "Holz"}


def a_task(world: World) -> dict[str, str]:
    until = (world.now + timedelta(days=20)).date().isoformat()
    return {"task-title_de": "Gießen", "task-people": "4", "task-hours": "2", "task-until": until}


def where_to_ask_again(world: World) -> dict[str, str]:
    return {"again-phase": str(next(p.pk for p in world.processes["collecting"].line if "propose" in p.acts))}


def an_address(world: World) -> dict[str, str]:
    return {"email": world.jonas.email, "residence": "auental", "seen": "on"}


def a_joint_text(world: World) -> dict[str, str]:
    return {"title": "Ein Platz für alle", "summary": "Mit Wasser.", "body": "Weil es fehlt.", "seen": "1"}


def a_choice(world: World) -> dict[str, str]:
    return {"office": str(world.parks.pk), "place_auental": str(world.town.pk)}


def a_process(world: World) -> dict[str, str]:
    return {
        "recipe": "participatory_budget", "title_de": "Neu", "title_en": "New", "office": str(world.parks.pk),
        "places": str(world.town.pk), "starts_0": (world.now + timedelta(days=9)).date().isoformat(), "starts_1": "12:00",
    }  # fmt: skip


def a_comment(world: World) -> dict[str, str]:
    return {"text": "Das finde ich gut.", "language": "de", "stance": "for"}


def a_summary(world: World) -> dict[str, str]:
    return {"text_de": "Alle wollen Bäume.", "text_en": "Everybody wants trees."}


def an_amendment(world: World) -> dict[str, str]:
    """A wording for the whole sentence below the title, whatever the proposal."""
    return {"passage": "summary-0-9", "new": "Viel mehr ", "reason": "Das ist schöner."}


def a_report(world: World) -> dict[str, str]:
    return {"rule": "respect", "words": "Das beleidigt jemanden."}


def a_decision(world: World) -> dict[str, str]:
    return {"outcome": "hide", "rule": "respect", "fact": "Ein Schimpfwort.", "reason": "Bitte ohne."}


def a_note(world: World) -> dict[str, str]:
    return {"text": "Bitte zu zweit ansehen."}


def an_appeal(world: World) -> dict[str, str]:
    return {"words": "Das sehe ich anders."}


def an_outcome(world: World) -> dict[str, str]:
    return {"outcome": "upheld", "reason": "Die Regel ist klar."}


def a_new_text(world: World) -> dict[str, str]:
    return {"text": "Jetzt ohne die Nummer."}


def a_newsletter(world: World) -> dict[str, str]:
    return {
        "audience": "all", "subject_de": "Neues", "text_de": "Viel.", "subject_en": "News", "text_en": "A lot.",
    }  # fmt: skip


def a_device(world: World) -> dict[str, Any]:
    from tests.feedback.notices.push_service import Browser

    return Browser("matrix").handed_out | {"kinds": ["followed"]}


def a_defect(world: World) -> dict[str, str]:
    """Nothing of this kind is reported close by."""
    return {
        "service": "lamp", "text": "Die Lampe vor der Schule ist aus.", "place": str(world.town.pk),
        "address": "Schulweg 1", "language": "de", "map_x": "500", "map_y": "400",
    }  # fmt: skip


def a_service(world: World) -> dict[str, str]:
    return {
        "code": "bench", "name_de": "Parkbank", "name_en": "Park bench", "office": str(world.parks.pk), "days": "9",
        "is_offered": "on",
    }  # fmt: skip


def some_cases(world: World) -> dict[str, str]:
    return {"case": str(world.moderation["case"].pk)}


# Nobody of the world has a password; people of the city have a second factor, and prove again who they are.
ASKED_AGAIN = dict.fromkeys(["visitor", "olga", "mo", "clara", "ada"], "login")
GONE = dict.fromkeys(["draft", "hidden", "withdrawn", "erased", "planned"], NOTHING)
MINE_OR_MODERATOR = everybody("nothing", visitor="login", jonas="page", mo="page", ada="page")
MINE_OR_MODERATOR_MOVED = everybody("nothing", visitor="login", jonas="moved", mo="moved", ada="moved")
ADMINS_KNOW = everybody("nothing", ada="page")
NOT_SHOWN = everybody("nothing", jonas="refused", mo="refused", ada="refused")
REPORT_STATES = {
    "of an organisation": everybody("page", ines="refused"),
    "draft": everybody("nothing", jonas="refused"),
    "planned": everybody("nothing", jonas="refused"),
    "hidden": NOT_SHOWN,
    "withdrawn": NOT_SHOWN,
    "erased": NOTHING,
}
LEADERS = staff("page", "olga", "mo", "ada")
LEADERS_NOTHING = staff("nothing", "olga", "mo", "ada")

# Only who writes a proposal, while its text may change.
NOT_THEIRS = everybody("refused", visitor="door")
AMINA_ALONE = NOT_THEIRS | {"amina": "page"}
INES_ALONE = NOT_THEIRS | {"ines": "page"}
JONAS_ALONE = NOT_THEIRS | {"jonas": "page"}


EXPECT: dict[str, dict[str, On]] = {
    # --- the roof ---
    "healthz": reads(),
    "readyz": reads(),
    "metrics": reads(NOTHING),  # neither a token nor a network may read it in the tests
    "security_txt": reads(),
    "status": reads(),
    "operation": reads(ADMINS),
    "home": reads(),
    "search": reads(),
    "results": reads(),
    "api_guide": reads(),
    "about": reads(),
    "styleguide": reads(),
    "short_receipt": {"GET": On(everybody("moved"), {NOWHERE: everybody("moved")})},
    "demo:start": reads(),
    "demo:outbox": reads(),
    "demo:mail": reads(),
    # --- accounts ---
    "accounts:me": reads(SIGNED_IN),
    "accounts:data": reads(SIGNED_IN) | {"POST": On(does(SIGNED_IN, "form"))},
    "privacy:notice": reads(),
    "privacy:versions": reads(),
    "privacy:version": reads(),
    "privacy:consents": reads(SIGNED_IN)
    | {
        "POST": On(
            everybody("refused", visitor="login", amina="done"),
            send=lambda world: {"purpose": "newsletter", "thing": ""},
        )
    },
    "privacy:requests": reads(SIGNED_IN),
    "privacy:request_new": reads(SIGNED_IN)
    | {
        "POST": On(
            ACTS,
            {"dataset": everybody("form", visitor="login")},  # "participation" is no table
            lambda world: {"words": "Bitte erklären.", "about": "participation"},
        )
    },
    "privacy:request_withdraw": {"POST": On(everybody("nothing", visitor="login", amina="done"))},
    "cocreation:privacy_desk": reads(ADMINS),
    "cocreation:privacy_request": reads(ADMINS),
    "cocreation:privacy_retention": reads(ADMINS),
    "cocreation:privacy_breaches": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:privacy_breach": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:privacy_assessment": reads(ADMINS) | {"POST": On(does(ADMINS))},
    "cocreation:privacy_answer": {
        "POST": On(does(ADMINS), send=lambda world: {"outcome": "granted", "words": "Ist berichtigt."})
    },
    "cocreation:privacy_extend": {"POST": On(does(ADMINS), send=lambda world: {"why": "Wir fragen nach."})},
    "cocreation:privacy_review": {"POST": On(does(ADMINS))},
    "cocreation:privacy_notice": reads(ADMINS) | {"POST": On(does(ADMINS), send=a_notice)},
    "privacy:register": reads(),
    "privacy:register_csv": reads(),
    "privacy:register_json": reads(),
    "privacy:copy": reads(SIGNED_IN) | {"POST": On(PROVEN)},
    "privacy:fetch": {"POST": On(PROVEN)},
    "accounts:close": reads(SIGNED_IN) | {"POST": On(does(SIGNED_IN, "form"))},
    "accounts:verifications": reads(SIGNED_IN),
    "tokens:tokens": reads(SIGNED_IN),
    "tokens:new": {
        "GET": On(everybody("page", **ASKED_AGAIN)),
        "POST": On(everybody("form", **ASKED_AGAIN)),
    },
    "tokens:revoke": {"POST": On(everybody("nothing", visitor="login", amina="done"))},
    "webhooks:new": {
        "GET": On(everybody("page", **ASKED_AGAIN)),
        "POST": On(everybody("form", **ASKED_AGAIN)),
    },
    "webhooks:webhook": {"GET": On(HOOK_OF_AMINA, {"of a team": HOOK_OF_A_TEAM})},
    "webhooks:secret": {
        method: On(
            does(HOOK_OF_AMINA, word) | ASKED_AGAIN, {"of a team": does(HOOK_OF_A_TEAM, word) | ASKED_AGAIN}
        )
        for method, word in (("GET", "page"), ("POST", "form"))
    },
    **{
        f"webhooks:{name}": {"POST": On(does(HOOK_OF_AMINA), {"of a team": does(HOOK_OF_A_TEAM)})}
        for name in ("test", "switch", "remove", "again")
    },
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
            everybody("done", visitor="kept", ines="refused", jonas="refused"), {"not confirmed": NOTHING}
        )
    },
    "accounts:guest": {"GET": On(everybody("moved", visitor="page")), "POST": On(everybody("done"))},
    "accounts:finished": {"POST": On(everybody("done", visitor="form"))},
    "accounts:claim_code": {"GET": On(everybody("moved")), "POST": On(everybody("done"))},
    "accounts:younger": reads(),
    "accounts:guardian": {
        "GET": On(everybody("moved", visitor="page")),
        "POST": On(everybody("done", visitor="form")),
    },
    "accounts:guardian_code": {"GET": On(everybody("moved")), "POST": On(everybody("done"))},
    "accounts:guardian_consent": reads() | {"POST": On(everybody("form"))},
    "accounts:member": {
        "POST": On(everybody("refused", visitor="login", ines="done"), send=lambda world: {"act": "confirm"})
    },
    # --- cocreation: processes ---
    "cocreation:file": reads(),
    "cocreation:processes": reads(),
    "cocreation:process": reads(),
    "cocreation:calendar": reads(),
    "cocreation:calendar_all": reads(),
    "cocreation:feed": reads(),
    "cocreation:follow": {"POST": On(ACTS_OR_WAITS, {"unpublished": NOTHING})},
    "cocreation:waiting": reads() | {"POST": On(everybody("done", visitor="form"))},
    "cocreation:claim": {
        "GET": On(everybody("moved", visitor="login")),
        "POST": On(everybody("done", visitor="login")),
    },
    # --- cocreation: who somebody is ---
    "cocreation:identify": reads() | {"POST": On(everybody("form"))},
    "cocreation:identified": reads() | {"POST": On(everybody("done", visitor="refused"))},
    "cocreation:identify_online": {"POST": On(NOTHING)},
    "cocreation:identify_back": reads(REFUSED, **{NOWHERE: REFUSED}),
    "cocreation:short_code": reads(everybody("moved")),
    # --- cocreation: moderation ---
    # --- moderation ---
    "moderation:rules": reads(unpublished=ADMINS_KNOW),
    "moderation:process_log": reads(unpublished=NOTHING),
    "moderation:process_log_feed": reads(unpublished=NOTHING),
    "moderation:process_log_csv": reads(unpublished=NOTHING),
    "moderation:log": reads(),
    "moderation:log_feed": reads(),
    "moderation:log_csv": reads(),
    "moderation:report": {
        "GET": On(everybody("page", amina="refused"), REPORT_STATES),
        "POST": On(
            everybody("done", amina="refused"),
            REPORT_STATES | {"of an organisation": everybody("done", ines="refused")},
            a_report,
        ),
    },
    "moderation:mine": reads(SIGNED_IN),
    "moderation:reported": reads(everybody("nothing", ines="page"), anonymous=ALL)
    | {
        "POST": On(
            everybody("nothing", ines="refused"),
            {"anonymous": everybody("refused")},
            an_appeal,
        )
    },
    "moderation:statement_of": {"GET": On(MINE_OR_MODERATOR_MOVED)},
    "moderation:statement": reads(MINE_OR_MODERATOR)
    | {
        "POST": On(
            everybody("nothing", visitor="login", jonas="refused", mo="refused", ada="refused"),
            send=an_appeal,
        )
    },
    "moderation:change": {
        "GET": On(everybody("nothing", visitor="login", jonas="page", mo="refused", ada="refused")),
        "POST": On(
            everybody("nothing", visitor="login", jonas="done", mo="refused", ada="refused"), send=a_new_text
        ),
    },
    "moderation:queue": reads(MODERATORS),
    "moderation:case": reads(MODERATORS) | {"POST": On(does(MODERATORS), send=a_decision)},
    "moderation:claim": {"POST": On(does(MODERATORS))},
    "moderation:note": {"POST": On(does(MODERATORS), send=a_note)},
    "moderation:again": {"POST": On(does(MODERATORS, "refused"), send=a_note)},
    "moderation:undo": {"POST": On(staff("nothing", "ada") | {"mo": "refused"})},
    "moderation:many": {
        "POST": On(does(MODERATORS, "form"), send=some_cases)
    },  # it shows first what would happen
    "moderation:appeals": reads(MODERATORS),
    "moderation:appeal": reads(MODERATORS)
    | {"POST": On(staff("done", "ada") | {"mo": "refused"}, send=an_outcome)},
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
    # --- cocreation: conversations ---
    "conversation:debate": reads()
    | {
        "POST": On(
            ACTS_OR_WAITS,
            {"over": everybody("refused", olga="form", ada="form"), "unpublished": REFUSED},
            a_comment,
        )
    },
    "conversation:feed": reads(unpublished=NOTHING),
    "conversation:summary": reads(LEADERS) | {"POST": On(does(LEADERS), send=a_summary)},
    "conversation:feed_on": {"GET": On(ALL, GONE)},
    "conversation:on": {
        "GET": On(ALL, GONE),
        "POST": On(
            everybody("refused", olga="form", ada="form"),
            {**dict.fromkeys(["public", "of an organisation", "to assess"], ACTS_OR_WAITS), **GONE},
            a_comment,
        ),
    },
    "conversation:summary_on": {
        "GET": On(LEADERS, dict.fromkeys(GONE, LEADERS_NOTHING)),
        "POST": On(does(LEADERS), dict.fromkeys(GONE, LEADERS_NOTHING), a_summary),
    },
    "conversation:comment": reads(),
    "conversation:reply": reads(hidden=REFUSED) | {"POST": On(ACTS_OR_WAITS, {"hidden": REFUSED}, a_comment)},
    "conversation:edit": {
        method: On(
            everybody("refused", visitor="door"),
            {"fresh": everybody("refused", visitor="door", jonas=outcome)},
            a_comment,
        )
        for method, outcome in [("GET", "page"), ("POST", "done")]
    },
    "conversation:withdraw": {
        method: On(
            everybody("refused", visitor="door"),
            {
                "public": everybody("refused", visitor="door", amina=outcome),
                "official": everybody("refused", visitor="door", olga=outcome),
                **dict.fromkeys(["fresh", "hidden"], everybody("refused", visitor="door", jonas=outcome)),
                **dict.fromkeys(
                    ["question", "on_fountain"], everybody("refused", visitor="door", ines=outcome)
                ),
            },
        )
        for method, outcome in [("GET", "page"), ("POST", "done")]
    },
    "conversation:helpful": {
        "POST": On(
            ACTS_OR_WAITS,
            {
                "public": everybody("done", visitor="kept", amina="refused"),
                "fresh": everybody("done", visitor="kept", jonas="refused"),
                "official": everybody("done", visitor="kept", olga="refused"),
                **dict.fromkeys(
                    ["question", "on_fountain"], everybody("done", visitor="kept", ines="refused")
                ),
                "hidden": REFUSED,
            },
        )
    },
    "conversation:pin": {
        "POST": On(
            everybody("refused", visitor="door"),
            {"official": everybody("refused", visitor="door", olga="done", ada="done")},
        )
    },
    # --- cocreation: four eyes, people and roles ---
    "cocreation:identity": reads(FOUR_EYES)
    | {
        "POST": On(
            does(FOUR_EYES),
            {"public": does(FOUR_EYES, "form")},  # mo has asked already
            lambda world: {"reason": "Jemand wird bedroht."},
        )
    },
    "cocreation:approvals": reads(FOUR_EYES),
    "cocreation:decide": {"POST": On(does(FOUR_EYES))},
    "cocreation:jobs": reads(ADMINS),
    "cocreation:job_retry": {"POST": On(does(ADMINS, "refused"))},
    "cocreation:job_run": {"POST": On(does(ADMINS))},
    "cocreation:people": reads(ADMINS),
    "cocreation:grant": reads(ADMINS)
    | {
        "POST": On(
            does(ADMINS), send=lambda world: {"email": world.jonas.email, "role": "observer", "where": "city"}
        )
    },
    "cocreation:staff_acts": reads(ADMINS),
    "cocreation:staff_person": reads(ADMINS),
    "cocreation:staff_training": reads(ADMINS)
    | {
        "POST": On(
            does(ADMINS),
            send=lambda world: {
                "topics": "ethics",
                "completed_on": (world.now - timedelta(days=9)).date().isoformat(),
            },
        )
    },
    "cocreation:end_grant": {"POST": On(does(ADMINS))},
    "cocreation:undo_end": {"POST": On(does(ADMINS, "refused"))},
    "cocreation:untrain": {"POST": On(does(ADMINS))},
    # --- cocreation: the desk and the studio ---
    "cocreation:desk": reads(STAFF),
    "cocreation:second_factor": reads(
        everybody("moved", visitor="login", jonas="refused", amina="refused", ines="refused")
    ),
    "cocreation:verify": reads(CLERKS) | {"POST": On(does(CLERKS), send=an_address)},
    "cocreation:organisations": reads(CLERKS)
    | {"POST": On(does(CLERKS), send=lambda world: {"organisation": "verein-neu"})},
    "cocreation:desk_entries": reads(CLERKS),
    "cocreation:desk_entry": reads(CLERKS) | {"POST": On(does(CLERKS, "form"))},
    "cocreation:studio_identity": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_check": reads(ADMINS) | {"POST": On(does(ADMINS), send=lambda world: {"act": "save"})},
    "cocreation:register_upload": {"POST": On(does(ADMINS, "form"))},
    "cocreation:register_import": reads(ADMINS)
    | {"POST": On(does(ADMINS), send=lambda world: {"act": "cancel"})},
    "cocreation:register_report": reads(ADMINS),
    "cocreation:letters": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:letters_upload": {"POST": On(does(ADMINS, "form"))},
    "cocreation:letters_batch": reads(ADMINS)
    | {"POST": On(does(ADMINS), send=lambda world: {"act": "revoke"})},
    "cocreation:letters_print": {"POST": On(does(ADMINS, "refused"))},
    "cocreation:studio": reads(ADMINS),
    "cocreation:studio_new": reads(ADMINS) | {"POST": On(does(ADMINS), send=a_process)},
    "cocreation:studio_process": reads(ADMINS),
    "cocreation:studio_texts": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_phase": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_add": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_move": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_method": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_duplicate": {"POST": On(does(ADMINS), {"collecting": does(ADMINS, "refused")})},
    "cocreation:studio_remove": {"POST": On(does(ADMINS, "refused"))},
    "cocreation:studio_restore": {"POST": On(does(ADMINS))},
    "cocreation:studio_groups": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_group": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:group_invitation": reads(SIGNED_IN)
    | {"POST": On(everybody("done", visitor="login", jonas="refused"))},
    "cocreation:group_leave": {"POST": On(everybody("nothing", visitor="login", jonas="done"))},
    # A form without anything in it says in these two that there is none of it.
    "cocreation:studio_section": reads(ADMINS)
    | {"POST": On(does(ADMINS, "form"), {"envelopes": does(ADMINS), "reach": does(ADMINS)})},
    "cocreation:studio_recipes": reads(ADMINS),
    "cocreation:studio_recipe_remove": {"POST": On(does(ADMINS), {"removed": does(ADMINS, "refused")})},
    "cocreation:studio_recipe_restore": {"POST": On(does(ADMINS, "refused"), {"removed": does(ADMINS)})},
    "cocreation:studio_save_recipe": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_export": reads(ADMINS),
    "cocreation:studio_import": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "cocreation:studio_incoming": reads(ADMINS) | {"POST": On(does(ADMINS), send=a_choice)},
    "cocreation:studio_dry_run": reads(ADMINS),
    "cocreation:studio_dry_run_go": {
        "POST": On(does(ADMINS, "refused"), {"unpublished": does(ADMINS)}, lambda world: {"phase": "ideas"})
    },
    "cocreation:studio_dry_run_act": {"POST": On(does(ADMINS, "nothing"))},
    "cocreation:studio_dry_run_remove": {"POST": On(does(ADMINS, "refused"))},
    "cocreation:studio_publish": {"POST": On(does(ADMINS, "refused"), {"unpublished": does(ADMINS)})},
    "cocreation:studio_gate": reads(ADMINS),
    "cocreation:studio_gate_item": reads(ADMINS)
    | {
        "POST": On(
            does(ADMINS),
            {"by itself": does(ADMINS, "refused")},
            lambda world: {"act": "answer", "text_de": "Alle.", "text_en": "Everybody."},
        )
    },
    "cocreation:studio_history": reads(ADMINS),
    "cocreation:studio_undo": reads(ADMINS) | {"POST": On(does(ADMINS))},
    "cocreation:studio_life": reads(ADMINS)
    | {
        "POST": On(
            does(ADMINS),
            {"unpublished": does(ADMINS, "form")},
            lambda world: {"act": "stop", "reason_de": "Kein Geld.", "reason_en": "No money."},
        )
    },
    "cocreation:find_record": reads(),
    "cocreation:record": reads(),
    "cocreation:record_feed": reads(
        **dict.fromkeys(["draft", "hidden", "withdrawn", "erased", "planned"], NOTHING)
    ),
    "cocreation:studio_handover": reads(ADMINS),
    "cocreation:preview": reads(),
    # --- proposals ---
    "proposals:list_all": reads(),
    "proposals:list": reads(),
    "proposals:feed_all": reads(),
    "proposals:feed": reads(unpublished=NOTHING),
    "proposals:propose": reads() | {"POST": On(REFUSED, {"collecting": ACTS_OR_WAITS}, a_proposal)},
    "proposals:similar": reads()
    | {"POST": On(ACTS_OR_WAITS, {}, lambda world: {"receipt": world.proposals["to_assess"].receipt})},
    "proposals:proposal": reads(),
    "proposals:receipt": reads(),
    "proposals:how_ordered": reads(),
    "proposals:geojson_all": reads(),
    "proposals:geojson": reads(),
    "proposals:csv_all": reads(),
    "proposals:csv": reads(),
    "proposals:export": {"POST": On(everybody("refused", olga="form", mo="form", ada="form"))},
    "proposals:list_file": {
        "GET": On(everybody("nothing", olga="page", ada="page")),
        "POST": On(everybody("nothing", olga="done", ada="done")),
    },
    "proposals:list_download": {"GET": On(everybody("nothing", olga="refused", ada="refused"))},
    "proposals:seek_coauthors": {
        "POST": On(
            everybody("refused", visitor="door"),
            dict.fromkeys(["public", "to assess"], everybody("refused", visitor="door", amina="done"))
            | {"of an organisation": everybody("refused", visitor="door", ines="done")}
            | {"planned": everybody("refused", visitor="door", jonas="done")},
        )
    },
    # --- proposals: searches ---
    "searches:mine": reads(SIGNED_IN),
    "searches:new": reads(SIGNED_IN)
    | {"POST": On(ACTS, send=lambda world: {"name": "Bänke", "rhythm": "daily"})},
    "searches:rhythm": {
        "POST": On(
            everybody("nothing", visitor="door", amina="done"),
            {NOWHERE: everybody("nothing", visitor="door")},
            lambda world: {"rhythm": "weekly"},
        )
    },
    "searches:delete": {
        "POST": On(
            everybody("nothing", visitor="door", amina="done"),
            {NOWHERE: everybody("nothing", visitor="door")},
        )
    },
    "proposals:support": {
        "POST": On(REFUSED, dict.fromkeys(["public", "of an organisation", "to assess"], ACTS_OR_WAITS))
    },
    "variants:variants": reads()
    | {
        "POST": On(
            REFUSED,
            {
                "public": everybody("refused", amina="done"),
                "to assess": everybody("refused", amina="done"),
                "of an organisation": everybody("refused", ines="done"),
                "planned": everybody("refused", jonas="done"),
            },
            lambda world: {"title": "Entwurf C", "words": "Mit Bank."},
        )
    },
    "variants:note": {
        "POST": On(
            ACTS_OR_WAITS, {}, lambda world: {"note-1-spot": "11", "note-1-text": "Hier fehlt Schatten."}
        )
    },
    "variants:prefer": {"POST": On(ACTS_OR_WAITS, {}, lambda world: {"choice": "fine"})},
    "variants:remove": {"POST": On(everybody("refused", amina="done"))},
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
    "proposals:follow": {"POST": On(ACTS_OR_WAITS)},
    "proposals:unfollow": {"POST": On(ACTS_HERE)},
    "proposals:renew_support": {"POST": On(everybody("refused", visitor="door"))},
    "proposals:versions": reads(),
    "proposals:version": reads(),
    "proposals:restore": {
        method: On(
            everybody("refused", visitor="door"),
            {"as it was": everybody("refused", visitor="door", ines=outcome)},
        )
        for method, outcome in [("GET", "page"), ("POST", "form")]
    },
    "proposals:edit": {method: writers(outcome) for method, outcome in [("GET", "page"), ("POST", "form")]},
    "proposals:edit_draft": {"POST": writers("form")},
    "proposals:authors": reads() | {"POST": writers("form")},
    "proposals:invitation": {
        method: On(
            everybody("nothing", visitor="login"),
            {"public": everybody("nothing", visitor="login", clara=outcome)},
        )
        for method, outcome in [("GET", "page"), ("POST", "done")]
    },
    "proposals:invitation_link": reads()
    | {
        "POST": On(
            everybody("done", visitor="login", amina="refused", clara="refused"),
            {NOWHERE: everybody("nothing")},
        )
    },
    "proposals:take_over": {"POST": On(everybody("refused", visitor="door"))},
    "proposals:take_over_decide": {"POST": On(everybody("refused", visitor="door", amina="done"))},
    "proposals:author_step": {
        "GET": On(
            everybody("refused", visitor="door", amina="page"),
            {"take back": everybody("nothing", visitor="door", amina="moved")},
        ),
        "POST": On(
            everybody("refused", visitor="door", amina="done"),
            {"take back": everybody("nothing", visitor="door", amina="done")},
        ),
    },
    "proposals:desk": reads(ASSESSORS),
    "proposals:assess": reads(ASSESSORS)
    | {"POST": On(does(ASSESSORS, "refused"), {"to assess": does(ASSESSORS)}, an_assessment)},
    # --- proposals: suggested changes ---
    "amendments:list": reads(),
    "amendments:amend": reads()
    | {
        "POST": On(
            REFUSED,
            dict.fromkeys(["public", "to assess"], everybody("done", visitor="kept", amina="refused"))
            | {"of an organisation": everybody("done", visitor="kept", ines="refused")},
            an_amendment,
        )
    },
    "amendments:amendment": reads(),
    "amendments:decide": {
        "POST": On(
            everybody("refused", visitor="door"),
            {"public": everybody("refused", visitor="door", amina="done")},
            lambda world: {"act": "decline", "reason": "Das passt nicht."},
        )
    },
    "amendments:answer": {
        "POST": On(everybody("refused", visitor="door"))
    },  # who supports it stands in its own test
    "amendments:withdraw": {
        method: On(
            everybody("refused", visitor="door"),
            {
                "public": everybody("refused", visitor="door", jonas=outcome),
                "asked": everybody("refused", visitor="door", ines=outcome),
            },
        )
        for method, outcome in [("GET", "page"), ("POST", "done")]
    },
    # --- proposals: writing together ---
    "cowriting:draft": reads(
        NOT_THEIRS,
        public=AMINA_ALONE,
        planned=JONAS_ALONE,
        **{"to assess": AMINA_ALONE, "of an organisation": INES_ALONE},
    )
    | {"POST": On(NOT_THEIRS, {"public": does(AMINA_ALONE, "form")})},
    "cowriting:start": {
        "POST": On(
            NOT_THEIRS,
            {
                **dict.fromkeys(["public", "to assess"], does(AMINA_ALONE)),
                "of an organisation": does(INES_ALONE),
                "planned": does(JONAS_ALONE),
            },
        )
    },
    "cowriting:publish": reads(NOT_THEIRS, public=AMINA_ALONE)
    | {"POST": On(NOT_THEIRS, {"public": does(AMINA_ALONE, "form")})},
    "cowriting:carry_over": {"POST": On(NOT_THEIRS)},
    "cowriting:discard": {"POST": On(NOT_THEIRS, {"public": does(AMINA_ALONE)})},
    "cowriting:restore": {"POST": On(NOT_THEIRS, {"of an organisation": does(INES_ALONE)})},
    "proposals:assess_draft": {
        "POST": On(does(ASSESSORS, "refused"), {"to assess": does(ASSESSORS, "form")})
    },
    "proposals:sheet": reads(ASSESSORS) | {"POST": On(does(ASSESSORS, "form"))},
    "proposals:sheet_export": reads(ASSESSORS),
    "proposals:distribute": {
        "GET": On(ASSESSORS, {"unpublished": does(ASSESSORS, "nothing")}),
        "POST": On(
            does(ASSESSORS, "refused"),
            {"assessing": does(ASSESSORS), "unpublished": does(ASSESSORS, "nothing")},
            a_distribution,
        ),
    },
    "proposals:assessments": reads(),
    "proposals:answer_office": {
        "GET": On(everybody("moved", amina="page")),
        "POST": On(everybody("refused", amina="done"), send=lambda world: {"answer": "Nur im Sommer."}),
    },
    # --- proposals: merging ---
    "merging:propose": {
        "GET": On(
            ACCOMPANY,
            {
                "public": everybody(
                    "moved", visitor="door", jonas="refused", ines="refused", clara="refused"
                ),
                "of an organisation": everybody(
                    "moved", visitor="door", jonas="refused", amina="refused", clara="refused"
                ),
                "to assess": ACCOMPANY | {"amina": "page"},
                "on the ballot": REFUSED_DOOR,
                "promised": REFUSED_DOOR,
                "draft": REFUSED_DOOR,
                "hidden": REFUSED_DOOR,
                "withdrawn": REFUSED_DOOR,
                "planned": REFUSED_DOOR,
            },
        ),
        "POST": On(
            does(ACCOMPANY, "form"),
            {
                "public": does(ACCOMPANY | {"amina": "page"}, "form"),
                "of an organisation": does(ACCOMPANY | {"ines": "page"}, "form"),
                "to assess": does(ACCOMPANY | {"amina": "page"}, "form"),
                "on the ballot": REFUSED_DOOR,
                "promised": REFUSED_DOOR,
                "draft": REFUSED_DOOR,
                "hidden": REFUSED_DOOR,
                "withdrawn": REFUSED_DOOR,
                "planned": REFUSED_DOOR,
            },
        ),
    },
    "merging:merge": reads()
    | {
        "POST": On(
            REFUSED_DOOR, {"at the table": REFUSED_DOOR | {"amina": "done", "ines": "done"}}, a_joint_text
        )
    },
    "merging:agree": {
        "POST": On(
            REFUSED_DOOR, {"at the table": REFUSED_DOOR | {"amina": "done"}}, lambda world: {"version": "1"}
        )
    },
    "merging:decline": {"POST": On(REFUSED_DOOR, {"at the table": REFUSED_DOOR | {"amina": "form"}})},
    "merging:without": {"POST": On(REFUSED_DOOR)},
    "merging:stop": {
        "POST": On(
            REFUSED_DOOR,
            {"at the table": REFUSED_DOOR | {"amina": "done", "mo": "done", "ada": "done", "olga": "done"}},
        )
    },
    "merging:changed": {
        "GET": On(ALL, {"at the table": NOTHING}),
        "POST": On(REFUSED_DOOR),
    },
    "merging:split": {"GET": On(REFUSED_DOOR), "POST": On(REFUSED_DOOR)},
    "merging:cluster": reads(),
    "merging:desk": reads(COMPANIONS),
    "merging:clusters": reads(COMPANIONS, unpublished=NO_COMPANION)
    | {"POST": On(does(COMPANIONS, "form"), {"unpublished": NO_COMPANION}, lambda world: {"do": "new"})},
    # --- proposals: budgets ---
    **{name: {"GET": On(NOTHING, {"answering": ALL})} for name in ("budgets:divided", "budgets:shares_file")},
    # --- proposals: ballots ---
    "ballots:ballot": reads()
    | {"POST": On(REFUSED, {"voting": everybody("kept", amina="done", ines="done")})},
    # Once the vote has opened practice leads to the ballot.
    "ballots:practice": reads(
        everybody("moved"), announced=ALL, collecting=ALL, assessing=ALL, unpublished=ADMINS_KNOW
    )
    | {
        "POST": On(
            everybody("done"),
            {
                **dict.fromkeys(["announced", "collecting", "assessing"], everybody("form")),
                "unpublished": everybody("nothing", ada="form"),
            },
        )
    },
    "ballots:secrecy": reads(),
    "ballots:result": reads(),
    "ballots:results": reads(),
    "ballots:to_publish": reads(ADMINS),
    "ballots:confirm_result": {"POST": On(does(ADMINS, "refused"))},  # it is public already
    **{
        name: {"GET": On(NOTHING, {"answering": ALL, "questions": ALL})}
        for name in ("ballots:recount", "ballots:ballots_file", "ballots:ballots_json")
    },
    "ballots:pabulib_file": reads(NOTHING, answering=ALL),  # the format knows no questions
    **{
        name: {"GET": On(NOTHING, dict.fromkeys(["voting", "answering", "questions"], ALL))}
        for name in ("ballots:board", "ballots:board_file", "ballots:heads_file")
    },
    "ballots:proof": reads(NOTHING),  # without saying of what
    "ballots:receipt": {
        "GET": On(
            NOTHING,
            dict.fromkeys(["voting", "answering", "questions"], everybody("page", visitor="door")),
        )
    },
    "ballots:receipt_mail": {  # the wish needs an open vote, and a ballot in the box
        "POST": On(NOTHING, dict.fromkeys(["voting", "answering", "questions"], REFUSED_DOOR))
    },
    "ballots:verify_program": reads(),
    "ballots:destroy_keys": {"POST": On(does(ADMINS))},
    # --- ballots on paper: the citizens' office and whoever holds the vote; only the latter print and finish ---
    "paperwork:desk": reads(CLERKS),
    "paperwork:vote": reads(CLERKS),
    "paperwork:print": {
        "POST": On(does(CLERKS, "form"))
    },  # with nothing sent; who may stands in its own test
    "paperwork:counting_sheet": reads(CLERKS),
    "paperwork:finish": {"POST": On(does(CLERKS, "refused"))},  # the vote is open
    "paperwork:person": reads(CLERKS) | {"POST": On(does(CLERKS, "form"))},
    "paperwork:take_in": reads(CLERKS) | {"POST": On(does(CLERKS, "form"))},
    "paperwork:open_batch": {"POST": On(does(CLERKS, "form"))},
    "paperwork:revoke": {"POST": On(does(CLERKS) | {"clara": "refused"})},
    "paperwork:batch": reads(CLERKS) | {"POST": On(does(CLERKS, "form"))},
    "paperwork:differences": reads(CLERKS) | {"POST": On(does(CLERKS, "form"))},
    "paperwork:cancel": {"POST": On(does(CLERKS))},
    "paperwork:add_scan": {"POST": On(does(CLERKS, "form"))},
    "paperwork:scan": reads(CLERKS),
    "paperwork:remove_scan": {"POST": On(does(CLERKS))},
    # --- open data ---
    # A card for other sites is the same for everybody: what a visitor may not see, nobody sees there, not even its author.
    "cocreation:process_embed": reads(unpublished=NOTHING),
    "proposals:proposal_embed": reads(draft=NOTHING, hidden=NOTHING, withdrawn=NOTHING, planned=NOTHING),
    "oembed": {"GET": On(NOTHING)},  # asked without an address
    "opendata:catalogue": reads(),
    "opendata:dataset": reads(),
    "opendata_file": reads(),
    "opendata_newest": {"GET": On(everybody("moved"))},
    "opendata_dcat": reads(),
    "opendata:figures": reads(),
    "opendata:desk_figures": reads(STAFF),
    # --- feedback: who takes part ---
    "reach:answers": reads(SIGNED_IN) | {"POST": On(ACTS)},
    "reach:forget": {"POST": On(ACTS)},
    "reach:desk": reads(STAFF)
    | {"POST": On(STAFF | {"olga": "refused", "mo": "refused", "clara": "refused", "ada": "done"})},
    "reach:desk_process": reads(STAFF, unpublished=does(STAFF, "nothing")),
    "opendata_figures": reads(),
    "opendata_package": reads(),
    "opendata_csvw": reads(),
    "opendata:process": reads(ALL, draft=NOTHING),
    "opendata_process_package": reads(ALL, **{"draft": NOTHING, "not written yet": NOTHING}),
    "opendata_package_schema": reads(),
    # --- the council ---
    "council:desk": reads(ADMINS) | {"POST": On(does(ADMINS, "form"))},
    "council:read": {"POST": On(does(ADMINS))},
    "council:leave": {"POST": On(does(ADMINS))},
    "oparl_system": reads(),
    "oparl_bodies": reads(),
    "oparl_body": reads(),
    "oparl_papers": reads(),
    "oparl_paper": reads(),
    "oparl_nothing": reads(),
    # --- feedback ---
    "feedback:commitments": reads(),
    "feedback:commitments_feed": reads(),
    "feedback:commitments_calendar": reads(),
    "feedback:commitment": reads(),
    "feedback:works": {"POST": On(REFUSED, {"delivered": ACTS_OR_WAITS}, lambda world: {"value": "yes"})},
    "feedback:answers": reads(),
    "feedback:helpful": {"POST": On(REFUSED | {"amina": "done"}, {}, lambda world: {"value": "yes"})},
    "feedback:ask_back": {"POST": On(REFUSED, {}, lambda world: {"question": "Und wo?"})},
    "feedback:plan": reads(ALL, **{"not yet": NOTHING}),
    "feedback:desk_draft": reads(ASSESSORS) | {"POST": On(does(ASSESSORS, "form"))},
    "feedback:desk_many": reads(ASSESSORS, unpublished=NO_TEXT)
    | {"POST": On(does(ASSESSORS, "form"), {"unpublished": NO_TEXT})},
    "feedback:desk_question": reads(ASSESSORS) | {"POST": On(does(ASSESSORS, "form"))},
    "feedback:desk_plans": reads(ASSESSORS, unpublished=NO_TEXT)
    | {"POST": On(does(ASSESSORS, "form"), {"unpublished": NO_TEXT})},
    "feedback:desk_plan": reads(ASSESSORS, plan=NO_TEXT) | {"POST": On(does(ASSESSORS), {"plan": NO_TEXT})},
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
    "feedback:points": reads(),
    "feedback:ask": reads() | {"POST": On(everybody("done"), {}, three_answers)},
    "feedback:poster_ask": reads(NOTHING, delivered=ALL)
    | {"POST": On(NOTHING, {"delivered": everybody("form")}, three_answers)},
    "feedback:poster": reads(NOTHING, delivered=ALL),
    "feedback:take_on": {"POST": On(everybody("done", visitor="kept", ines="refused"))},
    "feedback:take_back": {"POST": On(NOTHING | {"ines": "done"})},
    "feedback:task_done": {"POST": On(NOTHING | {"ines": "done"}, {}, lambda world: {"hours": "3"})},
    "feedback:reports": reads(),
    "feedback:reports_feed": reads(),
    "feedback:report": reads(NOTHING, answering=ALL),
    "feedback:report_pdf": reads(NOTHING, answering=ALL),
    "feedback:desk_update": reads(ASSESSORS)
    | {"POST": On(does(ASSESSORS), {}, lambda world: {"text_de": "Der Boden ist eben.", "files-part": "1"})},
    "feedback:desk_spend": {"POST": On(does(ASSESSORS), {}, an_amount)},
    "feedback:desk_give_up": {
        "POST": On(
            does(ASSESSORS),
            {"delivered": does(ASSESSORS, "refused")},
            lambda world: {"end-reason_de": "Der Boden trägt nicht.", "end-seen": "on"},
        )
    },
    "feedback:desk_hand_over": {
        "POST": On(
            does(ASSESSORS),
            {"delivered": does(ASSESSORS, "refused")},
            lambda world: {"hand-office": str(world.money.pk), "hand-reason_de": "Neu verteilt."},
        )
    },
    "feedback:desk_offer_task": {
        "POST": On(does(ASSESSORS), {"delivered": does(ASSESSORS, "refused")}, a_task)
    },
    "feedback:desk_close_task": {"POST": On(does(ASSESSORS))},
    "feedback:desk_reopen": {"POST": On(does(ASSESSORS, "refused"), {}, where_to_ask_again)},
    "feedback:desk_winners": reads(ASSESSORS, unpublished=does(ASSESSORS, "nothing"))
    | {"POST": On(does(ASSESSORS, "form"), {"unpublished": does(ASSESSORS, "nothing")})},
    "feedback:desk_reports": reads(ASSESSORS),
    "feedback:desk_report": reads(
        does(ASSESSORS, "refused"), answering=does(ASSESSORS, "moved"), unpublished=does(ASSESSORS, "nothing")
    )
    | {
        "POST": On(
            does(ASSESSORS, "refused"),
            {"answering": does(ASSESSORS), "unpublished": does(ASSESSORS, "nothing")},
        )
    },
    # --- feedback: problem reports; all services of the world with reports are of the parks office ---
    "defects:list": reads(),
    "defects:points": reads(),
    "defects:new": reads() | {"POST": On(ACTS_OR_WAITS, send=a_defect)},
    "defects:defect": reads(),
    "defects:follow": {"POST": On(ACTS_OR_WAITS)},
    "defects:unfollow": {"POST": On(ACTS_HERE)},
    "defects:withdraw": {
        "POST": On(
            everybody("refused", visitor="door"),
            {
                "open": everybody("refused", visitor="door", amina="done"),
                "overdue": everybody("refused", visitor="door", ines="done"),
                "hidden": everybody("refused", visitor="door", jonas="done"),
            },
        )
    },
    "defects:desk": reads(ASSESSORS),
    "defects:desk_defect": reads(ASSESSORS, hidden=staff("nothing", "olga") | {"ada": "page"})
    | {
        "POST": On(
            does(ASSESSORS),
            {"hidden": staff("nothing", "olga") | {"ada": "refused"}},
            lambda world: {"status": "done", "reason_de": "Erledigt."},
        )
    },
    "defects:services": reads(ADMINS) | {"POST": On(does(ADMINS), send=a_service)},
    "defects:service": reads(ADMINS) | {"POST": On(does(ADMINS), send=a_service)},
    "open311_discovery": reads(),
    "open311_services": reads(),
    "open311_service": reads(),
    # Without a key everybody is refused, whoever their browser says they are.
    "open311_requests": reads() | {"POST": On(REFUSED)},
    "open311_request": reads(hidden=NOTHING),
    # --- feedback: notices ---
    "notices:inbox": reads(SIGNED_IN),
    "notices:read": {"POST": On(ACTS)},
    "notices:settings": reads(SIGNED_IN) | {"POST": On(does(SIGNED_IN, "form"))},
    "notices:stop": {"POST": On(ACTS)},
    "notices:limits": {"POST": On(ACTS, send=lambda world: {"most_a_week": "7"})},
    "notices:thing": {"POST": On(ACTS, send=lambda world: {"follow": "0", "stop": "1"})},
    "notices:follow": {"POST": On(ACTS, send=lambda world: {"thing": f"place-{world.town.pk}"})},
    "notices:try_again": {"POST": On(ACTS)},
    "notices:device": {"POST": On(ACTS, send=a_device)},
    "notices:forget_device": {"POST": On(ACTS, send=lambda world: {"device": "0"})},
    "notices:mails": reads(ADMINS),
    "notices:preview": reads(ADMINS),
    "notices:newsletters": reads(ADMINS),
    "notices:newsletter_new": reads(ADMINS) | {"POST": On(does(ADMINS), send=a_newsletter)},
    "notices:newsletter": reads(ADMINS) | {"POST": On(does(ADMINS), send=lambda world: {"do": "take_back"})},
    "notices:unsubscribe": reads() | {"POST": On(everybody("form"))},
}

# django-allauth's own pages: public ones, those of one's own account, and never anything of somebody else.
# The package tests what they do; the crawl looks at how they are shown.
ALLAUTH = re.compile(r"^(account|mfa)_\w+$")
