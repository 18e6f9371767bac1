from groundwork.datamap import Personal, describe

describe(
    "variants.Variant",
    plain="id proposal number title words picture added_at removed_at",
    added_by=Personal("which author added a design", category="participation", retention="with the proposal"),
)
describe("variants.Annotation", plain="contribution variant number x y text")
describe(
    "variants.Preference",
    plain="id variant choice at",
    person=Personal("count every person once", category="participation", retention="with the proposal"),
)
