"""Three services, and reports of problems: one that is open, one that is overdue, one that moderation took off the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.apps import apps

from cocreation.actions import hide_contribution
from quartier.builders import both, make_phase

if TYPE_CHECKING:
    from tests.world import World

DAY = timedelta(days=1)


def build_defects(world: World) -> None:
    if not apps.is_installed("feedback.defects"):
        return
    from feedback.defects.actions import Report, report_defect
    from feedback.defects.models import Service

    now = world.now
    make_phase(
        world.processes["collecting"], "defects", "defects", both("Mängel", "Problems"), lane=1, starts=now - 5 * DAY, ends=now + 400 * DAY
    )  # fmt: skip
    services = {
        code: Service.objects.create(
            code=code, name_de=german, name_en=english, group_de="Straße", group_en="Street", office=world.offices[office],
            days=days, is_offered=code != "ferry",
        )
        for code, german, english, office, days in (
            ("lamp", "Straßenlampe", "Street lamp", "parks", 5),
            ("bin", "Abfallkorb", "Litter bin", "parks", 2),
            ("ferry", "Fähre", "Ferry", "money", 9),
        )
    }  # fmt: skip
    for state, code, by, words, days, point in (
        ("open", "lamp", "amina", "Die Lampe am Dorfplatz ist aus.", 1, (118.0, 128.0)),
        ("overdue", "bin", "ines", "Der Abfallkorb quillt über.", 4, None),
        ("hidden", "bin", "jonas", "Geheimnis am Abfallkorb", 3, None),
    ):
        world.defects[state] = report_defect(
            report=Report(
                services[code], words, world.village if state == "open" else world.town,
                address="" if point else "Am Markt 3", map_x=point[0] if point else None, map_y=point[1] if point else None,
            ),
            by=world.people[by], at=now - days * DAY,
        )  # fmt: skip
    hide_contribution(
        contribution=world.defects["hidden"].contribution,
        by=world.mo,
        at=now - DAY,
        rule="Respekt",
        reason="Beleidigt.",
    )
    for defect in world.defects.values():
        defect.refresh_from_db()
