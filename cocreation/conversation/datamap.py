from groundwork.datamap import KEY, POINTER, ROW, Personal, Said, describe

describe(
    "conversation.Comment",
    plain="contribution process is_public receipt on on_is_public phase parent stance paragraph text office helpful"
    " edited_at pinned_at",
    written=[Said("text", of="contribution")],
)
describe(
    "conversation.CommentRevision",
    plain="id comment number text at",
    written=[Said("text", of="comment")],
    by=Personal("who wrote these words", category="opinion", public=True, erase=POINTER),
)
describe(
    "conversation.Helpful",
    plain="id comment at",
    person=Personal(
        "one vote per person and comment",
        category="opinion",
        retention="until taken back or erased",
        erase=ROW,
    ),
)
describe(
    "conversation.Summary",
    plain="id process on phase text closes office at",
    written=[Said("text")],
    by=Personal("who did it for the city", category="staff", retention="with the process", erase=KEY),
)
