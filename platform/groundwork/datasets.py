"""What the city publishes as data: every room declares its tables here, a reader above writes the files.

datasets.add(Dataset("commitments", _("Promises of the city"), _("What was promised, by when, and how it stands."),
    rows=lambda: Commitment.objects.visible_to(None), order=("pk",), columns=(
        Column("id", "pk", _("Number"), _("The number of the promise."), INTEGER, key=True),
        Column("office", "office__slug", _("Office"), _("The office that promised."), refers=("offices", "slug")),
    )))

A column is a path or an expression over the rows and nothing else, so where its values come from can be asked of the
query itself: what the data map calls personal cannot be a column (`personal_in`, system check groundwork.E003). A room
that publishes nothing says why (`without`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core import checks
from django.db.models import Count, Expression, F, QuerySet, Subquery
from django.db.models.expressions import Col
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext_lazy as _

from groundwork import datamap
from groundwork.answer import Words
from groundwork.registry import Registry

STRING, INTEGER, NUMBER, BOOLEAN, DATE, MOMENT, ADDRESS = (
    "string", "integer", "number", "boolean", "date", "datetime", "uri",
)  # fmt: skip
TYPES = {
    STRING: _("text"), INTEGER: _("whole number"), NUMBER: _("number"), BOOLEAN: _("true or false"), DATE: _("day"),
    MOMENT: _("moment in universal time"), ADDRESS: _("address in the web"),
}  # fmt: skip
OPEN, ON_REQUEST, INTERNAL = "open", "on_request", "internal"


class PersonalColumn(ValueError):
    """A column would show what the data map calls personal."""


@dataclass(frozen=True, slots=True)
class Licence:
    slug: str
    name: str
    url: str
    # The code of the same licence in the authority table of the European Union.
    code: str


LICENCES = {
    "CC-BY-4.0": Licence("CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/", "CC_BY_4_0"),
    "CC0-1.0": Licence("CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "CC0"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """`value` is a path over the rows or an expression; `show` turns one value of it into what stands in the file.

    `choices` are the codes it may hold, each with its words; `refers` names the data set and column it points to.
    """

    name: str
    value: str | Expression | F
    words: Words
    means: Words
    type: str = STRING
    unit: Words = ""
    key: bool = False
    required: bool = False
    choices: tuple[tuple[str, Words], ...] = ()
    refers: tuple[str, str] | None = None
    show: Callable[[Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """`rows` gives what anybody may see; `order` makes two readings of the same rows the same file. `chart` is the column
    whose values are counted for the picture. `receipts` names the column that says which contribution a row is: with it
    a row leaves the older versions too once its contribution is erased or hidden. `tier`: open, on request (`why` says
    why not open), internal. `theme` is a code of the European data themes."""

    slug: str
    title: Words
    about: Words
    rows: Callable[[], QuerySet[Any]] = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)
    order: tuple[str, ...] = ("pk",)
    chart: str = ""
    receipts: str = ""
    licence: str = "CC-BY-4.0"
    tier: str = OPEN
    why: Words = ""
    theme: str = "GOVE"
    keywords: tuple[Words, ...] = ()

    def column(self, name: str) -> Column:
        """The column of this name; KeyError for any other."""
        return {column.name: column for column in self.columns}[name]

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.columns if column.key]

    @property
    def terms(self) -> Licence:
        return LICENCES[self.licence]

    def query(self) -> QuerySet[Any]:
        """The rows as tuples in the order of the columns: all that is ever read of them."""
        rows = self.rows()
        # A plain one: managers of translated texts add columns of their own.
        found: QuerySet[Any] = QuerySet(rows.model, query=rows.query.chain()).order_by(*self.order)
        computed = {
            f"out_{column.name}": column.value for column in self.columns if not isinstance(column.value, str)
        }
        names = [
            column.value if isinstance(column.value, str) else f"out_{column.name}" for column in self.columns
        ]
        return found.annotate(**computed).values_list(*names)

    def shown(self, row: Iterable[Any]) -> list[Any]:
        """A row as it stands in the files."""
        return [
            column.show(value) if column.show and value is not None else value
            for column, value in zip(self.columns, row, strict=True)
        ]


datasets: Registry[Dataset] = Registry("data set")
# Rooms that publish no table, and why: the catalogue says so.
reasons: dict[str, Words] = {}


def add(dataset: Dataset) -> Dataset:
    return datasets.add(dataset.slug, dataset)


def without(room: str, because: Words) -> None:
    """This room publishes no table."""
    reasons[room] = because


def open_ones() -> list[Dataset]:
    return [dataset for dataset in datasets if dataset.tier == OPEN]


# --- where values come from ---


def personal_in(dataset: Dataset) -> list[str]:
    """The personal fields its columns are made of ("model.field"), by asking the query itself. Empty, or it is no data set."""
    query = dataset.query().query
    return sorted(set(_fields(query)))


def _fields(query: Any) -> Iterator[str]:
    for expression in (*query.select, *query.annotation_select.values()):
        yield from _of(expression, query)


def _of(expression: Any, query: Any) -> Iterator[str]:
    if isinstance(expression, Col):
        yield from _if_personal(expression.target)
        yield from _on_the_way(expression.alias, query)
    elif isinstance(expression, Subquery):
        yield from _fields(expression.query)
    elif not isinstance(expression, Count) or not _counts_rows(expression):
        for part in expression.get_source_expressions():
            if part is not None:
                yield from _of(part, query)


def _counts_rows(expression: Count) -> bool:
    """`Count("*")` says how many rows, nothing about any."""
    return type(expression.get_source_expressions()[0]).__name__ == "Star"


def _on_the_way(alias: str | None, query: Any) -> Iterator[str]:
    """The relations between the rows and the table a value comes from: an author's language says something of the author."""
    while alias is not None:
        join = query.alias_map.get(alias)
        relation = getattr(join, "join_field", None)
        if relation is None:
            return
        yield from _if_personal(relation.field if isinstance(relation, ForeignObjectRel) else relation)
        alias = join.parent_alias


def _if_personal(found: Any) -> Iterator[str]:
    model = found.model
    name = getattr(getattr(found, "translated_field", None), "name", found.name)
    label = model._meta.label
    if datamap.is_personal(label, name):
        yield f"{label}.{name}"


@checks.register("datasets")
def no_column_is_personal(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    return [
        checks.Error(f"The data set {dataset.slug} would publish {name}.", id="groundwork.E003")
        for dataset in datasets
        if dataset.tier == OPEN
        for name in personal_in(dataset)
    ]


@checks.register("datasets")
def declarations_hold_together(app_configs: object, **kwargs: object) -> list[checks.CheckMessage]:
    """Keys exist, references lead to a key of an open data set, charts and receipts to a column."""
    found = []
    for dataset in datasets:
        names = [column.name for column in dataset.columns]
        if not dataset.key or len(set(names)) != len(names):
            found.append(f"{dataset.slug}: its rows need a key, and every column a name of its own.")
        found += [
            f"{dataset.slug}: there is no column {name}."
            for name in (dataset.chart, dataset.receipts)
            if name and name not in names
        ]
        for column in dataset.columns:
            if column.type not in TYPES:
                found.append(f"{dataset.slug}.{column.name}: there is no type {column.type}.")
            if column.refers:
                other = datasets.find(column.refers[0])
                if other is None or other.tier != OPEN or other.key != [column.refers[1]]:
                    found.append(f"{dataset.slug}.{column.name} refers to no key: {column.refers}.")
        if dataset.tier != OPEN and not dataset.why:
            found.append(f"{dataset.slug} is not open and does not say why.")
    return [checks.Error(text, id="groundwork.E004") for text in found]
