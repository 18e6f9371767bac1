from groundwork.datamap import POINTER, Personal, Said, describe

describe(
    "cowriting.SharedDraft",
    plain="id key proposal base origin snapshot created_at updated_at published_at published_as discarded_at",
    written=[Said(of="proposal")],
    created_by=Personal(
        "who started it; shown to its writers", retention="until the draft is swept away", erase=POINTER
    ),
    discarded_by=Personal("who discarded it; shown to its writers", retention="30 days", erase=POINTER),
)
describe(
    "cowriting.DraftUpdate",
    plain="id draft at data",
    by=Personal(
        "who wrote which part, while it is written; shown to nobody",
        retention="until the next compaction, at the latest 30 days after the draft was published or discarded",
        erase=POINTER,
    ),
)
