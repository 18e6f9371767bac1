"""The words of our templates. Builtins of the engine: no `{% load %}` is needed.

    {% icon "heart" %}  {% pattern "river" %}  {% picture thing "pic--round" %}
    {% line stops label vertical=False lanes=lanes %}  {% mini stops words rest %}
    {% money_bar segments total label %}  {% time_left dt now %}
    {{ dt|day }} {{ dt|when }} {{ dt|short_when }} {{ dt|soon }} {{ dt|clock }} {{ dt|ago }}
    {{ euros|money }} {{ n|number }} {{ share|percent }} {{ text|markdown }} {{ name|initials }}
    {% maybe_url "about" "privacy" %}  {% login_url %}  {% alternate "en" %}  {% hreflangs %}  {% languages %}
    {% keep key %}…{% endkeep %}  {% keep_in shelf "part" key %}…{% endkeep_in %}  {% again "title" %}
    {% toasts %}  {% error_summary form %}  {% counter field %}  {% part panel.template panel.context %}

`{% csrf_token %}` is ours too and writes nothing: every write proves its origin by headers
(middleware.same_origin), so there is no token, no cookie before log-in, and templates of other packages
keep working unchanged.
"""

# ruff: noqa: S308 - this module builds markup; every value from outside passes escape() or conditional_escape()

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.template.base import FilterExpression, NodeList, Parser, Token, render_value_in_context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.i18n import BlockTranslateNode, TranslateNode, do_block_translate, do_translate
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, translate_url
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language, get_language_info, gettext

from groundwork import clock as house_clock
from groundwork.addresses import address
from groundwork.html import forms, pictures, say, words
from groundwork.html.bars import money_bar
from groundwork.html.line import line, mini
from groundwork.html.text import markdown

register = template.Library()

register.simple_tag(line)
register.simple_tag(mini)
register.simple_tag(money_bar)
register.simple_tag(say.money_range)
register.simple_tag(pictures.picture)
register.simple_tag(forms.error_summary)
register.simple_tag(forms.counter)
register.filter(markdown)


# --- pictures ---


class MarkupNode(template.Node):
    """A tag of constant names: looked up once per template, then a stored string."""

    def __init__(self, draw: Callable[..., SafeString], args: list[FilterExpression]) -> None:
        self.draw = draw
        self.args = args
        self.constant = all(type(arg.var) in (str, SafeString) and not arg.filters for arg in args)
        self.drawn: SafeString | None = None

    def render(self, context: template.Context) -> SafeString:
        if self.drawn is not None:
            return self.drawn
        drawn = self.draw(*[str(arg.resolve(context)) for arg in self.args])
        if self.constant:
            self.drawn = drawn
        return drawn


def _markup(draw: Callable[..., SafeString], most: int) -> Callable[[Parser, Token], MarkupNode]:
    def compile_tag(parser: Parser, token: Token) -> MarkupNode:
        name, *bits = token.split_contents()
        if not 1 <= len(bits) <= most:
            raise template.TemplateSyntaxError(f"{{% {name} %}} takes 1 to {most} arguments")
        return MarkupNode(draw, [parser.compile_filter(bit) for bit in bits])

    return compile_tag


register.tag("icon", _markup(pictures.icon, 2))
register.tag("pattern", _markup(pictures.pattern, 1))


# --- words of time, money and numbers ---


@lru_cache(maxsize=8192)
def _drawn(kind: str, language: str, zone: tzinfo, value: date, today: date) -> SafeString:
    """One moment in words. Equal moments read equal in the reader's zone, so the moment itself is the key."""
    there = value.astimezone(zone) if isinstance(value, datetime) and value.tzinfo else value
    exact = there.isoformat(timespec="minutes") if isinstance(there, datetime) else there.isoformat()
    if kind == "day":
        said = words.day(language, there.date() if isinstance(there, datetime) else there, today.year)
    elif kind == "when":
        said = words.when(language, there, today.year)
    elif kind == "clock":
        said = words.clock(language, there.hour, there.minute) if isinstance(there, datetime) else ""
    else:
        said = words.near(language, there, today, short=kind == "short_when")
    return mark_safe(f'<time datetime="{exact}">{said}</time>')


def _time(kind: str, value: Any) -> SafeString | str:
    if not isinstance(value, date):
        return ""
    zone = get_current_timezone()
    return _drawn(kind, get_language() or "en", zone, value, house_clock.now().astimezone(zone).date())


@register.filter
def day(value: Any) -> str:
    return _time("day", value)


@register.filter
def when(value: Any) -> str:
    return _time("when", value)


@register.filter
def short_when(value: Any) -> str:
    return _time("short_when", value)


@register.filter
def soon(value: Any) -> str:
    return _time("soon", value)


@register.filter
def clock(value: Any) -> str:
    return _time("clock", value)


@register.filter
def ago(value: Any) -> str:
    if not isinstance(value, datetime):
        return ""
    there: Any = say.local(value)
    return mark_safe(f'<time datetime="{there.isoformat(timespec="minutes")}">{say.ago(there)}</time>')


@register.simple_tag
def time_left(until: Any, now: datetime | None = None) -> str:
    if not isinstance(until, datetime):
        return ""
    there: Any = say.local(until)
    return mark_safe(
        f'<time datetime="{there.isoformat(timespec="minutes")}">{say.time_left(until, now)}</time>'
    )


@register.filter
def money(value: Any) -> str:
    return "" if value in (None, "") else say.money(value)


@register.filter
def number(value: Any, places: int | None = None) -> str:
    return "" if value in (None, "") else say.number(value, places)


@register.filter
def percent(value: Any) -> str:
    return "" if value in (None, "") else say.percent(value)


@register.filter
@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """Miriam Okafor: MO. One word gives its first two letters."""
    parts = [part for part in str(name or "").split() if part[0].isalnum()]
    if not parts:
        return "·"
    return (parts[0][:2] if len(parts) == 1 else parts[0][0] + parts[-1][0]).upper()


# --- addresses ---


def _address(name: str, *args: Any) -> str:
    try:
        return address(name, *args)
    except NoReverseMatch:
        return ""


@register.simple_tag
def maybe_url(name: str, *args: Any) -> str:
    """The address of a page, or nothing when this city has no such page. A path stands for itself."""
    if str(name).startswith("/"):
        return escape(name)
    return escape(_address(name, *args))


@register.simple_tag(takes_context=True)
def login_url(context: template.Context) -> str:
    """The log-in, and back to this page after it."""
    path = getattr(context.get("request"), "path", "/")
    return escape(f"{_address('account_login')}?next={quote(path)}")


def other_language(path: str, language: str) -> str:
    """The same page in another language. Our addresses differ in their first step only; others are translated."""
    first, _, rest = path.removeprefix("/").partition("/")
    if first == get_language():
        return f"/{language}/{rest}"
    return translate_url(path, language)


@register.simple_tag(takes_context=True)
def alternate(context: template.Context, language: str, whole: bool = False) -> str:
    """`{% alternate "en" %}`: this page in English; `whole` adds the site's address, as hreflang links need it."""
    request = context.get("request")
    path = request.get_full_path() if request and not whole else getattr(request, "path", "/")
    found = other_language(path, language)
    return escape(f"{settings.SITE_URL}{found}" if whole else found)


@register.simple_tag(takes_context=True)
def hreflangs(context: template.Context) -> SafeString:
    """A link to this page in every language, for search engines."""
    links = [
        f'<link rel="alternate" hreflang="{code}" href="{alternate(context, code, True)}">'
        for code, _ in settings.LANGUAGES
    ]
    return mark_safe("".join(links))


@register.simple_tag(takes_context=True)
def languages(context: template.Context) -> SafeString:
    """Links to this page in the other languages, each in its own words."""
    here = get_language()
    links = [
        f'<a href="{alternate(context, code)}" lang="{code}" hreflang="{code}">'
        f"{get_language_info(code)['name_local'].capitalize()}</a>"
        for code, _ in settings.LANGUAGES
        if code != here
    ]
    return mark_safe(" ".join(links))


# --- texts ---


class SaidNode(template.Node):
    """`{% translate "…" %}` of a constant text: the same for everybody who reads this language."""

    def __init__(self, text: TranslateNode) -> None:
        self.text = text
        self.said: dict[str | None, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        language = get_language()
        if (said := self.said.get(language)) is None:
            said = self.said[language] = mark_safe(self.text.render(context))
        return said


@register.tag
def translate(parser: Parser, token: Token) -> template.Node:
    """Django's own. Most pages say some fifty constant texts, and looking up each anew was a tenth of their work."""
    text: TranslateNode = do_translate(parser, token)
    words = text.filter_expression
    constant = isinstance(words.var, template.Variable) and words.var.lookups is None and not words.filters
    about = text.message_context
    constant &= about is None or (isinstance(about.var, str) and not about.filters)
    return SaidNode(text) if constant and not (text.asvar or text.noop) else text


class SaidBlockNode(BlockTranslateNode):
    """`{% blocktranslate %}` without a count: its words are looked up once per language, and only its gaps are filled."""

    def render(self, context: template.Context, nested: bool = False) -> str:
        language = get_language()
        if (known := self._known.get(language)) is None:
            said, names = self.render_token_list(self.singular)
            known = self._known[language] = (gettext(said), tuple(names))
        said, gaps = known
        given = {name: value.resolve(context) for name, value in self.extra_context.items()}
        filled = {
            gap: render_value_in_context(given[gap] if gap in given else _value(gap, context), context)
            for gap in gaps
        }
        try:
            return str(said % filled)
        except (KeyError, ValueError):  # a translation with gaps that the text does not have
            return str(super().render(context, nested))

    @cached_property
    def _known(self) -> dict[str | None, tuple[str, tuple[str, ...]]]:
        return {}


def _value(name: str, context: template.Context) -> Any:
    """What this name means here, else what the engine writes for names that mean nothing."""
    if name in context:
        return context[name]
    assert context.template is not None  # one is being drawn
    invalid = context.template.engine.string_if_invalid
    return invalid % name if "%s" in invalid else invalid


@register.tag
def blocktranslate(parser: Parser, token: Token) -> template.Node:
    """Django's own, which trims and puts together the same text anew each time."""
    block: BlockTranslateNode = do_block_translate(parser, token)
    if block.plural or block.asvar or block.message_context:
        return block
    return SaidBlockNode(block.extra_context, block.singular, trimmed=block.trimmed)


class FileNode(template.Node):
    """`{% static "…" %}` of a constant name: its address does not change while this process runs."""

    def __init__(self, file: StaticNode) -> None:
        self.file = file
        self.drawn: str | None = None

    def render(self, context: template.Context) -> str:
        if self.drawn is None:
            self.drawn = self.file.render(context)
        return self.drawn


@register.tag
def static(parser: Parser, token: Token) -> template.Node:
    """Django's own, looked up once."""
    file: StaticNode = StaticNode.handle_token(parser, token)
    constant = isinstance(file.path.var, str) and not file.path.filters
    return FileNode(file) if constant and file.varname is None else file


# --- parts of a page ---


class KeepNode(template.Node):
    """What is the same for everybody is drawn once per language and key, then kept in this process."""

    MOST = 200

    def __init__(self, keys: list[FilterExpression], inside: NodeList) -> None:
        self.keys = keys
        self.nodelist = inside
        self.kept: dict[tuple[Any, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), *[str(each.resolve(context)) for each in self.keys])
        if (drawn := self.kept.get(key)) is None:
            drawn = self.nodelist.render(context)
            if len(self.kept) < self.MOST:
                self.kept[key] = drawn
        return drawn


@register.tag
def keep(parser: Parser, token: Token) -> KeepNode:
    """`{% keep menu city.name %}…{% endkeep %}`: nothing personal and nothing of this request may stand
    inside.
    """
    keys = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inside = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(keys, inside)


class KeepInNode(template.Node):
    MOST = 5000

    def __init__(self, shelf: FilterExpression, keys: list[FilterExpression], inside: NodeList) -> None:
        self.shelf = shelf
        self.keys = keys
        self.nodelist = inside

    def render(self, context: template.Context) -> SafeString:
        shelf: dict[Any, SafeString] | None = self.shelf.resolve(context, ignore_failures=True)
        if shelf is None:
            return self.nodelist.render(context)
        key = (get_language(), *[each.resolve(context) for each in self.keys])
        if (drawn := shelf.get(key)) is None:
            drawn = self.nodelist.render(context)
            if len(shelf) < self.MOST:
                shelf[key] = drawn
        return drawn


@register.tag
def keep_in(parser: Parser, token: Token) -> KeepInNode:
    """`{% keep_in shelf "card" c.key %}…{% endkeep_in %}`: the same in a dictionary that lives as long as what it is about
    stays as it is; without one it is drawn each time. The first key names the part.
    """
    shelf, *keys = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inside = parser.parse(("endkeep_in",))
    parser.delete_first_token()
    return KeepInNode(shelf, keys, inside)


class AgainNode(template.Node):
    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks.get_block(self.name) if blocks else None
        return block.nodelist.render(context) if block else mark_safe("")


@register.tag
def again(parser: Parser, token: Token) -> AgainNode:
    """`{% again "title" %}`: what a page put into a block, a second time (the share preview repeats the
    title).
    """
    _, name = token.split_contents()
    return AgainNode(name.strip("\"'"))


@register.simple_tag(takes_context=True)
def part(context: template.Context, name: str, values: dict[str, Any]) -> SafeString:
    """`{% part panel.template panel.context %}`: a template with its own values, inside this page's context."""
    with context.push(**values):
        return context.template.engine.get_template(name).render(context)  # type: ignore[union-attr]


@register.simple_tag(takes_context=True)
def toasts(context: template.Context) -> SafeString | str:
    """The messages of the last action, each in the toast's shape."""
    request = context.get("request")
    if request is None or not hasattr(request, "_messages"):
        return ""
    return mark_safe("".join(toast(message.message, message.level_tag) for message in get_messages(request)))


TOAST_ICONS = {"error": "circle-alert", "warning": "triangle-alert", "info": "info"}


def toast(sentence: Any, kind: str = "success", link: str = "", link_words: Any = "") -> SafeString:
    after = f' <a href="{escape(link)}">{conditional_escape(link_words)}</a>' if link and link_words else ""
    drawing = pictures.icon(TOAST_ICONS.get(kind, "check"))
    return mark_safe(f'<p class="toast">{drawing}<span>{conditional_escape(sentence)}{after}</span></p>')


class Nothing(template.Node):
    def render(self, context: template.Context) -> SafeString:
        return mark_safe("")


@register.tag
def csrf_token(parser: Parser, token: Token) -> Nothing:
    return Nothing()
