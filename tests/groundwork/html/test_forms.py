"""Forms: labels, hints, errors beside the field and on top, and money as people write it."""

from datetime import datetime
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from groundwork.html.forms import Cards, ChipBoxes, Chips, EuroField, MomentField, Verdicts

CHOICES = [("a", "Yes"), ("b", "No")]


class Sample(forms.Form):
    title = forms.CharField(
        label="Title", help_text="Short.", widget=forms.TextInput(attrs={"placeholder": "Title"})
    )
    text = forms.CharField(label="Text", widget=forms.Textarea, max_length=600, required=False)
    topic = forms.ChoiceField(label="Topic", choices=CHOICES)
    ends = MomentField(label="Ends")
    side = forms.ChoiceField(label="Side?", choices=CHOICES, widget=Chips(drawings={"a": "plus"}))
    verdict = forms.ChoiceField(label="Verdict", choices=CHOICES, widget=Verdicts)
    who = forms.MultipleChoiceField(label="Who", choices=CHOICES, widget=ChipBoxes)
    method = forms.ChoiceField(label="Method", choices=CHOICES, widget=Cards(drawings={"a": "m-rank"}))
    many = forms.MultipleChoiceField(label="Many", choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    named = forms.BooleanField(label="Show my name", required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        if self.cleaned_data.get("title") == "bad":
            raise forms.ValidationError("The whole is <wrong>.")


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.feed(html)
        self.ids = [dict(attrs)["id"] for _, attrs in self.tags if dict(attrs).get("id")]

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def all(self, name):
        return [dict(attrs) for tag, attrs in self.tags if tag == name]


def test_every_input_has_a_label_and_every_id_is_unique():
    page = Page(str(Sample()))
    labelled = {label["for"] for label in page.all("label")}
    shown = [
        field
        for field in page.all("input") + page.all("select") + page.all("textarea")
        if field.get("type") != "hidden"
    ]
    assert all(field["id"] in labelled for field in shown)
    assert len(page.ids) == len(set(page.ids))
    assert all("style" not in dict(attrs) for _, attrs in page.tags)


def test_what_describes_a_field_exists():
    page = Page(str(Sample({"title": "bad"})))
    for _, attrs in page.tags:
        for name in (dict(attrs).get("aria-describedby") or "").split():
            assert name in page.ids, name


def test_errors_stand_on_top_with_links_that_lead_somewhere():
    with translation.override("en"):
        html = str(Sample({"title": "bad", "hidden": ""}))
    page = Page(html)
    links = [link["href"][1:] for link in page.all("a")]
    assert len(links) == 7 and set(links) <= set(page.ids)
    assert "Please check 8 things" in html and "The whole is &lt;wrong&gt;." in html
    assert "Side: This field is required." in html
    summary = next(tag for tag in page.all("div") if "errors" in tag.get("class", ""))
    assert summary["tabindex"] == "-1" and "autofocus" in summary


def test_a_form_without_errors_has_no_summary():
    assert "errors-title" not in str(Sample()) and "kern-error" not in str(Sample())


def test_a_wrong_field_says_so_to_everyone():
    page = Page(str(Sample({})))
    title = next(field for field in page.all("input") if field["name"] == "title")
    assert title["aria-invalid"] == "true" and "kern-form-input__input--error" in title["class"]
    assert "id_title_error" in page.ids


def test_no_placeholder_pretends_to_be_a_label():
    assert "placeholder" not in str(Sample())


def test_a_long_text_says_how_long_it_may_be():
    with translation.override("en"):
        html = str(Sample()["text"].as_field_group())
    assert 'data-counter="id_text" data-max="600"' in html and "At most 600 characters." in html


def test_choices_keep_what_was_chosen():
    page = Page(str(Sample(initial={"side": "b", "who": ["a"], "method": "a", "many": ["b"], "topic": "b"})))
    chosen = {(field["name"], field["value"]) for field in page.all("input") if "checked" in field}
    assert chosen == {("side", "b"), ("who", "a"), ("method", "a"), ("many", "b")}
    assert [option["value"] for option in page.all("option") if "selected" in option] == ["b"]


# --- moments and money ---


def test_a_moment_is_a_day_and_a_time_in_the_citys_zone():
    form = Sample({"ends_0": "2027-05-23", "ends_1": "18:00"})
    form.is_valid()
    assert form.cleaned_data["ends"].isoformat() == "2027-05-23T18:00:00+02:00"
    page = Page(str(Sample(initial={"ends": datetime(2027, 5, 23, 18)})["ends"]))
    assert [(field["type"], field["value"]) for field in page.all("input")] == [
        ("date", "2027-05-23"),
        ("time", "18:00"),
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8400", "8400"),
        ("8.400", "8400"),
        ("8,400", "8400"),
        ("8 400 €", "8400"),
        ("8.400,50", "8400.50"),
        ("8,400.5", "8400.5"),
        ("12,50", "12.50"),
        ("1.234.567", "1234567"),
        ("0", "0"),
    ],
)
def test_money_is_understood_as_people_write_it(written, meant):
    assert EuroField().clean(written) == Decimal(meant)


@pytest.mark.parametrize("written", ["x", "8.4.0", "12,345,6", "1e5", "--5", "8.40.0"])
def test_what_is_no_money_is_refused_in_words(written):
    with pytest.raises(ValidationError):
        EuroField().clean(written)
