from groundwork.datamap import KEY, POINTER, Personal, Said, describe

WROTE = Personal(
    "who worked on joining proposals", category="participation", retention="with the proposals", erase=POINTER
)
STAFF = Personal("who did it for the city", category="staff", retention="with the process", erase=KEY)

describe(
    "merging.Merge", plain="id process proposed_at state version ended_at before after", proposed_by=WROTE
)
describe(
    "merging.MergePart",
    plain="id merge proposal role is_open consented_at consented_to reason left_at stage_before split_at split_reason",
    written=[
        Said("reason split_reason", of="proposal"),
        Said("reason", by="declined_by"),
        Said("split_reason", by="split_by"),
    ],
    consented_by=WROTE,
    declined_by=WROTE,
    split_by=WROTE,
)
describe("merging.JointText", plain="id merge version title summary body read at", by=WROTE)
describe(
    "merging.Cluster",
    plain="id process name_de name_en about_de about_en made_at ended_at",
    made_by=STAFF,
)
describe(
    "merging.ClusterMember", plain="id cluster proposal added_at removed_at", added_by=STAFF, removed_by=STAFF
)
