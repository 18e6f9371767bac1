from groundwork.datamap import POINTER, ROW, Personal, Said, describe

describe(
    "amendments.Amendment",
    plain="contribution process is_public receipt proposal revision field start end old new reason named supersedes",
    written=[
        Said("old reason", of="contribution"),
        Said("new", of="contribution", leaves="––"),
        Said("old", of="proposal", own=False),
    ],
)
describe(
    "amendments.Decision",
    plain="amendment outcome at reason wording revision",
    written=[
        Said("wording reason", of="amendment"),
        Said("wording", of="amendment__proposal", own=False),
        Said("reason", by="by"),
    ],
    by=Personal("who decided on a suggested change", category="opinion", public=True, erase=POINTER),
)
describe(
    "amendments.Poll",
    plain="amendment at ends",
    by=Personal("who asked the supporters", category="opinion", public=True, erase=POINTER),
)
describe(
    "amendments.Opinion",
    plain="id poll value at",
    person=Personal(
        "one answer per person and suggested change", category="opinion", retention="until erased", erase=ROW
    ),
)
