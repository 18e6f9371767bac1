from groundwork.datamap import CONTRACT, Personal, describe

describe(
    "notices.Preference",
    plain="id kind",
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
    plain="entry_id verb subject_label subject_key contribution process at data last_person",
    actor_id=Personal(
        "who acted is not told of it", category="key", retention="until everybody has been told"
    ),
)
