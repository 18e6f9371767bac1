from django.utils.translation import gettext_lazy as _

from groundwork.datamap import CONSENT, CONTRACT, KEY, POINTER, PUBLIC_TASK, ROW, Personal, Said, describe
from groundwork.processing import Activity, belongs, declare

declare(
    Activity(
        "telling",
        _("Telling you what became of it"),
        _("Tell those whom something concerns: your proposal was answered, a date moved, a vote began."),
        PUBLIC_TASK,
        people=_("People with an account"),
        kept=_("Two years."),
        given_to=_("Nobody outside the city."),
        order=70,
    ),
    Activity(
        "mail",
        _("Mail and what you follow"),
        _("Write to you as often as you want, and about what you follow."),
        CONTRACT,
        people=_("People with an account"),
        kept=_("Your wishes as long as the account exists, the list of sent mail 90 days."),
        given_to=_("The mail server of the city, and the one of your address."),
        order=75,
    ),
    Activity(
        "newsletter",
        _("Newsletters"),
        _("Send you news of the city by mail that you asked for."),
        CONSENT,
        people=_("People who ordered one"),
        kept=_("As long as the account exists: the day on which you said yes proves it."),
        given_to=_("The mail server of the city, and the one of your address."),
        order=80,
    ),
    Activity(
        "push",
        _("Messages on your devices"),
        _("Show a message on a phone or computer you chose, without it being open."),
        CONSENT,
        people=_("People who switched it on"),
        kept=_("Until you remove the device, or its browser is gone."),
        given_to=_(
            "The push service of your browser's maker. It passes sealed messages on and cannot read them."
        ),
        order=82,
    ),
)
belongs("notices", "mail")
belongs("notices.Notice", "telling")
belongs("notices.FanOut", "telling")
belongs("notices.Device", "push")

describe(
    "notices.Preference",
    plain="id kind",
    chosen_at=Personal(
        "proof of a consent to newsletters",
        CONSENT,
        "preference",
        "as long as the account exists",
        activity="newsletter",
    ),
    person=Personal("whose wish it is", CONTRACT, "preference", "as long as the account exists", erase=ROW),
    rhythm=Personal(
        "mail as often as the person wants", CONTRACT, "preference", "as long as the account exists"
    ),
)
describe(
    "notices.Notice",
    plain="id entry_id verb process contribution subject_label subject_key data created_at until rhythm due_at claimed_at attempts",
    written=[Said(of="contribution")],
    person=Personal("who is told", category="participation", retention="two years", erase=ROW),
    kind=Personal("why the person is told", category="participation", retention="two years"),
    read_at=Personal("what is new to the person", category="participation", retention="two years"),
    sent_at=Personal("never mail twice", category="participation", retention="two years"),
)
describe(
    "notices.FanOut",
    plain="entry_id verb subject_label subject_key contribution process at data last_person told failures wait_until",
    written=[Said(of="contribution")],
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
describe(
    "notices.Wishes",
    person=Personal(
        "whose wishes they are", CONTRACT, "preference", "as long as the account exists", erase=ROW
    ),
    most_a_week=WISH,
    quiet_from=WISH,
    quiet_until=WISH,
)
describe(
    "notices.Stopped",
    plain="at",
    person=Personal(
        "whom no mail reaches", CONTRACT, "contact", "until the person asks to try again", erase=ROW
    ),
    why=Personal(
        "tell the person why no mail comes", CONTRACT, "contact", "until the person asks to try again"
    ),
    said=Personal("what the mail server said", CONTRACT, "contact", "until the person asks to try again"),
)
describe(
    "notices.Mail",
    plain="id identity rhythm entry_id number counts",
    person=Personal(
        "no more mail than wished, none to dead mailboxes", CONTRACT, "contact", "90 days", erase=POINTER
    ),
    sent_at=Personal("no more mail than wished", CONTRACT, "contact", "90 days"),
    bounced_at=Personal("no mail to dead mailboxes", CONTRACT, "contact", "90 days"),
    complained_at=Personal("no mail to who does not want it", CONTRACT, "contact", "90 days"),
    said=Personal("tell the person why no mail comes", CONTRACT, "contact", "90 days"),
)
describe(
    "notices.Newsletter",
    plain="id audience process subject_de subject_en text_de text_en made_at tested_at send_at sent_at cancelled_at entry_id",
    made_by=Personal(
        "who wrote it for the city", category="staff", retention="with the newsletter", erase=KEY
    ),
)
DEVICE = Personal(
    "show messages on a device the person chose",
    CONSENT,
    "contact",
    "until the person removes it or its browser is gone",
)
describe(
    "notices.Device",
    plain="id",
    person=Personal("whose device it is", CONSENT, "contact", DEVICE.retention, erase=ROW),
    endpoint=DEVICE,
    p256dh=DEVICE,
    auth=DEVICE,
    kinds=DEVICE,
    name=DEVICE,
    made_at=Personal("proof of a consent", CONSENT, "contact", "as long as the device is kept"),
)
describe("notices.Push", plain="id device notice due_at claimed_at attempts")
