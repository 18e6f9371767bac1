from groundwork.datamap import Personal, describe

describe(
    "conversation.Comment",
    plain="contribution process is_public receipt on on_is_public phase parent stance paragraph text office helpful"
    " edited_at pinned_at",
)
describe(
    "conversation.CommentRevision",
    plain="id comment number text at",
    by=Personal("who wrote these words", category="opinion", public=True),
)
describe(
    "conversation.Helpful",
    plain="id comment at",
    person=Personal(
        "one vote per person and comment", category="opinion", retention="until taken back or erased"
    ),
)
describe(
    "conversation.Summary",
    plain="id process on phase text closes office at",
    by=Personal("who did it for the city", category="staff", retention="with the process"),
)
