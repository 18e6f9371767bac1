"""What the parameters of an address stand for, and every state the thing behind it can be in.

A parameter nobody explained here fails the matrix: a new address has to say what it leads to.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

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
    "uploaded": {"ada"},
    "at the table": {"amina", "ines", "olga", "mo", "ada"},
    "no staff": set(),
    "a file that waits": {"jonas"},
}

# A receipt says of a thing that is gone that it is gone, and when, to whoever holds its number; never a word of its text.
# What was never published has no public receipt, not even for its author: nothing has been received.
SAID_BY_RECEIPTS: dict[str, set[str]] = {"draft": set(), "planned": set()}


def who_may_know(route: Route, state: str) -> set[str] | None:
    """None: everybody, or it does not matter: the short address of a receipt leads on without looking."""
    if route.name in ("short_receipt", "conversation:comment"):
        return None
    return (SAID_BY_RECEIPTS if route.name in ("proposals:receipt", "cocreation:record") else MAY_KNOW).get(
        state
    )


def _process(world: World, route: Route) -> dict[str, Values]:
    known = {key: {"slug": world.processes[key].slug} for key in PROCESSES}
    return known | {"unpublished": {"slug": world.processes["draft"].slug}, NOWHERE: {"slug": NO_SLUG}}


def _voted_on(world: World, route: Route) -> dict[str, Values]:
    """The pages of votes: those of every process, and of one in which questions were answered."""
    known = _process(world, route)
    if "questions" in world.processes:
        known["questions"] = {"slug": world.processes["questions"].slug}
    return known


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
    return {
        section.slug: {"slug": slug, "section": section.slug}
        for section in studio_sections
        if section.concerns(world.processes["draft"])
    } | {
        f"{NOWHERE}: section": {"slug": slug, "section": NO_SLUG},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "section": next((s.slug for s in studio_sections), NO_SLUG)},
    }


def _gate_item(world: World, route: Route) -> dict[str, Values]:
    """An item that is answered in words, one the product sees by itself, one that does not exist; a public process."""
    slug = world.processes["draft"].slug
    return {
        "in words": {"slug": slug, "item": 9},
        "by itself": {"slug": slug, "item": 10},
        "public": {"slug": world.processes["collecting"].slug, "item": 9},
        f"{NOWHERE}: item": {"slug": slug, "item": 21},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "item": 9},
    }


def _step(world: World, route: Route) -> dict[str, Values]:
    """A step of the history that can be undone; none; one of another process."""
    return {
        "a draft": {"slug": world.processes["draft"].slug, "pk": world.step.pk},
        f"{NOWHERE}: pk": {"slug": world.processes["draft"].slug, "pk": NO_KEY},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "pk": world.step.pk},
        f"{NOWHERE}: of another process": {"slug": world.processes["collecting"].slug, "pk": world.step.pk},
    }


def _preview(world: World, route: Route) -> dict[str, Values]:
    return {"valid": {"token": world.preview.token}, NOWHERE: {"token": NO_TOKEN}}


def _removed(world: World, route: Route) -> dict[str, Values]:
    return {
        "taken out": {"slug": "draft", "pk": world.removed.pk},
        f"{NOWHERE}: pk": {"slug": "draft", "pk": NO_KEY},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "pk": world.removed.pk},
        f"{NOWHERE}: other process": {"slug": "collecting", "pk": world.removed.pk},
    }


def _group(world: World, route: Route) -> dict[str, Values]:
    process = {"slug": "draft"} if "slug" in route.params else {}
    nowhere = {f"{NOWHERE}: group": process | {"group": NO_SLUG}}
    if process:
        nowhere[f"{NOWHERE}: slug"] = {"slug": NO_SLUG, "group": world.group.slug}
    return {"of the city": process | {"group": world.group.slug}, **nowhere}


def _invitation(world: World, route: Route) -> dict[str, Values]:
    return {"open": {"code": world.invitation.code}, NOWHERE: {"code": NO_TOKEN}}


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


def _task(world: World, route: Route) -> dict[str, Values]:
    """A task of a promise; one of what is hidden; one that belongs to another promise."""
    known = {
        state: {"pk": world.commitments[name].pk, "task": world.tasks[name].pk}
        for name, state in (("answering0", "promised"), ("answering2", "of a hidden one"))
    }
    return known | {
        f"{NOWHERE}: task": {"pk": world.commitments["answering0"].pk, "task": NO_KEY},
        f"{NOWHERE}: of another": {
            "pk": world.commitments["delivered"].pk, "task": world.tasks["answering0"].pk,
        },
    }  # fmt: skip


def _asked(world: World, route: Route) -> dict[str, Values]:
    from feedback.links import token

    return {
        "signed": {"token": token(world.commitments["delivered"].pk, world.amina.pk)},
        NOWHERE: {"token": NO_TOKEN},
    }


def _debate(world: World, route: Route) -> dict[str, Values]:
    slug = world.processes["collecting"].slug
    return {
        "open": {"slug": slug, "key": "talk"},
        "over": {"slug": world.processes["answering"].slug, "key": "talk"},
        "unpublished": {"slug": world.processes["draft"].slug, "key": "talk"},
        f"{NOWHERE}: not a debate": {"slug": slug, "key": "ideas"},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "key": "talk"},
    }


def _comment(world: World, route: Route) -> dict[str, Values]:
    known = {key: {"receipt": comment.receipt} for key, comment in world.comments.items()}
    return known | {NOWHERE: {"receipt": NO_RECEIPT}}


def _amendment(world: World, route: Route) -> dict[str, Values]:
    known = {key: {"receipt": each.receipt} for key, each in world.amendments.items()}
    return known | {NOWHERE: {"receipt": NO_RECEIPT}}


def _mail(world: World, route: Route) -> dict[str, Values]:
    return {NOWHERE: {"identity": NO_SLUG}}


def _stop(world: World, route: Route) -> dict[str, Values]:
    from feedback.notices.letters import token

    return {"signed": {"token": token(world.amina.pk, ["supported"])}, NOWHERE: {"token": NO_TOKEN}}


def _verb(world: World, route: Route) -> dict[str, Values]:
    return {
        "answered": {"verb": "contribution.answered"},
        "a newsletter": {"verb": "newsletter.sent"},
        NOWHERE: {"verb": NO_SLUG},
    }


def _periodic(world: World, route: Route) -> dict[str, Values]:
    return {"periodic": {"task": "jobs.forget_old"}, NOWHERE: {"task": NO_SLUG}}


def _waiting(world: World, route: Route) -> dict[str, Values]:
    return {"kept": {"token": world.waiting.pk}, NOWHERE: {"token": NO_TOKEN}}


def _recipe(world: World, route: Route) -> dict[str, Values]:
    return {name: {"recipe": recipe.slug} for name, recipe in world.recipes.items()} | {
        NOWHERE: {"recipe": NO_SLUG}
    }


def _package(world: World, route: Route) -> dict[str, Values]:
    return {"uploaded": {"token": world.package.pk}, NOWHERE: {"token": NO_TOKEN}}


def _consent(world: World, route: Route) -> dict[str, Values]:
    return {NOWHERE: {"token": NO_TOKEN}}


def _identified(world: World, route: Route) -> dict[str, Values]:
    slug = world.announced.slug
    return {
        "found": {"slug": slug, "token": world.visit.pk},
        f"{NOWHERE}: token": {"slug": slug, "token": NO_TOKEN},
        f"{NOWHERE}: slug": {"slug": world.collecting.slug, "token": world.visit.pk},
    }


def _online(world: World, route: Route) -> dict[str, Values]:
    """No provider is set up in the world; tests/cocreation/checks/test_online.py brings one."""
    return {f"{NOWHERE}: provider": {"slug": world.announced.slug, "provider": NO_SLUG}}


def _back(world: World, route: Route) -> dict[str, Values]:
    return {f"{NOWHERE}: nothing was started": {"provider": NO_SLUG}}


def _short(world: World, route: Route) -> dict[str, Values]:
    return {
        "announced": {"number": world.announced.pk},
        "unpublished": {"number": world.processes["draft"].pk},
        f"{NOWHERE}: number": {"number": NO_KEY},
    }


def _way(world: World, route: Route) -> dict[str, Values]:
    from cocreation.checks.base import adapters

    slug = world.announced.slug
    return {way: {"slug": slug, "way": way} for way in adapters.slugs()} | {
        f"{NOWHERE}: way": {"slug": slug, "way": NO_SLUG},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "way": "oidc"},
    }


def _upload(*names: str) -> Callable[[World, Route], dict[str, Values]]:
    def found(world: World, route: Route) -> dict[str, Values]:
        slug = world.announced.slug
        return {name: {"slug": slug, "pk": world.uploads[name].pk} for name in names} | {
            f"{NOWHERE}: pk": {"slug": slug, "pk": NO_KEY},
            f"{NOWHERE}: other process": {"slug": world.collecting.slug, "pk": world.uploads[names[0]].pk},
        }

    return found


def _desk_entry(world: World, route: Route) -> dict[str, Values]:
    """Only published processes that check at the desk."""
    return {
        "at the desk": {"slug": world.announced.slug},
        f"{NOWHERE}: not at the desk": {"slug": world.collecting.slug},
        NOWHERE: {"slug": NO_SLUG},
    }


def _about(world: World, route: Route) -> dict[str, Values]:
    from quartier.pages import PAGES

    return {page: {"page": page} for page in PAGES} | {NOWHERE: {"page": NO_SLUG}}


def _reset(world: World, route: Route) -> dict[str, Values]:
    return {NOWHERE: {"uidb36": "zz", "key": "no-such-key"}}


def _staff(world: World, route: Route) -> dict[str, Values]:
    return {
        "staff": {"person": world.mo.pk},
        "no staff": {"person": world.amina.pk},
        NOWHERE: {"person": NO_KEY},
    }


def _file(world: World, route: Route) -> dict[str, Values]:
    """Beside proposals in every state; one that waits for its proposal."""
    known = {PROPOSALS[name]: {"key": file.key} for name, file in world.files.items() if name in PROPOSALS}
    return known | {"a file that waits": {"key": world.files["waiting"].key}, NOWHERE: {"key": NO_TOKEN[:22]}}


def _variant(world: World, route: Route) -> dict[str, Values]:
    receipt = world.proposals["fountain"].receipt
    return {
        "public": {"receipt": receipt, "number": 1},
        f"{NOWHERE}: number": {"receipt": receipt, "number": 99},
        f"{NOWHERE}: receipt": {"receipt": NO_RECEIPT, "number": 1},
    }


def _key(name: str, of: Callable[[World], Any]) -> Callable[[World, Route], dict[str, Values]]:
    """One thing that is there, and one that is not."""
    return lambda world, route: {"there": {name: of(world)}, NOWHERE: {name: NO_KEY}}


def _webhook(name: str, row: str = "") -> Callable[[World, Route], dict[str, Values]]:
    """An address of Amina's, one of a team, one that is not; and messages that belong to another one."""

    def known(world: World, route: Route) -> dict[str, Values]:
        hooks, sent = world.webhooks, world.deliveries
        found = {
            state: {name: hooks[key].pk} | ({row: sent[key].pk} if row else {})
            for state, key in (("of amina", "amina"), ("of a team", "team"))
        }
        found[f"{NOWHERE}: {name}"] = {name: NO_KEY} | ({row: sent["amina"].pk} if row else {})
        if row:
            found[f"{NOWHERE}: {row}"] = {name: hooks["amina"].pk, row: NO_KEY}
            found[f"{NOWHERE}: of another"] = {name: hooks["amina"].pk, row: sent["team"].pk}
        return found

    return known


def _table(world: World, route: Route) -> dict[str, Values]:
    """Two tables with versions, one that waits for its first, one to ask for; and one that is none."""
    return {
        "written": {"slug": "proposals"},
        "written twice": {"slug": "places"},
        "not written yet": {"slug": "votes"},
        "on request": {"slug": "comments-with-words"},
        NOWHERE: {"slug": NO_SLUG},
    }


def _council(world: World, route: Route) -> dict[str, Values]:
    return {"": {"source": world.council.pk}, NOWHERE: {"source": NO_KEY}}


def _defect(world: World, route: Route) -> dict[str, Values]:
    """Reports of tests/worlds/defects.py, by the page or by programs."""
    name = "number" if "number" in route.params else "receipt"
    more = {"form": "json"} if "form" in route.params else {}
    known = {state: {name: defect.receipt} | more for state, defect in world.defects.items()}
    return known | {NOWHERE: {name: NO_RECEIPT} | more}


def _formats(**more: str) -> Callable[[World, Route], dict[str, Values]]:
    """Documents of Open311: both formats; one there is not, or of something that is not there."""

    def found(world: World, route: Route) -> dict[str, Values]:
        known = {form: {"form": form} | more for form in ("json", "xml")}
        nowhere = {"form": "json", "code": NO_SLUG} if more else {"form": "html"}
        return known | {NOWHERE: nowhere}

    return found


def _service(world: World, route: Route) -> dict[str, Values]:
    return {"offered": {"code": "lamp"}, "not offered": {"code": "ferry"}, NOWHERE: {"code": NO_SLUG}}


def _vote_as_paper(world: World, route: Route) -> dict[str, Values]:
    """One that is published, and one that runs."""
    votes = {
        key: next(p.pk for p in world.processes[key].line if p.method == "ballot")
        for key in ("answering", "voting")
    }
    return {"": {"vote": votes["answering"]}, f"{NOWHERE}: running": {"vote": votes["voting"]}}


def _data_of_a_process(world: World, route: Route) -> dict[str, Values]:
    """One with a package, one that waits for its first, and one that nobody may see."""
    return {
        "written": {"slug": "answering"},
        "not written yet": {"slug": "announced"},
        "draft": {"slug": "draft"},
        NOWHERE: {"slug": NO_SLUG},
    }


def _file_of_a_table(world: World, route: Route) -> dict[str, Values]:
    found = {
        "newest": {"slug": "places", "number": 2, "name": "places.csv"},
        "older": {"slug": "places", "number": 1, "name": "places.jsonl"},
        f"{NOWHERE}: version": {"slug": "places", "number": 77, "name": "places.csv"},
        f"{NOWHERE}: table": {"slug": NO_SLUG, "number": 1, "name": "places.csv"},
        f"{NOWHERE}: on request": {"slug": "comments-with-words", "number": 1, "name": "comments-with-words.csv"},
    }  # fmt: skip
    if "number" not in route.params:
        for values in found.values():
            values.pop("number")
        del found[f"{NOWHERE}: version"], found["older"]
    return found


def _version(world: World, route: Route) -> dict[str, Values]:
    receipt = world.proposals["trees"].receipt
    return {
        "as it was": {"receipt": receipt, "version": 1},
        "as it stands": {"receipt": receipt, "version": 2},
        "hidden": {"receipt": world.proposals["hidden"].receipt, "version": 1},
        f"{NOWHERE}: version": {"receipt": receipt, "version": 77},
        f"{NOWHERE}: receipt": {"receipt": NO_RECEIPT, "version": 1},
    }


def _hand(world: World, route: Route) -> dict[str, Values]:
    receipt = world.proposals["fountain"].receipt
    return {
        "leave": {"receipt": receipt, "hand": world.hands["lead"].pk, "step": "leave"},
        "take back": {"receipt": receipt, "hand": world.hands["clara"].pk, "step": "take-back"},
        f"{NOWHERE}: step": {"receipt": receipt, "hand": world.hands["lead"].pk, "step": NO_SLUG},
        f"{NOWHERE}: hand": {"receipt": receipt, "hand": NO_KEY, "step": "leave"},
        f"{NOWHERE}: receipt": {"receipt": NO_RECEIPT, "hand": world.hands["lead"].pk, "step": "leave"},
    }


def _offer(world: World, route: Route) -> dict[str, Values]:
    receipt = world.proposals["fountain"].receipt
    return {
        "not an orphan": {"receipt": receipt, "offer": world.offer.pk},
        f"{NOWHERE}: offer": {"receipt": receipt, "offer": NO_KEY},
        f"{NOWHERE}: receipt": {"receipt": NO_RECEIPT, "offer": world.offer.pk},
    }


def _letter(world: World, route: Route) -> dict[str, Values]:
    return {"open": {"code": world.hands["letter"].code}, NOWHERE: {"code": NO_TOKEN}}


def _clarification(world: World, route: Route) -> dict[str, Values]:
    """A question of an office; one that does not exist; one of another proposal."""
    receipt, pk = world.proposals["to_assess"].receipt, world.clarification.pk
    return {
        "open": {"receipt": receipt, "pk": pk},
        f"{NOWHERE}: pk": {"receipt": receipt, "pk": NO_KEY},
        f"{NOWHERE}: of another": {"receipt": world.proposals["fountain"].receipt, "pk": pk},
    }


def _merge(world: World, route: Route) -> dict[str, Values]:
    """A table with two open seats, and two proposals that became one."""
    more = {"receipt": world.proposals["joined"].receipt} if "receipt" in route.params else {}
    here = {"receipt": world.proposals["trees"].receipt} if "receipt" in route.params else {}
    known = {
        "completed": {"key": world.merges["completed"]} | more,
        "at the table": {"key": world.merges["at the table"]} | here,
        f"{NOWHERE}: key": {"key": NO_KEY} | more,
    }
    if more:
        known[f"{NOWHERE}: receipt"] = {"key": world.merges["completed"]} | here
    return known


def _cluster(world: World, route: Route) -> dict[str, Values]:
    slug = world.processes["collecting"].slug
    return {
        "there": {"slug": slug, "key": world.clusters["there"]},
        f"{NOWHERE}: key": {"slug": slug, "key": NO_KEY},
        f"{NOWHERE}: other process": {"slug": world.processes["voting"].slug, "key": world.clusters["there"]},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "key": world.clusters["there"]},
    }


def _counted(world: World) -> int:
    return next(phase.pk for phase in world.processes["answering"].line if phase.method == "ballot")


def _paper(
    name: str, param: str, nothing: object = NO_KEY, **more: object
) -> Callable[[World, Route], dict[str, Values]]:
    """A thing of tests/worlds/paper.py; for votes also one that is held online only."""

    def found(world: World, route: Route) -> dict[str, Values]:
        known = {"there": {param: world.paper[name]} | more, NOWHERE: {param: nothing} | more}
        if param == "vote":
            known[f"{NOWHERE}: online only"] = {"vote": _counted(world)} | more
        return known

    return found


def _moderation(
    name: str, param: str, nothing: object = NO_KEY, of: str = "pk"
) -> Callable[[World, Route], dict[str, Values]]:
    """A thing of tests/worlds/moderation.py, and one that is not there."""
    return lambda world, route: {
        "there": {param: getattr(world.moderation[name], of)},
        NOWHERE: {param: nothing},
    }


def _reply(*names: str) -> Callable[[World, Route], dict[str, Values]]:
    """Things of tests/worlds/answering.py, and one that is not there."""
    return lambda world, route: (
        {name: {"pk": world.replies[name].pk} for name in names} | {f"{NOWHERE}: pk": {"pk": NO_KEY}}
    )


def _reports(world: World, route: Route) -> dict[str, Values]:
    return {
        "of somebody": {"token": world.moderation["report"].token},
        "anonymous": {"token": world.moderation["anonymous"].token},
        NOWHERE: {"token": NO_TOKEN},
    }


def _result(world: World, route: Route) -> dict[str, Values]:
    """A published result, a vote that is open, a phase that is none, a process that may not be known."""

    def vote(name: str) -> str:
        return next(phase.key for phase in world.processes[name].line if phase.method == "ballot")

    return {
        "published": {"slug": "answering", "key": vote("answering")},
        "unpublished": {"slug": "draft", "key": vote("draft")},
        f"{NOWHERE}: not counted": {"slug": "voting", "key": vote("voting")},
        f"{NOWHERE}: key": {"slug": "answering", "key": NO_SLUG},
        f"{NOWHERE}: slug": {"slug": NO_SLUG, "key": vote("answering")},
    }


def _place(world: World, route: Route) -> dict[str, Values]:
    return {"there": {"slug": world.village.slug}, NOWHERE: {"slug": NO_SLUG}}


def _milestone(world: World, route: Route) -> dict[str, Values]:
    """The steps of promises, by the names of the public interface."""
    known = _commitment(world, Route("", ("pk", "step"), "", route.view, translated=False))
    return {state: {"pk": values["pk"], "number": values["step"]} for state, values in known.items()}


def _number(world: World, route: Route) -> dict[str, Values]:
    known = _version(world, route)
    return {
        state: {"receipt": values["receipt"], "number": values["version"]} for state, values in known.items()
    }


# parameters -> their states, where all houses mean the same by them …
BY_PARAMS: dict[tuple[str, ...], Callable[[World, Route], dict[str, Values]]] = {
    (): lambda world, route: {"": {}},
    ("slug",): _process,
    ("receipt",): _proposal,
    ("slug", "key"): _phase,
    ("slug", "section"): _section,
    ("slug", "item"): _gate_item,
    ("slug", "group"): _group,
    ("group",): _group,
    ("code",): _invitation,
    ("token",): _waiting,
    ("recipe",): _recipe,
    ("page",): _about,
    ("pk",): _commitment,
    ("pk", "step"): _commitment,
    ("pk", "task"): _task,
    ("identity",): _mail,
    ("person",): _staff,
    ("grant",): _key("grant", lambda world: world.mo.grants.get().pk),
    ("record",): _key("record", lambda world: world.mo.trainings.get().pk),
    ("approval",): _key("approval", lambda world: world.asked.pk),
    ("vote",): _key("vote", _counted),
    ("search",): _key("search", lambda world: world.search.pk),
    ("uidb36", "key"): _reset,
    ("slug", "token"): _identified,
    ("slug", "provider"): _online,
    ("provider",): _back,
    ("number",): _short,
    ("slug", "way"): _way,
    ("key",): _file,
    ("receipt", "version"): _version,
    ("receipt", "hand", "step"): _hand,
    ("receipt", "offer"): _offer,
    ("receipt", "number"): _variant,
    ("case",): _moderation("case", "case"),
    ("appeal",): _moderation("appeal", "appeal"),
    ("decision",): _moderation("decision", "decision"),
    ("batch",): _moderation("decision", "batch", UUID(int=0), "batch"),
}
# … and the addresses that mean something of their own.
BY_NAME: dict[str, Callable[[World, Route], dict[str, Values]]] = {
    **dict.fromkeys(
        [f"merging:{name}" for name in ("merge", "agree", "decline", "without", "stop", "changed", "split")],
        _merge,
    ),
    "merging:cluster": _cluster,
    **dict.fromkeys(
        [
            *(
                f"ballots:{name}"
                for name in ("ballot", "practice", "secrecy", "receipt", "receipt_mail", "board")
            ),
            *(f"ballots:{name}" for name in ("board_file", "heads_file", "proof", "result", "recount")),
            *(f"ballots:{name}" for name in ("ballots_file", "ballots_json", "pabulib_file")),
        ],
        _voted_on,
    ),
    **dict.fromkeys(
        [f"paperwork:{name}" for name in ("vote", "print", "finish", "person", "take_in", "open_batch")],
        _paper("vote", "vote"),
    ),
    "paperwork:counting_sheet": _paper("vote", "vote", lang="de"),
    "paperwork:revoke": _paper("run", "run"),
    **dict.fromkeys(
        [f"paperwork:{name}" for name in ("batch", "differences", "cancel", "add_scan")],
        _paper("batch", "batch"),
    ),
    **dict.fromkeys(["paperwork:scan", "paperwork:remove_scan"], _paper("scan", "key", NO_TOKEN[:22])),
    "accounts:organisation": _organisation,
    "proposals:answer_office": _clarification,
    "accounts:join": _organisation,
    "accounts:member": _membership,
    "cocreation:studio_restore": _removed,
    "proposals:invitation_link": _letter,
    "notices:unsubscribe": _stop,
    "notices:newsletter": _key("pk", lambda world: world.newsletter.pk),
    "notices:preview": _verb,
    "cocreation:job_retry": _key("pk", lambda world: world.job.pk),
    "cocreation:job_run": _periodic,
    "privacy:request_new": lambda world, route: (
        {kind: {"kind": kind} for kind in ("access", "correction", "restriction", "objection", "dataset")}
        | {NOWHERE: {"kind": "wish"}}
    ),
    **dict.fromkeys(
        [
            "privacy:request_withdraw",
            *(f"cocreation:privacy_{name}" for name in ("request", "answer", "extend")),
        ],
        _key("pk", lambda world: world.request.pk),
    ),
    "cocreation:privacy_breach": _key("pk", lambda world: world.breach.pk),
    "cocreation:privacy_assessment": _key("pk", lambda world: world.assessment.pk),
    "privacy:version": lambda world, route: {
        "first": {"number": 1},
        "second": {"number": 2},
        NOWHERE: {"number": NO_KEY},
    },
    **dict.fromkeys(
        ["proposals:list_file", "proposals:list_download"], _key("pk", lambda world: world.list_file.pk)
    ),
    "cocreation:record_feed": _proposal,
    "opendata:dataset": _table,
    "api_v1:figure": lambda world, route: {
        "counted": {"slug": "proposals"},
        NOWHERE: {"slug": NO_SLUG},
    },
    "opendata_file": _file_of_a_table,
    "opendata_newest": _file_of_a_table,
    "opendata:process": _data_of_a_process,
    **dict.fromkeys(["council:read", "council:leave"], _council),
    **dict.fromkeys(
        [f"defects:{name}" for name in ("defect", "follow", "unfollow", "withdraw", "desk_defect")], _defect
    ),
    "defects:service": _service,
    **dict.fromkeys(["open311_discovery", "open311_services", "open311_requests"], _formats()),
    "open311_service": _formats(code="lamp"),
    "open311_request": _defect,
    "oparl_paper": _vote_as_paper,
    "oparl_nothing": lambda world, route: {"": {"kind": "meetings"}, NOWHERE: {"kind": "taxes"}},
    "opendata_process_package": _data_of_a_process,
    "opendata_dcat": lambda world, route: (
        {form: {"form": form} for form in ("ttl", "jsonld")} | {NOWHERE: {"form": "xml"}}
    ),
    "feedback:ask": _asked,
    **dict.fromkeys(["conversation:debate", "conversation:feed", "conversation:summary"], _debate),
    **dict.fromkeys(
        [f"conversation:{name}" for name in ("comment", "reply", "edit", "withdraw", "helpful", "pin")],
        _comment,
    ),
    **dict.fromkeys(
        [f"amendments:{name}" for name in ("amendment", "decide", "answer", "withdraw")], _amendment
    ),
    "feedback:helpful": _reply("answer"),
    "feedback:ask_back": _reply("answer"),
    "feedback:plan": _reply("plan", "not yet"),
    "feedback:desk_draft": _reply("handed in"),
    "feedback:desk_question": _reply("question"),
    "feedback:desk_plan": _reply("not yet", "plan"),
    "moderation:reported": _reports,
    "moderation:statement": _moderation("decision", "token", NO_TOKEN, "token"),
    "moderation:change": _moderation("asked", "token", NO_TOKEN, "token"),
    "cocreation:studio_incoming": _package,
    "cocreation:preview": _preview,
    "cocreation:studio_undo": _step,
    "accounts:guardian_consent": _consent,
    **dict.fromkeys(["api_v1:result", "api_v1:ballots"], _result),
    "api_v1:place": _place,
    "api_v1:revision": _number,
    "api_v1:debate": _debate,
    "api_v1:answer": _reply("answer"),
    "api_v1:commitment_step": _milestone,
    "api_v1:amendment": _amendment,
    "api_v1:amendment_decision": _amendment,
    "api_v1:amendment_withdrawal": _amendment,
    **dict.fromkeys(
        [f"api_v1:{name}" for name in ("comment", "replies", "comment_withdrawal", "helpful")], _comment
    ),
    **dict.fromkeys(
        [f"webhooks:{name}" for name in ("webhook", "test", "secret", "switch", "remove")],
        _webhook("webhook"),
    ),
    "webhooks:again": _webhook("webhook", "delivery"),
    **dict.fromkeys(
        [f"api_v1:webhook{name}" for name in ("", "_on", "_secret", "_deliveries")], _webhook("id")
    ),
    "api_v1:webhook_again": _webhook("id", "number"),
    "tokens:revoke": _key("token", lambda world: world.token.pk),
    "cocreation:desk_entry": _desk_entry,
    "cocreation:register_import": _upload("read", "uploaded", "running"),
    "cocreation:register_report": _upload("read"),
    "cocreation:letters_batch": _upload("letters"),
    "cocreation:letters_print": _upload("letters"),
}


def states(route: Route, world: World) -> dict[str, Values]:
    """state -> values of the parameters."""
    if route.name in BY_NAME:
        return BY_NAME[route.name](world, route)
    if route.params not in BY_PARAMS:
        raise AssertionError(f"Say in tests/states.py what {route.params} of {route.name} stands for.")
    return BY_PARAMS[route.params](world, route)
