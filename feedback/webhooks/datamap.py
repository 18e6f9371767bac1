from groundwork.datamap import CONTRACT, POINTER, Personal, Said, describe

KEPT = "until removed or the account closes"

describe(
    "webhooks.Webhook",
    plain="id process for_team salt old_salt old_until failing_since off_at off_why",
    written=[Said("name", by="person")],
    person=Personal("who asked for it and is told when it fails", CONTRACT, "security", KEPT, erase=POINTER),
    name=Personal("recognise it on one's own page", CONTRACT, "preference", KEPT),
    url=Personal("where messages go", CONTRACT, "security", KEPT),
    kinds=Personal("what it is told of", CONTRACT, "preference", KEPT),
    made_at=Personal("recognise it on one's own page", CONTRACT, "security", KEPT),
)
describe(
    "webhooks.Delivery",
    plain="id webhook message entry_id verb subject_label subject_key process contribution at made_at state due_at claimed_at "
    "attempts tried_at status trouble milliseconds",
    written=[Said(of="contribution")],
)
