"""Texts are collected from code and templates, kept when known, and judged complete only when they are."""

import ast

import polib
import pytest

from devtools import messages
from devtools.paths import ROOT

CODE = """
from django.utils.translation import gettext as _, ngettext as _n, pgettext_lazy
_("Support")
# Translators: a stop on the line of a proposal
_("Published")
_n("%(count)d day left", "%(count)d days left", 3)
pgettext_lazy("verb", "Answer")
"""
TEMPLATE = """
{% translate "Propose" %}{% translate "Answer" context "noun" %}{% trans "Support" %}
{% blocktranslate with name=p.name %}Idea of {{ name }}{% endblocktranslate %}
{% blocktranslate count n=ideas %}{{ n }} idea{% plural %}{{ n }} ideas{% endblocktranslate %}
{{ _("Follow") }}
"""


@pytest.fixture
def city(tmp_path, monkeypatch):
    (tmp_path / "proposals").mkdir()
    (tmp_path / "proposals" / "views.py").write_text(CODE)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "home.html").write_text(TEMPLATE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "LOCALE", tmp_path / "locale")
    return tmp_path


def catalogue():
    return polib.pofile(str(messages._po("de")))


def translate_all():
    po = catalogue()
    for entry in po:
        if entry.msgid_plural:
            entry.msgstr_plural = {0: entry.msgid, 1: entry.msgid_plural}
        else:
            entry.msgstr = entry.msgid
    po.save()


def test_collects_code_and_templates(city):
    found = {(text.context, text.singular, text.plural) for text in messages.collect().values()}
    assert found == {
        (None, "Support", None),
        (None, "Published", None),
        (None, "%(count)d day left", "%(count)d days left"),
        ("verb", "Answer", None),
        ("noun", "Answer", None),
        (None, "Propose", None),
        (None, "Idea of %(name)s", None),
        (None, "%(n)s idea", "%(n)s ideas"),
        (None, "Follow", None),
    }
    texts = messages.collect()
    assert texts[None, "Support"].files == ["proposals/views.py", "templates/home.html"]
    assert texts[None, "Published"].comments == ["Translators: a stop on the line of a proposal"]


def test_update_keeps_what_is_known_and_drops_what_is_gone(city):
    messages.update()
    assert len(messages.problems()) == 9
    translate_all()
    assert messages.problems() == []

    (city / "templates" / "home.html").write_text('{% translate "Propose" %}{% translate "New" %}')
    assert messages.problems() == [
        "de: not collected: 'New' (templates/home.html)",
        "de: no longer used: 'Answer'",
        "de: no longer used: 'Idea of %(name)s'",
        "de: no longer used: '%(n)s idea'",
        "de: no longer used: 'Follow'",
    ]
    messages.update()
    assert catalogue().find("Propose").msgstr == "Propose"
    assert messages.problems() == ["de: not translated: 'New' (templates/home.html)"]
    first = messages._po("de").read_bytes()
    messages.update()
    assert messages._po("de").read_bytes() == first


def test_a_translators_file_is_taken_over(city):
    sent = polib.POFile()
    sent.metadata = {"Language": "de"}
    sent.append(polib.POEntry(msgid="Support", msgstr="Unterstützen"))
    sent.append(polib.POEntry(msgid="Follow", msgstr=""))
    sent.append(polib.POEntry(msgid="Of another city", msgstr="Von anderswo"))
    sent.save(str(city / "sent.po"))
    messages.update([city / "sent.po"])
    assert catalogue().find("Support").msgstr == "Unterstützen"
    assert catalogue().find("Follow").msgstr == ""
    assert catalogue().find("Of another city") is None


@pytest.mark.parametrize(
    ("msgid", "msgstr", "problem"),
    [
        ("Idea of %(name)s", "Idee von %(nam)s", "placeholders differ"),
        ("Idea of %(name)s", "Idee", "placeholders differ"),
        ("Support", "50 % %(mehr)s", "placeholders differ"),
        ("Support", "", "not translated"),
    ],
)
def test_a_translation_that_would_break_a_page_is_a_problem(city, msgid, msgstr, problem):
    messages.update()
    translate_all()
    po = catalogue()
    po.find(msgid).msgstr = msgstr
    po.save()
    (found,) = messages.problems()
    assert problem in found


def test_a_fuzzy_translation_is_a_problem(city):
    messages.update()
    translate_all()
    po = catalogue()
    po.find("Support").flags.append("fuzzy")
    po.save()
    assert messages.problems() == ["de: fuzzy: 'Support' (proposals/views.py)"]


def test_compiles_what_changed(city):
    messages.update()
    translate_all()
    messages.compile_all()
    mo = messages._po("de").with_suffix(".mo")
    assert polib.mofile(str(mo)).find("Support").msgstr == "Support"
    made = mo.stat().st_mtime_ns
    messages.compile_all()
    assert mo.stat().st_mtime_ns == made


def test_no_text_hides_inside_an_f_string():
    """The collector does not look into f-strings: what stands there would stay English without a word of it."""
    names = {*messages.SINGLE, *messages.PLURAL, *messages.CONTEXT, *messages.PLURAL_CONTEXT}
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in messages._files()
        if path.suffix == ".py"
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names
    ]
    assert hidden == []
