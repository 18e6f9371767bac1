from groundwork.datamap import Personal, describe

describe(
    "ballots.Vote",
    plain="phase budget currency rule tie_rule lot_promise lot_seed kind within_budget points most_points min_choices max_choices paper paper_days reserves eligible public_key opened_at counted_at reminded_at keys_destroyed_at",
)
describe("ballots.BallotOption", plain="id vote proposal cost position code")
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
describe("ballots.CastBallot", plain="id vote choice points channel")
describe("ballots.Tally", plain="vote rule result input_hash at published_at")
describe("ballots.Turnout", plain="id vote count at")
# The credential is a keyed hash of a slot; the key is destroyed after the result.
describe("ballots.BoardLeaf", plain="id vote position leaf opening credential commitment nonce choice")
describe("ballots.TreeHead", plain="id vote size root at signature")
