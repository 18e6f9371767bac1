"""Who may do what through the public interface: one reviewed table for every operation. What is not in it fails."""

from __future__ import annotations

from typing import Any

from tests.api_visits import Call
from tests.states import NOWHERE, who_may_know
from tests.visits import is_nowhere
from tests.world import World

BODIES: dict[str, Any] = {
    "propose": lambda world: _a_proposal(world),
    "checkProposal": lambda world: _a_proposal(world),
    "revise": lambda world: {"title": "Ein Titel", "summary": "Neu.", "body": "Neu.", "note": "Alles neu.", "seen": 1},
    "withdrawProposal": lambda world: {"reason": "Es gibt ihn schon."},
    "assess": lambda world: {"verdict": "feasible", "cost": "1200", "reason_de": "Das geht."},
    "amend": lambda world: {"passage": "summary-0-9", "new": "Viel mehr ", "reason": "Das ist schöner."},
    "decideAmendment": lambda world: {"act": "decline", "reason": "Lieber nicht."},
    "comment": lambda world: {"text": "Das finde ich gut.", "stance": "for"},
    "commentInDebate": lambda world: {"text": "Das finde ich gut.", "stance": "for"},
    "reply": lambda world: {"text": "Ich auch."},
    "editComment": lambda world: {"text": "Sehr gut."},
    "report": lambda world: {"rule": "respect", "words": "Das beleidigt jemanden."},
    "decideCase": lambda world: {"outcome": "hide", "rule": "respect", "fact": "Ein Schimpfwort.", "reason": "Bitte ohne."},
    "answer": lambda world: {"status": "accepted", "reason_code": "doable", "reason_de": "Wir bauen es."},
    "completeStep": lambda world: {"spent": "400"},
    "delayCommitment": lambda world: {"new_due": "2099-01-01", "reason_de": "Die Bänke kommen später."},
    "deliver": lambda world: {"text_de": "Sie stehen."},
    "evaluate": lambda world: {"text_de": "Es wird genutzt."},
    "registerWebhook": lambda world: {"name": "Chat", "url": "https://chat.example.org/in", "kinds": ["proposals"]},
    "createProcess": lambda world: {
        "recipe": "participatory_budget", "title_de": "Neu", "title_en": "New", "office": "parks", "places": ["auental"],
        "starts": "2099-01-01T08:00:00+01:00",
    },
    "changeProcess": lambda world: {"question_de": "Was soll wachsen?"},
    "changePhase": lambda world: {"text_de": "Alle sagen etwas."},
}  # fmt: skip


def _a_proposal(world: World) -> dict[str, str]:
    return {
        "title": "Mehr Schatten am Spielplatz", "summary": "Drei Bäume.", "body": "Weil es dort heiß ist.", "theme": "green",
        "place": world.village.slug, "language": "de",
    }  # fmt: skip


ROLES = ("visitor", "jonas", "amina", "ines", "olga", "mo", "clara", "ada")
Row = dict[str, int]


def everybody(status: int, **others: int) -> Row:
    assert not others.keys() - set(ROLES)
    return dict.fromkeys(ROLES, status) | others


def acts(status: int, **others: int) -> Row:
    """Who is signed in; visitors are to sign in."""
    return everybody(status, visitor=401) | others


ALL = everybody(200)
MODERATORS = acts(403, mo=200, ada=200)
OFFICIALS = acts(403, olga=200, ada=200)
OFFICIALS_MADE = acts(403, olga=201, ada=201)
LATE = acts(403, olga=422, ada=422)
NOT_SHOWN = dict.fromkeys(["draft", "hidden", "withdrawn", "planned"], acts(403))
# What is not shown has no conversation, for nobody.
NO_TALK = dict.fromkeys(["draft", "hidden", "withdrawn", "planned"], everybody(404))


def reads(**states: Row) -> dict[str, Row]:
    return {"": ALL, **{state.replace("_", " "): row for state, row in states.items()}}


def of_amina_or_a_team(status: int) -> dict[str, Row]:
    """An address that is told: of whoever registered it, or of those who may set up its process."""
    return {"": acts(404, amina=status), "of a team": acts(404, ada=status)}


# What one may not know of is 404 without being said here; visitors who want to act are 401 before anything is looked up.
EXPECT: dict[str, dict[str, Row]] = {
    "me": {"": acts(200)},
    "readAboutMe": {"": acts(200)},
    "sayAboutMe": {"": acts(204)},
    "takeBackAboutMe": {"": acts(204)},
    # --- places, processes ---
    "listPlaces": reads(),
    "readPlace": reads(),
    "listOffices": reads(),
    "listProcesses": reads(),
    "readProcess": reads(),
    "listPhases": reads(),
    "follow": {"": acts(204)},
    "unfollow": {"": acts(204)},
    # --- studio ---
    "createProcess": {"": acts(403, ada=201)},
    # Once it has begun, a change of its scope needs a public reason.
    "changeProcess": {"": acts(403, ada=422), "announced": acts(403, ada=200), "unpublished": acts(403, ada=200)},
    "changePhase": {"": acts(403), "unpublished": acts(403, ada=200), "nowhere: key": acts(403, ada=404)},
    "publishProcess": {"": acts(403), "unpublished": acts(403, ada=200)},
    # --- conversations ---
    "listComments": reads() | NO_TALK,
    # Who speaks for an office may still answer, and then says for which.
    "comment": {"": acts(201), "on the ballot": LATE, "promised": LATE} | {s: acts(404) for s in NO_TALK},
    "listDebate": reads(),
    "commentInDebate": {"": acts(201), "over": LATE, "unpublished": acts(403)},
    "readComment": reads(),
    "editComment": {"": acts(403), "fresh": acts(403, jonas=200)},
    "reply": {"": acts(201), "hidden": acts(403)},
    "withdrawComment": {
        "": acts(403, ines=200), "public": acts(403, amina=200), "hidden": acts(403, jonas=200), "fresh": acts(403, jonas=200),
        "official": acts(403, olga=200),
    },
    "findHelpful": {
        "": acts(200, ines=403), "public": acts(200, amina=403), "hidden": acts(403), "fresh": acts(200, jonas=403),
        "official": acts(200, olga=403),
    },
    "takeBackHelpful": {"": acts(403)},
    # --- moderation ---
    "report": {"": acts(201, amina=403), "of an organisation": acts(201, ines=403), **NOT_SHOWN},
    "listCases": {"": MODERATORS | {"visitor": 401}},
    "readCase": {"": MODERATORS},
    "decideCase": {"": MODERATORS},
    # --- proposals ---
    "listProposals": reads(),
    "listProposalsOfProcess": reads(),
    "propose": {"": acts(403), "collecting": acts(201)},
    "checkProposal": {"": acts(403), "collecting": acts(200)},
    "readProposal": reads(),
    "listRevisions": reads(),
    "revise": {
        "": acts(403), "public": acts(403, amina=201), "of an organisation": acts(403, ines=409), "to assess": acts(403, amina=409),
        "planned": acts(403, jonas=201),
    },
    "readRevision": reads(),
    "support": {"": acts(200), "on the ballot": acts(403), "promised": acts(403), **NOT_SHOWN},
    "withdrawSupport": {"": acts(403)},
    "withdrawProposal": {
        "": acts(403), "public": acts(403, amina=200), "to assess": acts(403, amina=200), "of an organisation": acts(403, ines=200),
        "draft": acts(200), "hidden": acts(403, jonas=200), "planned": acts(200),
    },
    "listAssessments": reads(),
    "assess": {"": acts(403), "to assess": acts(403, olga=201, ada=201)},
    "listWebhooks": {"": acts(200)},
    "registerWebhook": {"": acts(201)},
    "readWebhook": of_amina_or_a_team(200),
    "removeWebhook": of_amina_or_a_team(204),
    "renewSecret": of_amina_or_a_team(200),
    "switchWebhookOn": of_amina_or_a_team(200),
    "switchWebhookOff": of_amina_or_a_team(200),
    "listDeliveries": of_amina_or_a_team(200),
    "testWebhook": of_amina_or_a_team(201),
    "sendAgain": of_amina_or_a_team(200),
    "listFigures": reads(),
    "readFigure": reads(),
    # --- votes ---
    "listResults": reads(),
    "readResult": reads(unpublished=everybody(404)),
    "listBallots": reads(unpublished=everybody(404)),
    # --- suggested changes ---
    "listAmendments": reads(),
    "amend": {
        "": acts(201, amina=403), "of an organisation": acts(201, ines=403), "on the ballot": acts(403), "promised": acts(403),
        **NOT_SHOWN,
    },
    "readAmendment": reads(),
    "decideAmendment": {"": acts(403), "public": acts(403, amina=200)},
    "withdrawAmendment": {"": acts(403), "public": acts(403, jonas=200), "asked": acts(403, ines=200)},
    # --- what comes back ---
    "listAnswers": reads(),
    "readAnswer": reads(),
    "answer": {"": acts(403), "promised": OFFICIALS_MADE},
    "listCommitments": reads(),
    "readCommitment": reads(),
    "startCommitment": {"": OFFICIALS, "delivered": acts(403)},
    "completeStep": {"": OFFICIALS},
    "delayCommitment": {"": OFFICIALS, "delivered": acts(403)},
    "deliver": {"": OFFICIALS, "delivered": acts(403)},
    "evaluate": {"": acts(403), "delivered": OFFICIALS},
}  # fmt: skip

# Who may not do it at all is told so before the thing itself is looked up.
DOOR_FIRST = {
    ("readCase", ""),
    ("decideCase", ""),
    ("changePhase", ": key"),
    ("completeStep", ": step"),
    ("completeStep", ": step of another"),
}


def expected(call: Call, role: str) -> int:
    rows = EXPECT[call.operation.id]
    status = rows.get(call.state, rows[""])[role]
    knows = who_may_know(call.route, call.state)
    unknown = is_nowhere(call.state) or (knows is not None and role not in knows)
    if not unknown or status == 401:
        return status
    door = (call.operation.id, call.state.removeprefix(NOWHERE)) in DOOR_FIRST
    return status if door and status == 403 else 404
