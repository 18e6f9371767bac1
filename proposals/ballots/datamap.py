from django.utils.translation import gettext_lazy as _

from groundwork.datamap import CONTRACT, PUBLIC_TASK, ROW, Personal, Said, describe
from groundwork.processing import Activity, belongs, declare

declare(
    Activity(
        "voting",
        _("Voting"),
        _(
            "Count every vote once, and nobody's twice. What you chose stands beside your name in no table. You need no"
            " consent to vote, and none can be taken from you."
        ),
        PUBLIC_TASK,
        people=_("People who may vote"),
        kept=_(
            "Until the vote is counted. Then the key is destroyed, and nothing leads from a ballot to a person."
        ),
        given_to=_("Nobody. Everybody can read the ballots without persons, and count again."),
        order=60,
    ),
    # Asked for once, for one vote. Not a consent: a line in the ledger would say who voted when.
    Activity(
        "ballot_mail",
        _("A mail about your ballot"),
        _("Tell you by mail that your ballot is on the board, where you asked for it on your receipt."),
        CONTRACT,
        people=_("People who asked for it"),
        kept=_("Until the vote is counted and the mail is out. Then nothing says that you asked."),
        given_to=_("The mail server of the city, and the one of your address."),
        order=62,
    ),
)
belongs("ballots", "voting")

describe(
    "ballots.Vote",
    plain="phase budget currency rule tie_rule lot_promise lot_seed kind within_budget compares points most_points min_choices max_choices paper paper_days reserves questions envelopes most_envelopes envelopes_at_home eligible public_key opened_at counted_at reminded_at mailed_at keys_destroyed_at",
)
describe("ballots.BallotOption", plain="id vote proposal cost position code", written=[Said("code")])
describe(
    "ballots.Slot",
    plain="vote",
    tag=Personal(
        "one person, one ballot; a keyed hash, the key is outside the database",
        category="eligibility",
        retention="until the vote is counted",
    ),
    choice=Personal("the ballot, sealed", category="opinion", retention="until the vote is counted"),
    closed=Personal(
        "that this person votes on paper, so that nobody votes twice", retention="until the vote is counted"
    ),
)
describe(
    "ballots.ReceiptMail",
    plain="id vote attempts",
    person=Personal(
        "tell by mail, as they asked, that their ballot is on the board",
        basis=CONTRACT,
        retention="until the vote is counted and the mail is out",
        erase=ROW,
        activity="ballot_mail",
    ),
    posted_at=Personal("send the mail once", basis=CONTRACT, retention="as the row", activity="ballot_mail"),
)
describe("ballots.CastBallot", plain="id vote choice points channel")
describe("ballots.Tally", plain="vote rule result input_hash at published_at")
describe("ballots.Turnout", plain="id vote count at")
# The credential is a keyed hash of a slot; the key is destroyed after the result.
describe("ballots.BoardLeaf", plain="id vote position leaf opening credential commitment nonce choice")
describe("ballots.TreeHead", plain="id vote size root at signature")
