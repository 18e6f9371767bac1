from django.utils.translation import gettext_lazy as _

from groundwork.datamap import CONSENT, Personal, describe
from groundwork.processing import Activity, belongs, declare

declare(
    Activity(
        "demographics",
        _("Who takes part"),
        _("See whether all parts of the city are heard: how old those are who take part, where they live and the like, as far as they say."),
        CONSENT,
        people=_("People with an account who answered"),
        kept=_("Until you take it back or close your account, at the longest two years."),
        given_to=_("Nobody. Published are only numbers of at least ten people, rounded."),
        order=85,
    ),
)  # fmt: skip
belongs("reach", "demographics")

KEPT = "until taken back, at the longest two years"
describe(
    "reach.Answers",
    handle=Personal(
        "find the row of a person with a key that is not in the database", CONSENT, "demographic", KEPT
    ),
    sealed=Personal("see whether all parts of the city are heard; encrypted", CONSENT, "demographic", KEPT),
    month=Personal("forget it after two years", CONSENT, "demographic", KEPT),
)
describe("reach.Asking", plain="id process questions")
describe("reach.Population", plain="id question answer people")
describe("reach.Cell", plain="id process question answer held shown")
