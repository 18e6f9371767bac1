from groundwork.datamap import KEY, LEGAL, POINTER, ROW, Personal, Said, describe

describe(
    "privacy.Export",
    plain="id ready_at expires_at over_at size",
    person=Personal("whose copy it is", LEGAL, "rights", "thirty days after it was asked for", erase=ROW),
    asked_at=Personal("make the copy", LEGAL, "rights", "thirty days after it was asked for"),
    fetched_at=Personal("hand it out once", LEGAL, "rights", "thirty days after it was asked for"),
    file=Personal("where the copy lies", LEGAL, "rights", "until it is fetched, at most 24 hours"),
)
describe(
    "privacy.Erasure",
    plain="id way asked_at due_at done_at found",
    person_key=Personal(
        "forget the same person again in a restored copy", LEGAL, "key", "as long as backups live"
    ),
    mark=Personal(
        "never forget somebody else by mistake; a keyed hash", LEGAL, "key", "as long as backups live"
    ),
    needles=Personal("prove that nothing is left", LEGAL, "contact", "until it is proven, at most 24 hours"),
    things=Personal(
        "remove what they wrote", LEGAL, "participation", "until it is removed, at most 24 hours"
    ),
)

STAFF = Personal("who did it for the city", category="staff", retention="for good", erase=KEY)
describe(
    "privacy.NoticeVersion",
    plain="id number text_de text_en easy_de easy_en changed_de changed_en published_at",
    written=[Said("text_de text_en easy_de easy_en changed_de changed_en")],
    published_by=STAFF,
)
describe("privacy.NoticeReview", plain="id version at", by=STAFF)
describe("privacy.ConsentText", plain="digest purpose language text", written=[Said("text")])
LEDGER = "as long as the account exists; then a number without a person"
describe(
    "privacy.Consent",
    plain="id",
    person=Personal("prove to what somebody agreed", LEGAL, "consent", LEDGER, erase=KEY),
    purpose=Personal("for what", LEGAL, "consent", LEDGER),
    thing=Personal("tell several of one purpose apart", LEGAL, "consent", LEDGER),
    is_given=Personal("whether they agreed or took it back", LEGAL, "consent", LEDGER),
    text=Personal("the words they read", LEGAL, "consent", LEDGER),
    channel=Personal("how they said it", LEGAL, "consent", LEDGER),
    at=Personal("when", LEGAL, "consent", LEDGER),
)

ASKED = "three years after the answer, or until erased"
describe(
    "privacy.Request",
    plain="id kind about language due_at extended_at extended_why outcome",
    written=[Said("words answer extended_why", by="person")],
    person=Personal("whose request it is", LEGAL, "rights", ASKED, erase=POINTER),
    words=Personal("what they ask", LEGAL, "rights", ASKED),
    asked_at=Personal("the clock runs from here", LEGAL, "rights", ASKED),
    answered_at=Personal("when the city answered", LEGAL, "rights", ASKED),
    answer=Personal("what the city answered", LEGAL, "rights", ASKED),
    withdrawn_at=Personal("when they took it back", LEGAL, "rights", ASKED),
    answered_by=STAFF,
)
describe(
    "privacy.Breach",
    plain="id is_rehearsal known_at due_at what people effects measures risk why_no_risk told_authority_at why_late"
    " told_people_at closed_at noted_at",
    written=[Said("what people effects measures why_no_risk why_late")],
    noted_by=STAFF,
)
