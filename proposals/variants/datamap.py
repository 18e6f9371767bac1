from groundwork.datamap import KEY, POINTER, Personal, Said, describe

describe(
    "variants.Variant",
    plain="id proposal number title words picture added_at removed_at",
    written=[Said("title words", of="proposal"), Said("title words", by="added_by")],
    added_by=Personal(
        "which author added a design", category="participation", retention="with the proposal", erase=POINTER
    ),
)
describe(
    "variants.Annotation",
    plain="contribution variant number x y text",
    written=[Said("text", of="contribution")],
)
describe(
    "variants.Preference",
    plain="id variant choice at",
    person=Personal(
        "count every person once", category="participation", retention="with the proposal", erase=KEY
    ),
)
