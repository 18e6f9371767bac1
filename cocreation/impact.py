"""Whether a process may begin as far as the data of those who take part are concerned: what makes an assessment necessary
(Art. 35 GDPR), writing it, and signing it with a second pair of eyes.

That a process addresses minors is seen from its audiences; special categories of data, a large scale and new technology are
what the office says about it in the studio.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from cocreation import roles
from cocreation.audience import Audience, AudienceError
from cocreation.models import PrivacyAssessment
from cocreation.panels import Section, studio_sections
from groundwork.answer import Answer, No, Refused, Yes, late, require
from groundwork.html.forms import Chips
from groundwork.journal import api as journal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import Person
    from cocreation.models import Process
    from groundwork.answer import Words

OF_AGE = 18
YES_NO = [("yes", _("yes")), ("no", _("no"))]
QUESTIONS: dict[str, tuple[Words, Words, Words]] = {
    "special": (
        _("Will people tell about health, faith, origin, political opinions or the like?"),
        _("Not what somebody happens to write, but what you ask for."),
        _("it asks for especially sensitive data"),
    ),
    "large": (
        _("Are data of very many people read in or evaluated?"),
        _("For example a whole register of residents."),
        _("it uses data of very many people"),
    ),
    "technology": (
        _("Do you use something new to look at people or their texts?"),
        _("For example software that sorts or judges what people write."),
        _("it uses new technology"),
    ),
}
MINORS = _("it addresses minors")


def _ages(audience: Audience) -> bool:
    youngest = audience.age[0] if audience.age else None
    return (audience.age is not None and (youngest or 0) < OF_AGE) or any(map(_ages, audience.ways))


def addresses_minors(process: Process) -> bool:
    """Whether a phase names an age that people below eighteen have."""
    for phase in process.line:
        for stored in (phase.audience or {}).values():
            try:
                if _ages(Audience.read(stored)):
                    return True
            except AudienceError:
                continue
    return False


def written_for(process: Process) -> PrivacyAssessment | None:
    return PrivacyAssessment.objects.filter(process=process.pk).first()


def reasons(process: Process, said: PrivacyAssessment | None) -> list[Words]:
    """Why this process needs an assessment; none where it does not."""
    found: list[Words] = [MINORS] if addresses_minors(process) else []
    return found + [because for name, (_q, _h, because) in QUESTIONS.items() if said and getattr(said, name)]


def may_begin(process: Process) -> Answer:
    """The gate before the publication. One query."""
    said = written_for(process)
    why = reasons(process, said)
    if not why or (said is not None and said.signed_at is not None):
        return Yes()
    words = late(lambda: ", ".join(map(str, why)))
    return No(
        format_lazy(
            _(
                "Before this process is public, somebody signs what it means for people's data, because {why}."
            ),
            why=words,
        ),
        _("Write it under “People's data”; the administration signs it."),
        reverse("cocreation:studio_section", args=[process.slug, "impact"]),
    )


@transaction.atomic
def write(*, process: Process, said: Mapping[str, Any], by: Person, at: datetime) -> PrivacyAssessment:
    """What the office says. Whatever changes is signed anew."""
    require(roles.may_configure(by, process))
    found, made = PrivacyAssessment.objects.select_for_update().get_or_create(
        process=process, defaults={"written_at": at, "written_by": by}
    )
    changed = made or any(getattr(found, name) != value for name, value in said.items())
    if not changed:
        return found
    for name, value in said.items():
        setattr(found, name, value)
    found.written_at, found.written_by, found.signed_at, found.signed_by = at, by, None, None
    found.full_clean(exclude=["process", "written_by", "signed_by"])
    found.save()
    journal.record("privacy_assessment.written", by=by, on=found, process=process, at=at)
    return found


@transaction.atomic
def sign(*, assessment: PrivacyAssessment, by: Person, at: datetime) -> PrivacyAssessment:
    """Somebody else than who wrote it has read risks and measures and answers for them."""
    found = (
        PrivacyAssessment.objects.select_for_update(of=("self",))
        .select_related("process")
        .get(pk=assessment.pk)
    )
    if not roles.roles_of(by).is_admin:
        raise Refused(No(_("Only the administration signs what a process means for people's data.")))
    if found.written_by_id == by.pk:
        raise Refused(No(_("You wrote this yourself. Somebody else signs it.")))
    if not (found.risks and found.measures):
        raise Refused(No(_("Risks and measures are missing.")))
    found.signed_at, found.signed_by = at, by
    found.save(update_fields=["signed_at", "signed_by"])
    journal.record("privacy_assessment.signed", by=by, on=found, process=found.process, at=at)
    return found


def waiting() -> list[PrivacyAssessment]:
    """Written, needed, not signed. For the desk: two queries and those of the lines."""
    unsigned = PrivacyAssessment.objects.filter(signed_at__isnull=True).exclude(risks="").exclude(measures="")
    return list(unsigned.select_related("process", "written_by").order_by("written_at")[:50])


# --- the section of the studio ---


class ImpactForm(forms.Form):
    def __init__(self, *args: Any, process: Process, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.process = process
        for name, (question, help_text, _because) in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=question,  # type: ignore[arg-type]  # late words
                help_text=help_text,  # type: ignore[arg-type]  # late words
                choices=YES_NO,
                widget=Chips,
            )
        for name, label, help_text in (
            ("risks", _("What could go wrong for people?"), _("For example: somebody is recognised from what they wrote.")),
            ("measures", _("What do you do about it?"), _("One measure for each risk. No names of people here.")),
        ):  # fmt: skip
            self.fields[name] = forms.CharField(
                label=label, help_text=help_text, required=False, max_length=4000,
                widget=forms.Textarea(attrs={"rows": 5}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in QUESTIONS:
            if name in data:
                data[name] = data[name] == "yes"
        needed = addresses_minors(self.process) or any(data.get(name) for name in QUESTIONS)
        for name in ("risks", "measures"):
            if needed and not data.get(name) and name not in self.errors:
                self.add_error(name, _("This process needs it: please write at least one sentence."))
        return data


def _form(process: Process, data: Mapping[str, Any] | None = None) -> ImpactForm:
    said = written_for(process)
    initial: dict[str, Any] = {}
    if said is not None:
        initial = {name: "yes" if getattr(said, name) else "no" for name in QUESTIONS}
        initial |= {"risks": said.risks, "measures": said.measures}
    return ImpactForm(data, process=process, initial=initial)


def context(process: Process, person: Person, at: datetime) -> dict[str, Any]:
    said = written_for(process)
    return {"form": _form(process), "said": said, "reasons": reasons(process, said)}


def handle(process: Process, person: Person, at: datetime, data: Mapping[str, Any]) -> forms.BaseForm | None:
    form = _form(process, data)
    if not form.is_valid():
        return form
    write(process=process, said=form.cleaned_data, by=person, at=at)
    return None


studio_sections.add(
    "impact",
    Section(
        "impact", "cocreation/studio/privacy.html", context, handle, words=_("People's data"), icon="shield-check",
        order=80, first=False,
    ),
)  # fmt: skip
