from groundwork.datamap import Personal, describe

STAFF = Personal("who did it for the city", category="staff", retention="with the process")

describe(
    "proposals.Proposal",
    plain="contribution process is_public receipt title summary language translations theme place location map_x map_y hue"
    " pattern stage lives_in cost supports comments exposure shown search"
    " author_kind is_answered seeks_coauthors",
)
describe(
    "proposals.Revision",
    plain="id proposal number title summary body language translations at note is_substantive",
    by=Personal("credit for the wording", category="participation", public=True),
)
describe(
    "proposals.Authorship",
    plain="id proposal organisation role invited_at accepted_at declined_at left_at code posted_at expires_at lead_offered_at",
    person=Personal("credit for a proposal, once they agreed to it", category="participation", public=True),
    invited_by=Personal("who asked them", category="participation"),
    email=Personal(
        "invite somebody to write together",
        category="contact",
        retention="until they answer, at most 30 days",
    ),
)
describe(
    "proposals.TakeOver",
    plain="id proposal offered_at decide_by decided_at is_accepted",
    person=Personal("who offers to go on with it", category="participation", public=True),
    decided_by=Personal("who decided about the offer", category="participation"),
)
describe(
    "proposals.TextDraft",
    plain="id proposal seen is_substantive saved_at",
    person=Personal("whose draft it is", category="content", retention="until published or thrown away"),
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
        retention="until withdrawn or erased",
    ),
)
describe("proposals.StageMove", plain="id proposal stage at office detail data", by=STAFF)
describe(
    "proposals.Assessment",
    plain="id proposal office verdict cost_from cost ballot_cost yearly_cost estimate competence body permit implementer year"
    " reason_code duplicate_of reason way_on revision at needs_signature signed_at correction replaced_at",
    by=STAFF,
    signed_by=STAFF,
)
describe(
    "proposals.Assignment",
    plain="id proposal office due at note ended_at handed_to batch ended_batch paused_until content version changed_at"
    " submitted_at submitted_revision returned_note correction done_at seen_revision",
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
    answered_by=Personal("who answered for the authors", category="participation"),
)
describe(
    "proposals.ListCount",
    plain="id process place theme stage author_kind is_answered seeks_coauthors n",
)
describe("proposals.SearchWord", plain="id process word n")
describe("proposals.Shown", plain="id proposal day n")
