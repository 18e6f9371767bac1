from groundwork.datamap import Personal, describe

describe(
    "amendments.Amendment",
    plain="contribution process is_public receipt proposal revision field start end old new reason named supersedes",
)
describe(
    "amendments.Decision",
    plain="amendment outcome at reason wording revision",
    by=Personal("who decided on a suggested change", category="opinion", public=True),
)
describe(
    "amendments.Poll",
    plain="amendment at ends",
    by=Personal("who asked the supporters", category="opinion", public=True),
)
describe(
    "amendments.Opinion",
    plain="id poll value at",
    person=Personal(
        "one answer per person and suggested change", category="opinion", retention="until erased"
    ),
)
