from groundwork.datamap import Personal, describe

PURPOSE = "tell somebody when a new proposal fits what they look for"

describe(
    "searches.SavedSearch",
    plain="id process rhythm created_at seen_until",
    person=Personal(PURPOSE, category="interest", retention="until deleted, or the account is closed"),
    name=Personal(PURPOSE, category="interest", retention="until deleted, or the account is closed"),
    query=Personal(PURPOSE, category="interest", retention="until deleted, or the account is closed"),
)
