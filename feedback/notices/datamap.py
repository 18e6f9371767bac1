from groundwork.datamap import CONSENT, CONTRACT, Personal, describe

describe(
    "notices.Preference",
    plain="id kind",
    chosen_at=Personal(
        "proof of a consent to newsletters", CONSENT, "preference", "as long as the account exists"
    ),
    person=Personal("whose wish it is", CONTRACT, "preference", "as long as the account exists"),
    rhythm=Personal(
        "mail as often as the person wants", CONTRACT, "preference", "as long as the account exists"
    ),
)
describe(
    "notices.Notice",
    plain="id entry_id verb process contribution subject_label subject_key data created_at until rhythm due_at claimed_at attempts",
    person=Personal("who is told", category="participation", retention="two years"),
    kind=Personal("why the person is told", category="participation", retention="two years"),
    read_at=Personal("what is new to the person", category="participation", retention="two years"),
    sent_at=Personal("never mail twice", category="participation", retention="two years"),
)
describe(
    "notices.FanOut",
    plain="entry_id verb subject_label subject_key contribution process at data last_person told failures wait_until",
    actor_id=Personal(
        "who acted is not told of it", category="key", retention="until everybody has been told"
    ),
)
describe(
    "notices.ThingRhythm",
    plain="follow",
    rhythm=Personal("mail as often as the person wants", CONTRACT, "preference", "until unfollowed"),
)
WISH = Personal(
    "mail when and as much as the person wants", CONTRACT, "preference", "as long as the account exists"
)
describe("notices.Wishes", person=WISH, most_a_week=WISH, quiet_from=WISH, quiet_until=WISH)
describe(
    "notices.Stopped",
    plain="at",
    person=Personal("whom no mail reaches", CONTRACT, "contact", "until the person asks to try again"),
    why=Personal(
        "tell the person why no mail comes", CONTRACT, "contact", "until the person asks to try again"
    ),
    said=Personal("what the mail server said", CONTRACT, "contact", "until the person asks to try again"),
)
describe(
    "notices.Mail",
    plain="id identity rhythm entry_id number counts",
    person=Personal("no more mail than wished, none to dead mailboxes", CONTRACT, "contact", "90 days"),
    sent_at=Personal("no more mail than wished", CONTRACT, "contact", "90 days"),
    bounced_at=Personal("no mail to dead mailboxes", CONTRACT, "contact", "90 days"),
    complained_at=Personal("no mail to who does not want it", CONTRACT, "contact", "90 days"),
    said=Personal("tell the person why no mail comes", CONTRACT, "contact", "90 days"),
)
describe(
    "notices.Newsletter",
    plain="id audience process subject_de subject_en text_de text_en made_at tested_at send_at sent_at cancelled_at entry_id",
    made_by=Personal("who wrote it for the city", category="staff", retention="with the newsletter"),
)
