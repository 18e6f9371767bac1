from groundwork.datamap import Personal, describe

STAFF = Personal("who did it for the city", category="staff", retention="with the process")

describe(
    "proposals.Proposal",
    plain="contribution process is_public receipt title summary language translations theme place location map_x map_y hue"
    " pattern stage cost supports comments exposure search",
)
describe(
    "proposals.Revision",
    plain="id proposal number title summary body language translations at",
    by=Personal("credit for the wording", category="participation", public=True),
)
describe(
    "proposals.Support",
    plain="id proposal at",
    person=Personal(
        "one support per person; tell supporters what became of it",
        category="opinion",
        retention="until withdrawn or erased",
    ),
)
describe("proposals.StageMove", plain="id proposal stage at office detail data", by=STAFF)
describe("proposals.Assessment", plain="id proposal office verdict cost yearly_cost reason at", by=STAFF)
describe("proposals.ListCount", plain="id process place theme stage n")
