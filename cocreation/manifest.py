"""What the hall declares: its journal verbs, the acts it keeps, what completes them after a log-in, its queues."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.hooks import after_login, needs_second_factor
from accounts.privacy import notice
from accounts.privacy.models import Breach, Request
from cocreation import embeds as _embeds  # noqa: F401 - registers itself
from cocreation import four_eyes, pending, staffing
from cocreation.desk import Queue, Urgent, queues
from cocreation.roles import roles_of
from groundwork import clock
from groundwork.answer import Refused
from groundwork.jobs.models import Job
from groundwork.journal.api import Verb, declare
from groundwork.shared_pages.api import borders

if TYPE_CHECKING:
    from accounts.models import Person

needs_second_factor.add("roles", lambda person: roles_of(person).held.is_staff)

declare(
    Verb("process.published", _("Process published")),
    Verb("process.changed", _("Process changed")),
    Verb("process.amended", _("Scope, promise or dates changed, with a reason")),
    Verb("process.stopped", _("Process stopped")),
    Verb("process.archived", _("Process moved to the archive")),
    Verb("process.unarchived", _("Process taken back out of the archive")),
    Verb("phase.opened", _("Phase opened")),
    Verb("phase.closed", _("Phase closed")),
    Verb("contribution.withdrawn", _("Withdrawn by the author")),
    Verb("contribution.erased", _("Erased at the wish of its author")),
    Verb("contribution.hidden", _("Taken off the pages by moderation"), public=False),
    Verb("contribution.held", _("Waits for a change, at the wish of moderation"), public=False),
    Verb("contribution.released", _("Shown after moderation looked at it"), public=False),
    Verb("contribution.restored", _("Shown again after a second look"), public=False),
    Verb(
        "person.looked_up", _("Looked up at the citizens' office by e-mail address"), public=False, adds=True
    ),
    Verb(
        "privacy_assessment.written",
        _("What a process means for people's data written down"),
        public=False,
        adds=True,
    ),
    Verb(
        "privacy_assessment.signed",
        _("What a process means for people's data signed"),
        public=False,
        adds=True,
    ),
    Verb("person.verified", _("Residence confirmed"), public=False, adds=True),
    Verb("organisation.confirmed", _("Organisation confirmed")),
    Verb("role.granted", _("Role given"), public=False),
    Verb("role.ended", _("Role ended"), public=False),
    Verb("role.resumed", _("End of a role undone"), public=False),
    Verb("training.recorded", _("Training recorded"), public=False),
    Verb("training.withdrawn", _("Record of a training taken back"), public=False),
    Verb("identity.asked", _("Asked who wrote something"), public=False),
    Verb("identity.approved", _("Looked up who wrote something"), public=False),
    Verb("identity.declined", _("Look-up of who wrote something declined"), public=False),
    Verb("process.checks_changed", _("Way of checking people changed"), public=False),
    Verb("process.checks_forgotten", _("Data of the checks deleted"), public=False),
    Verb("register.imported", _("Register imported"), public=False),
    Verb("register.entries_revoked", _("Entries missing from the register taken back"), public=False),
    Verb("letters.made", _("Letters with codes made"), public=False),
    Verb("letters.fetched", _("Letters with codes fetched"), public=False, adds=True),
    Verb("letters.revoked", _("Codes revoked"), public=False),
    Verb("entry.attached", _("Entry attached to an account at the desk"), public=False),
    Verb("entry.slip_given", _("Code given out at the desk"), public=False),
    Verb("group.joined", _("Joined a group"), public=False, adds=True),
    Verb("group.left", _("Left a group"), public=False),
)


def _next_phase_border(after: datetime) -> datetime | None:
    from cocreation.queries import next_border

    return next_border(after)


borders.add("phases", _next_phase_border)

_WAITING = re.compile(r"/waiting/([\w-]{10,40})/")


def complete_what_waited(target: str, person: Person) -> str | None:
    """After a log-in that came from a kept act: do the act and go to what came of it.

    What cannot be done (yet) stays kept, as theirs: the log-in leads back to its page, which says why.
    """
    found = _WAITING.search(target)
    if not found:
        return None
    at = clock.now()
    try:
        return pending.complete(found[1], by=person, at=at)
    except Refused as refused:
        pending.hold(found[1], by=person, answer=refused.answer, at=at)
        return None


after_login.add("pending", complete_what_waited)


def _hidden(person: Person, at: datetime) -> int:
    from cocreation.models import Hiding
    from cocreation.roles import roles_of

    return Hiding.objects.standing(roles_of(person).reads_hidden).count()


def _organisations(person: Person, at: datetime) -> int:
    from accounts.models import Organisation

    return Organisation.objects.filter(confirmed_at__isnull=True).count()


def _clocks() -> list[datetime]:
    """When what the law gives a time for is due: requests and data breaches. One query."""
    requests = Request.objects.open().order_by().values_list("due_at", flat=True)
    breaches = Breach.objects.clock_runs().order_by().values_list("due_at", flat=True)
    return list(requests.union(breaches, all=True))


def _privacy_waits(person: Person, at: datetime) -> int | None:
    return len(_clocks()) or None


def _privacy_overdue(person: Person, at: datetime) -> bool:
    return any(due <= at for due in _clocks())


def _privacy_urgent(person: Person, at: datetime) -> list[Urgent]:
    """What the law wants soon."""
    cases = [
        Urgent(
            _("Tell the authority of a data breach"),
            reverse("cocreation:privacy_breach", args=[each.pk]),
            _("Rehearsal") if each.is_rehearsal else _("Privacy"),
            each.due_at,
        )
        for each in Breach.objects.clock_runs().order_by("due_at")[:3]
    ]
    soon = Request.objects.open().filter(due_at__lte=at + timedelta(days=10)).order_by("due_at")[:3]
    asked = [
        Urgent(
            each.get_kind_display(),
            reverse("cocreation:privacy_request", args=[each.pk]),
            _("Privacy"),
            each.due_at,
        )
        for each in soon
    ]
    standing = notice.standing()
    review = Urgent(
        _("Look at the privacy notice"), reverse("cocreation:privacy_desk"), _("Privacy"), standing.due_at
    )
    return [*cases, *asked, *([review] if standing.is_due_soon(at) else [])]


def _failed_jobs(person: Person, at: datetime) -> int | None:
    return Job.objects.failed().count() or None


queues.add(
    "hidden",
    Queue(
        "hidden",
        _("Hidden"),
        "eye-off",
        "cocreation:hidden",
        _hidden,
        lambda roles: roles.may_read_hidden,
        order=60,
    ),
)
queues.add(
    "verify",
    Queue(
        "verify",
        _("Confirm addresses"),
        "badge-check",
        "cocreation:verify",
        lambda person, at: None,
        lambda roles: roles.may_verify,
        order=70,
    ),
)
queues.add(
    "entries",
    Queue(
        "entries",
        _("Find entries"),
        "user-check",
        "cocreation:desk_entries",
        lambda person, at: None,
        lambda roles: roles.may_verify,
        order=75,
    ),
)
queues.add(
    "privacy",
    Queue(
        "privacy",
        _("Privacy"),
        "shield-check",
        "cocreation:privacy_desk",
        _privacy_waits,
        lambda roles: roles.is_admin,
        order=92,
        due=_privacy_overdue,
        urgent=_privacy_urgent,
    ),
)
queues.add(
    "jobs",
    Queue(
        "jobs",
        _("Jobs"),
        "hourglass",
        "cocreation:jobs",
        _failed_jobs,
        lambda roles: roles.is_admin,
        order=95,
    ),
)
queues.add(
    "organisations",
    Queue(
        "organisations",
        _("Organisations"),
        "users",
        "cocreation:organisations",
        _organisations,
        lambda roles: roles.may_verify,
        order=80,
    ),
)
queues.add(
    "second",
    Queue(
        "second",
        _("Second pair of eyes"),
        "eye",
        "cocreation:approvals",
        lambda person, at: four_eyes.waiting(person).exclude(asked_by=person).count(),
        four_eyes.allowed,
        order=55,
    ),
)
queues.add(
    "people",
    Queue(
        "people",
        pgettext_lazy("queue of the desk", "People"),
        "user-check",
        "cocreation:people",
        lambda person, at: staffing.trainings_to_renew(at),
        lambda roles: roles.is_admin,
        order=90,
    ),
)
four_eyes.matters.add(
    four_eyes.IDENTITY,
    four_eyes.Matter(
        four_eyes.IDENTITY,
        _("See who wrote something"),
        may=four_eyes.may_ask_who,
        scope=four_eyes.where_identity,
    ),
)

from cocreation import (  # noqa: E402
    care_panels,  # noqa: F401 - these register themselves
    claiming,  # noqa: F401
    erasing,  # noqa: F401 - registers itself
    gate_part,  # noqa: F401
    guests,  # noqa: F401
    impact,  # noqa: F401
    keeping,  # noqa: F401
    pending_acts,  # noqa: F401
    privacy_news,  # noqa: F401
    recipe_files,
    sections,  # noqa: F401
    who_part,  # noqa: F401
)
from cocreation.checks import offers  # noqa: E402, F401 - registers itself

recipe_files.load()
