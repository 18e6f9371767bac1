"""Every page, as every role, in both languages and all states: what must hold on each of them."""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

from tests.routes import route
from tests.visits import MISSING, Visit, internal, none_of, resolves

# What a template, a format string or a stack trace leaves behind when something went wrong.
LEFTOVERS = re.compile(
    rf"{MISSING}|\{{%|%\}}|\{{\{{|\}}\}}|%\(\w+\)[sd]|Traceback|<[\w.]+ object at 0x|\[object Object\]|NotImplemented"
    r"|(?:^|[\s:(])(?:None(?! of\b)|nan|NaN|undefined|null)(?:$|[\s,;.)])"
)


def pages(visits: list[Visit]) -> list[Visit]:
    found = [visit for visit in visits if visit.is_page and visit.status < 500]
    assert found, "there is nothing to judge"
    return found


def test_no_page_breaks(visits: list[Visit]) -> None:
    none_of(str(visit) for visit in visits if visit.status >= 500)


def test_reading_writes_nothing(visits: list[Visit]) -> None:
    """Every GET ran in a transaction that the database kept read-only (REQ-108)."""
    none_of(str(visit) for visit in visits if "read-only transaction" in visit.error)


def test_a_page_has_one_heading_of_level_one(visits: list[Visit]) -> None:
    wrong = [
        f"{visit}: {visit.page.headings}"
        for visit in pages(visits)
        if len(visit.page.headings) != 1 or not visit.page.headings[0]
    ]
    none_of(wrong)


def test_a_page_says_its_language(visits: list[Visit]) -> None:
    wrong = [
        f"{visit}: lang={visit.page.language!r}"
        for visit in pages(visits)
        if visit.route.translated and visit.page.language != visit.language
    ]
    none_of(wrong)


def test_a_page_has_a_title_of_its_own(visits: list[Visit]) -> None:
    titles = [(visit, re.search(r"<title>(.*?)</title>", visit.body, re.DOTALL)) for visit in pages(visits)]
    none_of(str(visit) for visit, title in titles if title is None or not title[1].split("·")[0].strip())


def test_nothing_is_missing_in_a_page(visits: list[Visit]) -> None:
    """No name the view forgot, no tag left over, no "None"."""
    wrong = [
        f"{visit}: …{text[max(0, found.start() - 60) : found.end() + 40]}…"
        for visit in pages(visits)
        for text in [words.text for words in visit.page.words]
        + [value for _tag, _name, value in visit.page.attributes]
        if (found := LEFTOVERS.search(text))
    ]
    none_of(wrong)


def test_an_id_is_used_once(visits: list[Visit]) -> None:
    wrong = [
        f"{visit}: {twice}"
        for visit in pages(visits)
        if (twice := [name for name, times in Counter(visit.page.ids).items() if times > 1])
    ]
    none_of(wrong)


def test_a_label_points_at_a_field(visits: list[Visit]) -> None:
    wrong = []
    for visit in pages(visits):
        known = set(visit.page.ids)
        for tag, name, value in visit.page.attributes:
            if name in ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list"):
                wrong += [f"{visit}: {tag} {name}={one}" for one in value.split() if one not in known]
    none_of(wrong)


# The words of a licence; what the council of the world has on its own server.
ELSEWHERE = ("https://creativecommons.org/", "https://ris.example.org/")


def test_nothing_comes_from_another_origin(visits: list[Visit]) -> None:
    """REQ-38: scripts, styles, pictures, forms and requests stay here; a link leads away only to the words of a licence and to the council."""
    wrong = [
        f"{visit}: <{tag} {name}={where!r}>"
        for visit in pages(visits)
        for tag, name, where in visit.page.pointers
        for one in (where.split(",") if name == "srcset" else [where])
        if (one.strip().startswith("//") or urlsplit(one.strip()).scheme not in ("", "mailto", "tel", "data"))
        and not one.strip().startswith(("http://testserver/", "http://localhost"))
        and not (tag == "a" and one.startswith(ELSEWHERE))
    ]
    none_of(wrong)


def test_there_is_no_inline_script_or_style(visits: list[Visit]) -> None:
    """The policy would refuse them in the browser, silently for the reader."""
    wrong = [
        f"{visit}: <{tag} {name}>"
        for visit in pages(visits)
        for tag, name, _value in visit.page.attributes
        if name == "style" or name.startswith(("on", "hx-on"))
    ]
    wrong += [
        str(visit)
        for visit in pages(visits)
        if re.search(r"<style\b|<script(?![^>]*\bsrc=)(?![^>]*json)", visit.body)
    ]
    none_of(wrong)


def test_every_link_leads_somewhere(visits: list[Visit]) -> None:
    answers = {visit.url: visit for visit in visits}
    # What only one person may see yet: a draft has no receipt, a process that is not published no feed.
    not_yet = {visit.url for visit in visits if visit.state in ("draft", "planned", "unpublished")}
    wrong = set()
    for visit in pages(visits):
        # A page that says no leads to itself in the other language.
        if visit.status >= 400 or visit.url in not_yet or visit.state.removeprefix("linked from ") in not_yet:
            continue
        for href in visit.page.links:
            target = answers.get(internal(visit.url, href) or "")
            if target is not None and 400 <= target.status < 500:
                wrong.add(f"{visit.url} → {target.url}: {target.status} {target.error}")
    none_of(wrong)


def test_an_anchor_exists_on_its_page(visits: list[Visit]) -> None:
    wrong = {
        f"{visit.route.name}: #{href[1:]}"
        for visit in pages(visits)
        for href in visit.page.links
        if href.startswith("#") and len(href) > 1 and href[1:] not in visit.page.ids
    }
    none_of(wrong)


def test_every_form_is_sent_somewhere(visits: list[Visit]) -> None:
    """A form, a button and an htmx element lead to an address the product has."""
    none_of(
        f"{visit.url}: <{tag} {name}={where!r}>"
        for visit in pages(visits)
        for tag, name, where in visit.page.pointers
        if name in ("action", "formaction", "hx-get", "hx-post")
        and not resolves(internal(visit.url, where or visit.url) or "")
    )


def test_the_walk_found_the_product() -> None:
    """A walk that finds nothing would pass everything else."""
    assert route("home").translated and route("cocreation:process").params == ("slug",)
