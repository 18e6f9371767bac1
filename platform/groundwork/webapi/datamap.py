from groundwork.datamap import CONTRACT, ROW, Personal, Said, describe

DAY = "one day"

describe(
    "webapi.KeptAnswer",
    plain="id digest status",
    written=[Said("body", by="person", own=False)],
    person=Personal("whose write it was: a key belongs to one person", CONTRACT, "technical", DAY, erase=ROW),
    key=Personal("recognise a write that is sent again", CONTRACT, "technical", DAY),
    body=Personal("answer the same again", CONTRACT, "participation", DAY),
    location=Personal("answer the same again", CONTRACT, "participation", DAY),
    at=Personal("forget it after a day", CONTRACT, "technical", DAY),
)
