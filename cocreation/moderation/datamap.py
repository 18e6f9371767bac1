from groundwork.datamap import LEGAL, Personal, describe

STAFF = Personal("who did it for the city", category="staff", retention="with the process")

describe("moderation.Rule", plain="id process slug name text about position")
describe(
    "moderation.Watch",
    plain="process first_posts_wait words words_wait links most_links comments_an_hour proposals_a_day",
)
describe("moderation.Fingerprint", plain="contribution process digest length at")
describe("moderation.Case", plain="id contribution process state opened_at closed_at weight rank")
describe("moderation.Mark", plain="id case kind n detail at")
describe(
    "moderation.Report",
    plain="id contribution case token rule language at upheld mailed_at",
    by=Personal("answer who reported, and count their report once", LEGAL, "moderation", "until the account closes"),
    email=Personal("send the answer", LEGAL, "contact", "thirty days after the decision"),
    words=Personal("look at what was reported", LEGAL, "moderation", "with the contribution"),
)  # fmt: skip
describe("moderation.Claim", plain="id case at until ended_at word", by=STAFF)
describe("moderation.Note", plain="id case at text", by=STAFF)
describe(
    "moderation.Decision",
    plain="id case contribution process kind token outcome rule fact reason automated at took appeal_until batch hiding"
    " was_held undone_at undone_why settled_at",
    by=STAFF,
    undone_by=STAFF,
)
describe(
    "moderation.Appeal",
    plain="id decision report words at outcome reason decided_at",
    by=Personal("who appealed, and is told", LEGAL, "moderation", "until the account closes"),
    decided_by=STAFF,
)
