from groundwork.datamap import Personal, describe

STAFF = Personal("who did it for the city", category="staff", retention="with the process")

describe(
    "feedback.OfficialAnswer",
    plain="id contribution process office status reason link next_date published_at",
    by=STAFF,
)
describe(
    "feedback.Commitment",
    plain="id contribution process office title text budget spent due first_due promised_at started_at delivered_at"
    " evaluate_by evaluated_at moved_at works_yes works_partly works_no",
)
describe("feedback.Milestone", plain="id commitment name due done_at order")
describe("feedback.Delay", plain="id commitment old_due new_due reason at", by=STAFF)
describe(
    "feedback.Opinion",
    plain="id commitment at",
    person=Personal("one opinion per person", category="opinion", retention="until withdrawn or erased"),
    value=Personal("does what was built work", category="opinion", retention="until withdrawn or erased"),
)
