from groundwork.datamap import CONSENT, CONTRACT, Personal, describe

ACCOUNT = "as long as the account exists"

describe(
    "accounts.Person",
    # Guests who did nothing that is kept are deleted after two days; nothing is suggested to guests either.
    plain="id is_active is_guest invented",
    email=Personal("log in; mail the person asked for", CONTRACT, "contact", ACCOUNT),
    password=Personal("log in; stored as an Argon2 hash", CONTRACT, "security", ACCOUNT),
    public_name=Personal("name shown beside contributions", CONTRACT, "identity", ACCOUNT, public=True),
    about=Personal("a line the person chose to show", CONTRACT, "identity", ACCOUNT, public=True),
    minor_until=Personal(
        "know until when a guardian agrees; rounded up to a month, the day of birth is not kept. Nothing is suggested to"
        " minors from what they did or where they live",
        CONSENT,
        "identity",
        "until that day",
    ),
    language=Personal("speak the person's language", CONTRACT, "preference", ACCOUNT),
    place=Personal("sort what is open by the person's place", CONTRACT, "preference", ACCOUNT),
    joined_at=Personal("know how old an account is", CONTRACT, "security", ACCOUNT),
    last_login=Personal("find forgotten accounts", CONTRACT, "security", ACCOUNT),
    is_superuser=Personal("technical administration", CONTRACT, "role", ACCOUNT),
)
describe(
    "accounts.Person_groups", plain="id group", person=Personal("technical roles", CONTRACT, "role", ACCOUNT)
)
describe(
    "accounts.Person_user_permissions",
    plain="id permission",
    person=Personal("technical roles", CONTRACT, "role", ACCOUNT),
)
describe(
    "accounts.Organisation",
    plain="id slug name kind about registered_at confirmed_at",
    confirmed_by=Personal(
        "who at the city confirmed it", category="staff", retention="with the organisation"
    ),
)
describe(
    "accounts.Membership",
    plain="id organisation role",
    person=Personal(
        "who may act for the organisation", CONTRACT, "role", "until the membership is erased", public=True
    ),
    asked_at=Personal("when the person asked", CONTRACT, "role", "with the membership"),
    confirmed_at=Personal("when it was confirmed", CONTRACT, "role", "with the membership"),
    confirmed_by=Personal("who confirmed it", CONTRACT, "role", "with the membership"),
    ended_at=Personal("when it ended", CONTRACT, "role", "with the membership"),
)
describe(
    "accounts.GuardianConsent",
    plain="id wording",
    person=Personal(
        "for whose account a guardian agreed", CONSENT, "identity", "until the person is old enough"
    ),
    guardian_email=Personal(
        "ask the guardian and let them take it back", CONSENT, "contact", "until the person is old enough"
    ),
    given_at=Personal("prove that a guardian agreed", CONSENT, "identity", "with the account"),
    withdrawn_at=Personal(
        "when the guardian took it back", CONSENT, "identity", "three years, without names"
    ),
)
describe(
    "accounts.Verification",
    plain="id method",
    person=Personal(
        "whose attribute was checked",
        category="eligibility",
        retention="until it expires or the account ends",
    ),
    residence=Personal(
        "may vote where they live", category="eligibility", retention="until it expires or the account ends"
    ),
    age_band=Personal(
        "may take part where age counts; never the date of birth",
        category="eligibility",
        retention="until it expires or the account ends",
    ),
    verified_at=Personal("when it was checked", category="eligibility", retention="with the verification"),
    verified_by=Personal("who checked it", category="staff", retention="with the verification"),
    expires_at=Personal("until when it holds", category="eligibility", retention="with the verification"),
    revoked_at=Personal("when it was taken back", category="eligibility", retention="with the verification"),
)
# Tables of the libraries that hold people.
describe(
    "account.EmailAddress",
    plain="id verified primary",
    user=Personal("whose address it is", CONTRACT, "contact", ACCOUNT),
    email=Personal("confirm the address", CONTRACT, "contact", ACCOUNT),
)
describe(
    "account.EmailConfirmation",
    plain="id created sent key",
    email_address=Personal("confirm the address", CONTRACT, "contact", "3 days"),
)
describe(
    "mfa.Authenticator",
    plain="id type created_at last_used_at",
    user=Personal("whose second factor it is", CONTRACT, "security", ACCOUNT),
    data=Personal("second factor, encrypted secret", CONTRACT, "security", ACCOUNT),
)
describe(
    "sessions.Session",
    plain="expire_date",
    session_key=Personal("stay signed in", CONTRACT, "security", "14 days"),
    session_data=Personal("stay signed in", CONTRACT, "security", "14 days"),
)
