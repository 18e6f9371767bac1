from django.utils.translation import gettext_lazy as _

from groundwork.datamap import CONSENT, KEY, POINTER, Personal, Said, describe
from groundwork.processing import Activity, declare

declare(
    Activity(
        "named",
        _("Thanks by name"),
        _("Name you beside a task you took on, if you want that."),
        CONSENT,
        people=_("People who help with a promise of the city"),
        kept=_("Until you take it back or are forgotten."),
        given_to=_("Everybody can read your name there, as long as you want it."),
        order=85,
    )
)

STAFF = Personal("who did it for the city", category="staff", retention="with the process", erase=KEY)

describe(
    "feedback.OfficialAnswer",
    plain="id contribution process office status reason_code reason link next_date published_at signed_as read_at"
    " needs_reader due draft",
    written=[Said("reason")],
    by=STAFF,
    read_by=STAFF,
)
describe(
    "feedback.AnswerDraft",
    plain="id process office contribution targets scope content version changed_at submitted_at returned_note"
    " published_at",
    written=[Said("scope content returned_note")],
    changed_by=STAFF,
    submitted_by=STAFF,
)
describe("feedback.ReplyDate", plain="process due threshold days fixed_at")
describe("feedback.ReplyClock", plain="contribution process threshold reached_at due")
describe("feedback.ReplyReminder", plain="id office process due step at")
describe(
    "feedback.Helpful",
    plain="id answer at",
    person=Personal("one word per person", category="opinion", retention="until erased", erase=KEY),
    yes=Personal("whether an answer helped", category="opinion", retention="until erased"),
)
describe(
    "feedback.FollowUp",
    plain="id answer process question language asked_at reply replied_at",
    written=[Said("question", by="asked_by"), Said("question", of="answer__contribution", own=False)],
    asked_by=Personal("who asked about an answer", category="participation", erase=POINTER),
    replied_by=STAFF,
)
describe("feedback.Plan", plain="id process office title link made_at published_at", by=STAFF)
describe("feedback.PlanParagraph", plain="id plan order text")
describe("feedback.PlanSource", plain="id paragraph contribution")
describe(
    "feedback.Commitment",
    plain="id contribution process office title text budget spent due first_due promised_at started_at delivered_at"
    " evaluate_by evaluated_at given_up_at moved_at opinions_count works_yes works_partly works_no",
    written=[Said("title text")],
)
describe("feedback.Milestone", plain="id commitment name due done_at order")
describe("feedback.Delay", plain="id commitment old_due new_due reason at", by=STAFF)
describe(
    "feedback.Opinion",
    plain="id commitment at",
    person=Personal(
        "one opinion per person", category="opinion", retention="until withdrawn or erased", erase=KEY
    ),
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
describe("feedback.Update", plain="contribution commitment text at", written=[Said("text")])
describe("feedback.Spending", plain="id commitment day amount what_for at", by=STAFF)
describe("feedback.HandOver", plain="id commitment old_office new_office reason at", by=STAFF)
describe("feedback.Ending", plain="commitment reason at", by=STAFF)
describe("feedback.Reopening", plain="commitment contribution answers works at", by=STAFF)
describe("feedback.Task", plain="id commitment title people hours until at closed_at", by=STAFF)
describe(
    "feedback.Pledge",
    plain="id task organisation at withdrawn_at done_at",
    person=Personal(
        "who takes a task on",
        category="act",
        retention="until erased; then only the hours stay",
        erase=POINTER,
    ),
    is_named=Personal(
        "whether they want to be thanked by name", CONSENT, "consent", "until erased", activity="named"
    ),
    hours_done=Personal("hours they gave", category="act", retention="until erased; then without a name"),
)
describe("feedback.EvaluationReport", plain="process numbers learned changes due published_at", by=STAFF)
