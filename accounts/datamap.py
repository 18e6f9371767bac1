from django.utils.translation import gettext_lazy as _

from groundwork.datamap import CONSENT, CONTRACT, KEY, LEGAL, POINTER, PUBLIC_TASK, ROW, Personal, describe
from groundwork.processing import STAFF, Activity, belongs, declare

NOBODY = _("Nobody outside the city.")

declare(
    Activity(
        "account",
        _("Your account"),
        _(
            "Know you again when you come back, speak your language, keep what you began, and know what you follow."
        ),
        CONTRACT,
        people=_("People with an account, and people who take part without one"),
        kept=_(
            "As long as the account exists. Sessions end after 14 days, programs' keys 90 days after their end."
        ),
        given_to=_("Nobody outside the city. The name you choose stands beside what you contribute."),
        order=10,
    ),
    Activity(
        "guardian",
        _("Accounts of young people"),
        _("Let a mother, a father or another guardian agree, and take it back."),
        CONSENT,
        people=_("Young people below the age of consent, and their guardians"),
        kept=_("Until the young person is old enough. Then the guardian's address goes."),
        given_to=NOBODY,
        order=20,
    ),
    Activity(
        "organisations",
        _("Organisations and their people"),
        _("Know who may speak for an association, a company or a school."),
        CONTRACT,
        people=_("Members of organisations"),
        kept=_("As long as the membership is not deleted."),
        given_to=_("Everybody can read who speaks for an organisation."),
        order=30,
    ),
    Activity(
        "eligibility",
        _("Who may take part where"),
        _(
            "Make sure that only people who live here vote, and everybody once. We keep the place and an age group, no document."
        ),
        PUBLIC_TASK,
        people=_("People whose address was confirmed, and people who were invited by letter"),
        kept=_(
            "Confirmed addresses until they expire. What belongs to a process, until thirty days after its final result."
        ),
        given_to=NOBODY,
        order=40,
    ),
    Activity(
        STAFF,
        _("Work of the city's staff"),
        _("Be able to show who did what for the city, and that it was allowed to them."),
        PUBLIC_TASK,
        people=_("People who work for the city"),
        kept=_("With the process they worked on; roles two years after their end."),
        given_to=_("Nobody outside the city. Some names are public where somebody answers for the city."),
        order=110,
    ),
    Activity(
        "rights",
        _("Your rights"),
        _("Give you a copy, correct, restrict or forget your data, and prove that we did."),
        LEGAL,
        people=_("People who ask for it"),
        kept=_(
            "A copy for 24 hours, the request for thirty days. A key without a name stays as long as backups live."
        ),
        given_to=NOBODY,
        order=120,
    ),
)
belongs("accounts.GuardianConsent", "guardian")
belongs("accounts.Membership", "organisations")
belongs("accounts.Verification", "eligibility")

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
        activity="guardian",
    ),
    restricted_since=Personal(
        "use their data no further than they want", LEGAL, "rights", "until it is lifted", activity="rights"
    ),
    language=Personal("speak the person's language", CONTRACT, "preference", ACCOUNT),
    place=Personal("sort what is open by the person's place", CONTRACT, "preference", ACCOUNT),
    joined_at=Personal("know how old an account is", CONTRACT, "security", ACCOUNT),
    last_login=Personal("find forgotten accounts", CONTRACT, "security", ACCOUNT),
    is_superuser=Personal("technical administration", CONTRACT, "role", ACCOUNT),
)
describe(
    "accounts.Person_groups",
    plain="id group",
    person=Personal("technical roles", CONTRACT, "role", ACCOUNT, erase=ROW),
)
describe(
    "accounts.Person_user_permissions",
    plain="id permission",
    person=Personal("technical roles", CONTRACT, "role", ACCOUNT, erase=ROW),
)
describe(
    "accounts.Organisation",
    plain="id slug name kind about registered_at confirmed_at",
    confirmed_by=Personal(
        "who at the city confirmed it", category="staff", retention="with the organisation", erase=KEY
    ),
)
describe(
    "accounts.Membership",
    plain="id organisation role",
    person=Personal(
        "who may act for the organisation",
        CONTRACT,
        "role",
        "until the membership is erased",
        public=True,
        erase=ROW,
    ),
    asked_at=Personal("when the person asked", CONTRACT, "role", "with the membership"),
    confirmed_at=Personal("when it was confirmed", CONTRACT, "role", "with the membership"),
    confirmed_by=Personal("who confirmed it", CONTRACT, "role", "with the membership", erase=POINTER),
    ended_at=Personal("when it ended", CONTRACT, "role", "with the membership"),
)
describe(
    "accounts.GuardianConsent",
    plain="id wording",
    person=Personal(
        "for whose account a guardian agreed",
        CONSENT,
        "identity",
        "until the person is old enough",
        erase=POINTER,
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
        erase=ROW,
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
    verified_by=Personal("who checked it", category="staff", retention="with the verification", erase=KEY),
    expires_at=Personal("until when it holds", category="eligibility", retention="with the verification"),
    revoked_at=Personal("when it was taken back", category="eligibility", retention="with the verification"),
)
# Tables of the libraries that hold people.
describe(
    "account.EmailAddress",
    plain="id verified primary",
    user=Personal("whose address it is", CONTRACT, "contact", ACCOUNT, erase=ROW),
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
    user=Personal("whose second factor it is", CONTRACT, "security", ACCOUNT, erase=ROW),
    data=Personal("second factor, encrypted secret", CONTRACT, "security", ACCOUNT),
)
describe(
    "sessions.Session",
    plain="expire_date",
    session_key=Personal("stay signed in", CONTRACT, "security", "14 days"),
    session_data=Personal("stay signed in", CONTRACT, "security", "14 days"),
)
