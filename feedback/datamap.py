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
    " evaluate_by evaluated_at given_up_at moved_at opinions_count works_yes works_partly works_no",
)
describe("feedback.Milestone", plain="id commitment name due done_at order")
describe("feedback.Delay", plain="id commitment old_due new_due reason at", by=STAFF)
describe(
    "feedback.Opinion",
    plain="id commitment at",
    person=Personal("one opinion per person", category="opinion", retention="until withdrawn or erased"),
    value=Personal("does what was built work", category="opinion", retention="until withdrawn or erased"),
    as_promised=Personal(
        "is it what was promised", category="opinion", retention="until withdrawn or erased"
    ),
    used=Personal("how often they use it", category="opinion", retention="until withdrawn or erased"),
)
describe("feedback.PosterAnswer", plain="id commitment day value as_promised used")
describe(
    "feedback.Release",
    plain="id commitment source at answers yes partly no promised_yes promised_partly promised_no used_often"
    " used_seldom used_never",
)
describe("feedback.Update", plain="contribution commitment text at")
describe("feedback.Spending", plain="id commitment day amount what_for at", by=STAFF)
describe("feedback.HandOver", plain="id commitment old_office new_office reason at", by=STAFF)
describe("feedback.Ending", plain="commitment reason at", by=STAFF)
describe("feedback.Reopening", plain="commitment contribution answers works at", by=STAFF)
describe("feedback.Task", plain="id commitment title people hours until at closed_at", by=STAFF)
describe(
    "feedback.Pledge",
    plain="id task organisation at withdrawn_at done_at",
    person=Personal(
        "who takes a task on", category="act", retention="until erased; then only the hours stay"
    ),
    is_named=Personal(
        "whether they want to be thanked by name", category="consent", retention="until erased"
    ),
    hours_done=Personal("hours they gave", category="act", retention="until erased; then without a name"),
)
describe("feedback.EvaluationReport", plain="process numbers learned changes due published_at", by=STAFF)
