"""What people type in. Forms check what was written; rules and actions decide whether it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.queries import organisations_of
from cocreation.conversation.actions import CommentText
from cocreation.conversation.models import LONGEST, Stance
from cocreation.conversation.queries import ICONS, Writing
from groundwork.html.forms import Chips

if TYPE_CHECKING:
    from accounts.models import Person
    from cocreation.conversation.talks import Talk
    from cocreation.models import Office

KEEP_SECONDS = 3600
# Each language by the name its speakers know.
LANGUAGES = [(code, get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


class WordsField(forms.CharField):
    """What somebody says. Line ends as we store them, so that the length is the one people count."""

    widget = forms.Textarea(attrs={"rows": 5})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            max_length=LONGEST, error_messages={"required": _("Please write something first.")}, **kwargs
        )

    def to_python(self, value: Any) -> str:
        return str(super().to_python(str(value or "").replace("\r\n", "\n")))


class ReplyForm(forms.Form):
    """A reply. `voice` is asked only of those who may speak for more than themselves."""

    text = WordsField(
        label=_("What do you want to say?"),
        help_text=_("“>” at the beginning of a line makes a quotation. @Name tells somebody of this thread."),
    )
    language = forms.ChoiceField(label=_("I write in"), choices=LANGUAGES, widget=Chips)

    def __init__(
        self,
        data: Any = None,
        *,
        organisations: Sequence[Organisation] = (),
        offices: Sequence[Office] = (),
        personal: bool = True,
        language: str = "de",
        initial: dict[str, Any] | None = None,
    ) -> None:
        """`personal`: may write in their own name; otherwise only for an office."""
        super().__init__(data, initial={"language": language} | (initial or {}), label_suffix="")
        choices: list[tuple[str, Any]] = [("", _("Myself"))] if personal else []
        choices += [(f"organisation-{each.pk}", each.name) for each in organisations]
        choices += [(f"office-{each.pk}", each.name) for each in offices]
        self.offices = {f"office-{each.pk}": each for each in offices}
        if choices and choices != [("", _("Myself"))]:
            self.fields["voice"] = forms.ChoiceField(
                label=_("For whom do you write?"),
                choices=choices,
                required=not personal,
                widget=Chips,
                initial=choices[0][0],
            )
        self.order_fields(("stance", "paragraph", "text", "voice", "language"))

    def drawn(self) -> SafeString:
        """All fields as markup."""
        return format_html_join("", "{}", ([field.as_field_group()] for field in self))

    def payload(self) -> dict[str, Any]:
        """What a visitor wrote, as it is kept until they come back."""
        kept = ("text", "language", "stance", "paragraph")
        return {key: value for key in kept if (value := self.cleaned_data.get(key)) not in (None, "")}

    def said(self) -> CommentText:
        written = self.payload()
        return CommentText(
            written["text"], written["language"], written.get("stance", ""), written.get("paragraph")
        )

    def office(self) -> Office | None:
        return self.offices.get(self.cleaned_data.get("voice") or "")

    def organisation(self) -> Organisation | None:
        voice = self.cleaned_data.get("voice") or ""
        key = voice.removeprefix("organisation-")
        return Organisation.objects.filter(pk=int(key)).first() if key != voice else None


class CommentForm(ReplyForm):
    """A comment of one's own: for, against, a question or none of these; on a paragraph where there is a text."""

    stance = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            ("", _("Just a thought")),
            (Stance.FOR, _("For it")),
            (Stance.AGAINST, _("Against it")),
            (Stance.QUESTION, _("A question")),
        ],
        required=False,
        widget=Chips(drawings={"": "message-circle", **{key.value: icon for key, icon in ICONS.items()}}),
    )

    def __init__(self, data: Any = None, *, talk: Talk, paragraph: int | None = None, **kwargs: Any) -> None:
        super().__init__(data, initial={"paragraph": paragraph, "stance": ""}, **kwargs)
        self.fields["text"].help_text = _("“>” at the beginning of a line makes a quotation.")
        if count := len(talk.paragraphs):
            self.fields["paragraph"] = forms.TypedChoiceField(
                label=_("What do you refer to?"),
                choices=[
                    ("", _("The whole text")),
                    *((n, _("Paragraph {n}").format(n=n)) for n in range(1, count + 1)),
                ],
                coerce=int,
                empty_value=None,
                required=False,
            )
            self.order_fields(("stance", "paragraph", "text", "voice", "language"))


def comment_form(
    talk: Talk, person: Person | None, writing: Writing, data: Any = None, paragraph: int | None = None
) -> CommentForm | None:
    """The form as this person gets it, or None where they cannot write."""
    if not writing.may:
        return None
    return CommentForm(data, talk=talk, paragraph=paragraph, **_how(person, writing))


@dataclass(frozen=True, slots=True)
class BlankForm:
    """A comment form nobody has filled in yet, drawn once for everybody who gets the same one: its fields, and all that
    stands in the form."""

    drawn: SafeString
    inside: SafeString


def blank_form(talk: Talk, person: Person | None, writing: Writing) -> BlankForm | None:
    """What `comment_form` draws for this person, to be sent to the page of the conversation. At most one query."""
    if not writing.may:
        return None
    how = _how(person, writing)
    voices = [(each.pk, each.name) for each in (*how["organisations"], *how["offices"])]
    told = repr((
        voices, len(how["organisations"]), how["personal"], len(talk.paragraphs), person is None, writing.waits,
        bool(writing.answer),
    ))  # fmt: skip
    key = f"comment-form-{get_language()}-{blake2b(told.encode(), digest_size=16).hexdigest()}"
    kept: tuple[SafeString, SafeString] | None = caches["fragments"].get(key)
    if kept is None:
        form = CommentForm(talk=talk, **how)
        context = {"form": form, "writing": writing, "button": _("Publish the comment")}
        context |= {"home": True, "for_visitors": person is None}
        kept = form.drawn(), render_to_string("cocreation/conversation/inside.html", context)
        caches["fragments"].set(key, kept, KEEP_SECONDS)
    return BlankForm(*kept)


def send_button(writing: Writing) -> str:
    """The end of a comment's form: what the button does for this person."""
    return render_to_string(
        "cocreation/conversation/send.html", {"writing": writing, "button": gettext("Publish the comment")}
    )


def reply_form(
    person: Person | None, writing: Writing, data: Any = None, quotation: str = ""
) -> ReplyForm | None:
    if not writing.may:
        return None
    return ReplyForm(data, initial={"text": quotation}, **_how(person, writing))


def _how(person: Person | None, writing: Writing) -> dict[str, Any]:
    personal = bool(writing.answer) or writing.waits
    return {
        "organisations": organisations_of(person) if personal else [],
        "offices": writing.offices,
        "personal": personal,
        "language": get_language() or "de",
    }


class EditForm(forms.Form):
    text = WordsField(label=_("Your words"))


class SummaryForm(forms.Form):
    """In both languages, because everybody should know where the conversation stands."""

    text_de = WordsField(label=_("Summary (German)"))
    text_en = WordsField(label=_("Summary (English)"))
    office = forms.ChoiceField(label=_("For whom do you write?"), required=False, widget=Chips)
    closes = forms.BooleanField(
        label=_("This is the conclusion. It closes the conversation; this cannot be undone."), required=False
    )

    def __init__(
        self, data: Any = None, *, offices: Sequence[Office], may_close: bool, **kwargs: Any
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.offices = {str(each.pk): each for each in offices}
        for code in ("de", "en"):
            self.fields[f"text_{code}"].widget.attrs["lang"] = code
        field = self.fields["office"]
        field.choices = [("", _("Moderation")), *((key, each.name) for key, each in self.offices.items())]  # type: ignore[attr-defined]
        field.initial = ""
        if not self.offices:
            del self.fields["office"]
        if not may_close:
            del self.fields["closes"]
