from groundwork.datamap import CONTRACT, Personal, describe

STAFF = Personal("who did it for the city", category="staff", retention="with the process")

describe("cocreation.Place", plain="id slug name kind character parent population map_x map_y boundary")
describe("cocreation.Office", plain="id slug name short email")
describe(
    "cocreation.RoleGrant",
    plain="id role office process head starts ends",
    person=Personal("who holds the role", category="staff", retention="two years after its end"),
)
describe(
    "cocreation.Process",
    plain="id slug title question lead what_open what_fixed how_decided decides offline promise office answer_by minutes"
    " hue pattern recipe source content_hash identity created_at published_at",
    created_by=STAFF,
)
describe("cocreation.Process_places", plain="id process place")
describe(
    "cocreation.Process_contacts",
    plain="id process",
    person=Personal("whom residents can ask", category="staff", retention="with the process", public=True),
)
describe(
    "cocreation.Phase", plain="id process key method lane order name text starts ends acts audience options"
)
describe(
    "cocreation.Contribution",
    plain="id receipt kind process phase organisation channel language created_at published_at hidden_at withdrawn_at erased_at is_public",
    author=Personal("credit, and tell the author what became of it", category="participation", public=True),
)
describe(
    "cocreation.Withdrawal",
    plain="contribution at reason",
    by=Personal("who took it back", category="participation"),
)
describe(
    "cocreation.Hiding",
    plain="id contribution at rule reason lifted_at",
    by=STAFF,
    lifted_by=STAFF,
)
describe(
    "cocreation.Follow",
    plain="id process contribution at",
    person=Personal("whom to tell", CONTRACT, "preference", "until unfollowed"),
)
describe(
    "cocreation.PendingAct",
    plain="token act process created_at expires_at completed_at result_url refusal",
    payload=Personal(
        "keep what was written until the person identifies", CONTRACT, "participation", "48 hours"
    ),
    completed_by=Personal("whose act it became", CONTRACT, "participation", "48 hours"),
)

CHECKED = "until thirty days after the final result of the process"
describe(
    "cocreation.Eligibility",
    plain="id process source invited claimed_by_way_of revoked_at",
    key=Personal("count every human being once; a keyed hash", category="eligibility", retention=CHECKED),
    residence=Personal("may take part where they live", category="eligibility", retention=CHECKED),
    age_band=Personal("may take part where age counts", category="eligibility", retention=CHECKED),
    person=Personal("whose entry it is", category="eligibility", retention=CHECKED),
    claimed_at=Personal("when it was claimed", category="eligibility", retention=CHECKED),
)
describe("cocreation.Group", plain="id slug name process")
describe(
    "cocreation.GroupMembership",
    plain="id group since ended_at",
    person=Personal("who belongs to the group", category="role", retention="two years after its end"),
    added_by=STAFF,
)
