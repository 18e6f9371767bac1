from groundwork.datamap import Personal, describe

STAFF = Personal("who did it for the city", category="staff", retention="with the process")

describe(
    "feedback.OfficialAnswer",
    plain="id contribution process office status reason_code reason link next_date published_at signed_as read_at"
    " needs_reader due draft",
    by=STAFF,
    read_by=STAFF,
)
describe(
    "feedback.AnswerDraft",
    plain="id process office contribution targets scope content version changed_at submitted_at returned_note"
    " published_at",
    changed_by=STAFF,
    submitted_by=STAFF,
)
describe("feedback.ReplyDate", plain="process due threshold days fixed_at")
describe("feedback.ReplyClock", plain="contribution process threshold reached_at due")
describe("feedback.ReplyReminder", plain="id office process due step at")
describe(
    "feedback.Helpful",
    plain="id answer at",
    person=Personal("one word per person", category="opinion", retention="until erased"),
    yes=Personal("whether an answer helped", category="opinion", retention="until erased"),
)
describe(
    "feedback.FollowUp",
    plain="id answer process question language asked_at reply replied_at",
    asked_by=Personal("who asked about an answer", category="participation"),
    replied_by=STAFF,
)
describe("feedback.Plan", plain="id process office title link made_at published_at", by=STAFF)
describe("feedback.PlanParagraph", plain="id plan order text")
describe("feedback.PlanSource", plain="id paragraph contribution")
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
