from groundwork.datamap import LEGAL, Personal, describe

describe(
    "journal.Entry",
    plain="id xid seq verb subject_label subject_key process_id organisation_id at data hash",
    actor_id=Personal(
        "know who did what, shown by public name",
        basis=LEGAL,
        category="key",
        retention="key only; the person behind it can be erased",
    ),
)
describe("journal.Seal", plain="id system_identifier snapshot until xid entry_id seq hash")
describe("journal.Cursor", plain="reader seq moved_at")
