from django.utils.translation import gettext_lazy as _

from groundwork.datamap import CONTRACT, KEY, POINTER, PUBLIC_TASK, ROW, Personal, Said, describe
from groundwork.processing import Activity, belongs, declare

declare(
    Activity(
        "participation",
        _("Taking part"),
        _("Collect what people propose, say and support, answer it, and show what became of it."),
        PUBLIC_TASK,
        people=_("Everybody who takes part"),
        kept=_(
            "Until you take it back or are forgotten. Drafts until they are published or thrown away; what was public"
            " stays without your name if you choose so."
        ),
        given_to=_(
            "Everybody can read what you contribute in public. What you support is shown as a number."
        ),
        order=50,
    )
)
for table in ("Eligibility", "LetterCode", "IdentifiedVisit"):
    belongs(f"cocreation.{table}", "eligibility")

STAFF = Personal("who did it for the city", category="staff", retention="with the process", erase=KEY)

describe("cocreation.Place", plain="id slug name kind character parent population map_x map_y boundary")
describe("cocreation.Office", plain="id slug name short email")
describe(
    "cocreation.RoleGrant",
    plain="id role office place process head starts ends ended_at",
    person=Personal("who holds the role", category="staff", retention="two years after its end", erase=ROW),
    granted_by=STAFF,
    ended_by=STAFF,
)
describe(
    "cocreation.Training",
    plain="id topics completed_on recorded_at withdrawn_at",
    person=Personal(
        "who may moderate, facilitate or set up processes", category="staff", retention="account", erase=ROW
    ),
    note=Personal("where the training was", category="staff", retention="account"),
    recorded_by=STAFF,
    withdrawn_by=STAFF,
)
describe(
    "cocreation.Approval",
    plain="id what subject_label subject_key process language asked_at approved_at declined_at",
    about=Personal("tell people that the city looked up who they are", retention="account", erase=POINTER),
    reason=Personal("why it was asked, for the second person and the one concerned", retention="account"),
    asked_by=STAFF,
    approved_by=STAFF,
    declined_by=STAFF,
)
describe(
    "cocreation.Process",
    plain="id slug title question lead what_open what_fixed how_decided decides offline promise office answer_by minutes"
    " hue pattern recipe source attribution dry_run_of content_hash identity created_at published_at publish_at"
    " stopped_at stop_reason archived_at version changed_at",
    created_by=STAFF,
    changed_by=STAFF,
)
describe(
    "cocreation.GateAnswer",
    plain="id process item text checked_on waived_at reason suggested",
    checked_by=Personal(
        "which office or officer checked it", category="staff", retention="with the process", public=True
    ),
    waived_by=STAFF,
)
describe("cocreation.ChangeRecord", plain="id process at reason changes", by=STAFF)
describe("cocreation.ConfigChange", plain="id process at what part before after undoes", by=STAFF)
describe("cocreation.PreviewLink", plain="id process token created_at revoked_at", created_by=STAFF)
describe("cocreation.Process_places", plain="id process place")
describe(
    "cocreation.Process_contacts",
    plain="id process",
    person=Personal(
        "whom residents can ask", category="staff", retention="with the process", public=True, erase=ROW
    ),
)
describe(
    "cocreation.Phase",
    plain="id process key method lane order name text starts ends acts audience options version changed_at",
    changed_by=STAFF,
)
describe("cocreation.RemovedPhase", plain="id process name stored removed_at", removed_by=STAFF)
describe(
    "cocreation.Contribution",
    plain="id receipt kind process phase organisation channel language created_at published_at hidden_at held_at withdrawn_at erased_at set_aside_at is_public",
    author=Personal(
        "credit, and tell the author what became of it", category="participation", public=True, erase=POINTER
    ),
)
describe(
    "cocreation.Withdrawal",
    plain="contribution at reason",
    written=[Said("reason", of="contribution")],
    by=Personal("who took it back", category="participation", erase=POINTER),
)
describe(
    "cocreation.Hiding",
    plain="id contribution at rule reason lifted_at",
    written=[Said("rule"), Said("reason", of="contribution")],
    by=STAFF,
    lifted_by=STAFF,
)
describe(
    "cocreation.Follow",
    plain="id process contribution place theme at",
    person=Personal("whom to tell", CONTRACT, "preference", "until unfollowed", erase=ROW),
)
describe(
    "cocreation.PendingAct",
    plain="token act process created_at expires_at completed_at given_up_at result_url refusal next_step next_url",
    payload=Personal(
        "keep what was written until the person identifies",
        CONTRACT,
        "participation",
        "48 hours; 30 days while it waits for a confirmation of somebody who is signed in",
    ),
    person=Personal(
        "whose act waits for a confirmation", CONTRACT, "participation", "with the kept act", erase=ROW
    ),
    completed_by=Personal(
        "whose act it became", CONTRACT, "participation", "48 hours; a note 7 days", erase=ROW
    ),
)

CHECKED = "until thirty days after the final result of the process"
describe(
    "cocreation.Eligibility",
    plain="id process source invited claimed_by_way_of revoked_at seen_in",
    key=Personal("count every human being once; a keyed hash", category="eligibility", retention=CHECKED),
    residence=Personal("may take part where they live", category="eligibility", retention=CHECKED),
    age_band=Personal("may take part where age counts", category="eligibility", retention=CHECKED),
    person=Personal("whose entry it is", category="eligibility", retention=CHECKED, erase=POINTER),
    claimed_at=Personal("when it was claimed", category="eligibility", retention=CHECKED),
    lookup=Personal(
        "found by postal code and date of birth; a keyed hash", category="eligibility", retention=CHECKED
    ),
    lookup_name=Personal(
        "the same with the family name; a keyed hash", category="eligibility", retention=CHECKED
    ),
)
describe("cocreation.CheckSource", plain="id process adapter options active")
UPLOAD = (
    "id process token state made_at size layout columns bytes_done rows bad duplicates problems failure attempt beat_at"
    " finished_at"
)
describe(
    "cocreation.RegisterImport",
    plain=f"{UPLOAD} added changed unchanged restored missing missing_claimed revoked",
    made_by=STAFF,
)
describe(
    "cocreation.LetterBatch",
    plain=f"{UPLOAD} kind wanted place age_band language made file fetched_at revoked_at",
    made_by=STAFF,
)
describe(
    "cocreation.LetterCode",
    plain="id batch serial revoked_at",
    entry=Personal("whose letter it is", category="eligibility", retention=CHECKED),
    key=Personal("recognise the code; a keyed hash", category="eligibility", retention=CHECKED),
    redeemed_at=Personal("when it was used", category="eligibility", retention=CHECKED),
)
describe(
    "cocreation.IdentifiedVisit",
    plain="token process by_way_of next_url created_at expires_at",
    entry=Personal("the entry waits for a log-in", category="eligibility", retention="two hours"),
    code=Personal("the code that led to it", category="eligibility", retention="two hours"),
    claimed_at=Personal("when it was claimed", category="eligibility", retention="two hours"),
)
describe("cocreation.Group", plain="id slug name process")
describe(
    "cocreation.GroupMembership",
    plain="id group since ended_at",
    person=Personal(
        "who belongs to the group", category="role", retention="two years after its end", erase=ROW
    ),
    added_by=STAFF,
)
describe(
    "cocreation.SavedRecipe",
    plain="id slug name about body picture from_process attribution saved_at removed_at",
    saved_by=STAFF,
    removed_by=STAFF,
)
describe(
    "cocreation.IncomingPackage",
    plain="token file body at expires_at",
    by=Personal("who uploaded it", category="staff", retention="48 hours", erase=ROW),
)
describe("cocreation.DryRun", plain="process played ended notes made_at", made_by=STAFF)
describe(
    "cocreation.DryRun_people",
    plain="id dryrun",
    person=Personal("who plays along; invented people only", retention="with the dry run", erase=ROW),
)
describe(
    "cocreation.GroupInvitation",
    plain="id group code created_at expires_at ended_at",
    created_by=STAFF,
)
describe(
    "cocreation.Attachment",
    plain="id key contribution draft kind type name alt caption order size width height sha256 stored uploaded_at expires_at",
    written=[Said("sha256"), Said("name alt caption", of="contribution")],
    uploaded_by=Personal(
        "who added a file",
        category="participation",
        retention="with the contribution; seven days while it waits",
        erase=POINTER,
    ),
)
describe(
    "cocreation.PrivacyAssessment",
    plain="process special large technology risks measures written_at signed_at",
    written=[Said("risks measures")],
    written_by=STAFF,
    signed_by=STAFF,
)
