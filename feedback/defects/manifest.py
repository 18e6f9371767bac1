"""The method "defects", the verbs of reports, and what the room leaves in the registries of the houses below."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from cocreation.desk import Queue, queues
from cocreation.kinds import About, Kind, kinds
from cocreation.methods import Act, Gap, Invitation, Method, methods
from cocreation.panels import Panel, process_panels
from feedback import rules as hall
from feedback.defects import queries, rules
from groundwork.answer import Words
from groundwork.html import say
from groundwork.journal.api import Verb, declare

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.models import Contribution, Phase, Process

declare(
    Verb("defect.reported", _("Problem reported"), adds=True),
    Verb("defect.reworded", _("Problem report changed by its author")),
    Verb("service.kept", _("Catalogue of services changed"), public=False),
)


def _about(contribution: Contribution) -> About:
    from feedback.defects.models import Defect
    from feedback.defects.record import lang_of

    found = Defect.objects.select_related("service").get(pk=contribution.pk)
    return About(f"{found.service.name}: {found.short}", found.get_absolute_url(), lang_of(contribution))


kinds.add(
    rules.KIND,
    Kind(
        pgettext_lazy("kind of contribution", "Problem report"),
        url=lambda contribution: reverse("defects:defect", args=[contribution.receipt]),
        about=_about,
    ),
)


@methods.register
class Defects(Method):
    """People report what is broken; the office of each service closes it with a reason. It may stay open for good."""

    slug = rules.METHOD
    name = _("Problem reports")
    about = _(
        "People report what is broken or dirty. The responsible office replies within the days of its service."
    )
    icon = "triangle-alert"
    picture = "r-place"
    acts = (Act(rules.ACT, _("report a problem"), "confirmed"),)

    def gaps(self, phase: Phase) -> list[Gap]:
        from cocreation.models import Phase as Phases
        from feedback.defects.models import Service

        found = []
        if not Service.objects.filter(is_offered=True).exists():
            found.append(
                Gap(_("The catalogue of services is empty: the administration fills it at the desk."))
            )
        others = Phases.objects.published().of_method(self.slug).exclude(process=phase.process_id)
        if phase.starts and others.filter(ends__isnull=True).exists():
            found.append(Gap(_("Another process takes reports of problems already, without an end.")))
        return found

    def invitation(self, phase: Phase, person: Person | None, at: datetime) -> Invitation | None:
        """No query: one can always report one more."""
        if rules.ACT not in phase.acts:
            return None
        return Invitation(
            _("Something broken or dirty? Tell the office that looks after it"), _("Report a problem"),
            reverse("defects:new"), icon="triangle-alert",
        )  # fmt: skip

    def total(self, phase: Phase) -> Words:
        n = phase.contributions.filter(kind=rules.KIND, is_public=True).count()
        return ngettext("%(n)s report", "%(n)s reports", n) % {"n": say.number(n)} if n else ""


# What the room leaves in the registries of the houses below; each module registers itself.
from feedback.defects import actions, geo, pending_acts, record  # noqa: E402, F401


def _newest(process: Process, person: Person | None, at: datetime) -> dict[str, Any] | None:
    """The three newest reports of a process that takes some. One query there, none elsewhere."""
    if not any(
        phase.method == rules.METHOD and phase.starts and phase.starts <= at for phase in process.line
    ):
        return None
    from feedback.defects.models import Defect
    from feedback.defects.record import lang_of
    from feedback.defects.words import badge_of

    found = Defect.objects.public().filter(process=process).as_shown().order_by("-pk")[:3]
    rows = [(each, badge_of(each, at), lang_of(each.contribution)) for each in found]
    return {"rows": rows} if rows else None


process_panels.add("defects", Panel("defects", "feedback/defects/process_panel.html", _newest, order=20))
hall.own_rules.add(rules.KIND, rules.may_answer)
queues.add(
    "defects",
    Queue(
        "defects",
        _("Problem reports"),
        "triangle-alert",
        "defects:desk",
        queries.waiting,
        lambda roles: roles.may_assess,
        order=35,
        due=queries.any_overdue,
        urgent=queries.urgent,
    ),
)
