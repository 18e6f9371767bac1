from groundwork.datamap import CONTRACT, ROW, Personal, Said, describe

KEPT = "until revoked and ninety days after its end"

describe(
    "tokens.Token",
    plain="id digest",
    written=[Said("name", by="person")],
    person=Personal("in whose name a program acts", CONTRACT, "security", KEPT, erase=ROW),
    name=Personal("recognise the token on one's own page", CONTRACT, "preference", KEPT),
    begins=Personal("recognise the token on one's own page", CONTRACT, "security", KEPT),
    scopes=Personal("what the program may do", CONTRACT, "security", KEPT),
    made_at=Personal("recognise the token on one's own page", CONTRACT, "security", KEPT),
    ends=Personal("close it by itself", CONTRACT, "security", KEPT),
    revoked_at=Personal("close it", CONTRACT, "security", KEPT),
    last_used=Personal("see whether it is still needed; a day, not a moment", CONTRACT, "security", KEPT),
)
