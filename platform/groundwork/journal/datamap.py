from django.utils.translation import gettext_lazy as _

from groundwork.datamap import LEGAL, Personal, describe
from groundwork.processing import Activity, belongs, declare

declare(
    Activity(
        "record",
        _("The record of public acts"),
        _(
            "Be able to check later what happened when, and that nobody changed it. It holds numbers, no names."
        ),
        LEGAL,
        people=_("Everybody who takes part or works here"),
        kept=_("For good. Nobody stands behind the number any more once a person is forgotten."),
        given_to=_("Nobody outside the city. The check sums are public."),
        order=100,
    )
)
belongs("journal", "record")

describe(
    "journal.Entry",
    plain="id xid seq verb subject_label subject_key process_id organisation_id at data hash",
    actor_id=Personal(
        "know who did what, shown by public name",
        basis=LEGAL,
        category="key",
        retention="key only; the person behind it can be erased",
    ),
)
describe("journal.Seal", plain="id system_identifier snapshot until xid entry_id seq hash")
describe("journal.Cursor", plain="reader seq moved_at")
