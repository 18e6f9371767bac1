from django.utils.translation import gettext_lazy as _

from groundwork.datamap import KEY, LEGAL, POINTER, Personal, Said, describe
from groundwork.processing import Activity, belongs, declare

declare(
    Activity(
        "moderation",
        _("Reports and complaints"),
        _("Look at what was reported, answer whoever reported it, and decide again where somebody objects."),
        LEGAL,
        people=_("People who report something or object to a decision"),
        kept=_("Addresses thirty days after the decision, words with the contribution."),
        given_to=_("Nobody outside the city. The author is not told who reported."),
        order=90,
    )
)
belongs("moderation", "moderation")

STAFF = Personal("who did it for the city", category="staff", retention="with the process", erase=KEY)

describe("moderation.Rule", plain="id process slug name text about position")
describe(
    "moderation.Watch",
    plain="process first_posts_wait words words_wait links most_links comments_an_hour proposals_a_day",
)
describe(
    "moderation.Fingerprint", plain="contribution process digest length at", written=[Said(of="contribution")]
)
describe("moderation.Case", plain="id contribution process state opened_at closed_at weight rank")
describe(
    "moderation.Mark",
    plain="id case kind n detail at",
    written=[Said("detail", of="case__contribution", own=False)],
)
describe(
    "moderation.Report",
    plain="id contribution case token rule language at upheld mailed_at",
    by=Personal("answer who reported, and count their report once", LEGAL, "moderation", "until the account closes", erase=POINTER),
    written=[Said("words", of="contribution", own=False), Said("words", by="by")],
    email=Personal("send the answer", LEGAL, "contact", "thirty days after the decision"),
    words=Personal("look at what was reported", LEGAL, "moderation", "with the contribution"),
)  # fmt: skip
describe("moderation.Claim", plain="id case at until ended_at word", by=STAFF)
describe(
    "moderation.Note",
    plain="id case at text",
    written=[Said("text", of="case__contribution", own=False)],
    by=STAFF,
)
describe(
    "moderation.Decision",
    plain="id case contribution process kind token outcome rule fact reason automated at took appeal_until batch hiding"
    " was_held undone_at undone_why settled_at",
    written=[Said("rule undone_why"), Said("fact reason", of="contribution")],
    by=STAFF,
    undone_by=STAFF,
)
describe(
    "moderation.Appeal",
    plain="id decision report words at outcome reason decided_at",
    written=[Said("words reason", of="decision__contribution", own=False), Said("words", by="by")],
    by=Personal("who appealed, and is told", LEGAL, "moderation", "until the account closes", erase=POINTER),
    decided_by=STAFF,
)
