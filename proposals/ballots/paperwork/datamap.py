from groundwork.datamap import KEY, Personal, describe
from groundwork.processing import belongs

belongs("paperwork", "voting")

STAFF = Personal("who did it for the city", category="staff", retention="with the process", erase=KEY)

describe(
    "paperwork.PrintRun",
    plain="id vote number way copies language large printed_at revoked_at",
    printed_by=STAFF,
)
describe(
    "paperwork.PaperCode",
    plain="key vote run serial returned revoked",
    tag=Personal(
        "whose ballot on paper it is, so that nobody votes twice; a keyed hash, the key is outside the database",
        category="eligibility",
        retention="until the vote is counted",
    ),
)
describe(
    "paperwork.Batch",
    plain="id vote number way size opened_at sealed_at valid blank invalid categories parts",
    opened_by=STAFF,
    first_by=STAFF,
    second_by=STAFF,
)
# Choices without a person: ballots are numbered after they came out of the box.
describe("paperwork.Typed", plain="id batch side number kind category positions parts")
describe(
    "paperwork.Scan",
    plain="id batch key name type size sha256 stored uploaded_at",
    uploaded_by=STAFF,
)
describe("paperwork.Finish", plain="vote at missing reason", by=STAFF)
