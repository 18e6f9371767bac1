from groundwork.datamap import CONTRACT, ROW, Personal, describe

PURPOSE = "tell somebody when a new proposal fits what they look for"

describe(
    "searches.SavedSearch",
    plain="id process rhythm created_at seen_until",
    person=Personal(
        PURPOSE, CONTRACT, category="interest", retention="until deleted, or the account is closed", erase=ROW
    ),
    name=Personal(
        PURPOSE, CONTRACT, category="interest", retention="until deleted, or the account is closed"
    ),
    query=Personal(
        PURPOSE, CONTRACT, category="interest", retention="until deleted, or the account is closed"
    ),
)
