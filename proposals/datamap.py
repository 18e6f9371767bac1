from groundwork.datamap import KEY, POINTER, ROW, Personal, Said, describe

STAFF = Personal("who did it for the city", category="staff", retention="with the process", erase=KEY)

describe(
    "proposals.Proposal",
    plain="contribution process is_public receipt title summary language translations theme place location map_x map_y hue"
    " pattern stage lives_in cost supports supports_taken_over comments exposure shown search"
    " author_kind is_answered seeks_coauthors",
    written=[Said("title summary translations location", of="contribution")],
)
describe(
    "proposals.ListExport",
    plain="id process form query language asked_at ready_at expires_at file size rows",
    person=Personal(
        "hand the list to who asked for it",
        category="staff",
        retention="ninety days; the file itself one day",
        erase=ROW,
    ),
)
describe(
    "proposals.Revision",
    plain="id proposal number title summary body language translations at note is_substantive",
    written=[Said("title summary body translations note", of="proposal")],
    by=Personal("credit for the wording", category="participation", public=True, erase=POINTER),
)
describe(
    "proposals.Authorship",
    plain="id proposal organisation role invited_at accepted_at declined_at left_at code posted_at expires_at lead_offered_at",
    person=Personal(
        "credit for a proposal, once they agreed to it", category="participation", public=True, erase=POINTER
    ),
    invited_by=Personal("who asked them", category="participation", erase=POINTER),
    email=Personal(
        "invite somebody to write together",
        category="contact",
        retention="until they answer, at most 30 days",
    ),
)
describe(
    "proposals.TakeOver",
    plain="id proposal offered_at decide_by decided_at is_accepted",
    person=Personal("who offers to go on with it", category="participation", public=True, erase=POINTER),
    decided_by=Personal("who decided about the offer", category="participation", erase=POINTER),
)
describe(
    "proposals.TextDraft",
    plain="id proposal seen is_substantive saved_at",
    written=[Said(of="proposal")],
    person=Personal(
        "whose draft it is", category="content", retention="until published or thrown away", erase=ROW
    ),
    **dict.fromkeys(
        ("title", "summary", "body", "note"),
        Personal(
            "a text that is not published yet", category="content", retention="until published or thrown away"
        ),
    ),
)
describe(
    "proposals.Support",
    plain="id proposal at renewed_at via",
    person=Personal(
        "one support per person; tell supporters what became of it",
        category="opinion",
        retention="until withdrawn or erased; then a number without a person keeps counting",
        erase=KEY,
    ),
)
describe(
    "proposals.StageMove",
    plain="id proposal stage at office detail data",
    written=[Said("detail data")],
    by=Personal("who moved it on: an author or the city", retention="with the process", erase=POINTER),
)
describe(
    "proposals.Assessment",
    plain="id proposal office verdict cost_from cost ballot_cost yearly_cost estimate competence body permit implementer year"
    " reason_code duplicate_of reason way_on revision at needs_signature signed_at correction replaced_at",
    written=[Said("estimate body permit reason way_on correction")],
    by=STAFF,
    signed_by=STAFF,
)
describe(
    "proposals.Assignment",
    plain="id proposal office due at note ended_at handed_to batch ended_batch paused_until content version changed_at"
    " submitted_at submitted_revision returned_note correction done_at seen_revision",
    written=[Said("note content returned_note correction")],
    person=STAFF,
    by=STAFF,
    ended_by=STAFF,
    changed_by=STAFF,
    submitted_by=STAFF,
)
describe(
    "proposals.Clarification",
    plain="id proposal office question language asked_at due answer answer_language answered_at revision reminded_at",
    asked_by=STAFF,
    written=[Said("question"), Said("answer", of="proposal"), Said("answer", by="answered_by")],
    answered_by=Personal("who answered for the authors", category="participation", erase=POINTER),
)
describe(
    "proposals.ListCount",
    plain="id process place theme stage author_kind is_answered seeks_coauthors n",
)
describe("proposals.SearchWord", plain="id process word n")
describe("proposals.Shown", plain="id proposal day n")
