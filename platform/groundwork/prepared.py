"""Queries asked on every page: their SQL is worked out once, afterwards only filled in.

    _grants = Prepared(lambda person, at: RoleGrant.objects.valid(at).filter(person=person), person=0, at=datetime.max)
    grants = _grants(person=person.pk, at=at)

Django builds the SQL of a queryset anew each time, which costs several times what the database needs to answer it. The
arguments of `Prepared` are examples: values of the right type that stand nowhere else in the query; a list of keys is
asked for with `parent__any_of=keys`, since `IN` is another statement for every length. What comes back is
the list the queryset would give: objects with their `select_related`, tuples of `values_list`, or flat values.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import connections, router
from django.db.models import Field, ForeignKey, Lookup, QuerySet
from django.db.models.query import (
    FlatValuesListIterable,
    ModelIterable,
    ValuesListIterable,
    get_related_populators,
)
from django.utils.translation import get_language
from psycopg.sql import Literal

T = TypeVar("T")


@Field.register_lookup
@ForeignKey.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """`= ANY(…)` with the whole list as one parameter."""

    lookup_name = "any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} = any(%s)", (*parameters, list(self.rhs))


@contextlib.contextmanager
def planned_anew(alias: str) -> Iterator[None]:
    """For queries whose best plan depends on the very values they ask with: they are planned each time, which is soon done.

    A statement sent often enough is otherwise planned once, for any value: of a word that every other text says it
    gathered fifty thousand hits, where looking at two thousand rows would have done.
    """
    connections[alias].ensure_connection()
    plain = connections[alias].connection
    before, plain.prepare_threshold = plain.prepare_threshold, None
    try:
        yield
    finally:
        plain.prepare_threshold = before


# Where a parameter stands, which argument fills it, and what the field makes of a value on its way to the database.
_Hole = tuple[int, str, Callable[[Any], Any] | None]


@dataclass(frozen=True)
class _Plan:
    """SQL with its parameters, which of them are arguments, and how rows become what the queryset would give."""

    alias: str
    sql: str
    parameters: tuple[Any, ...]
    holes: tuple[_Hole, ...]
    converters: tuple[tuple[int, tuple[list[Callable[..., Any]], Any]], ...]
    shape: Callable[[Iterable[Any]], Iterator[Any]]


class Prepared(Generic[T]):
    """A queryset by example. Arguments are strings, numbers, moments, and lists for `any_of`."""

    def __init__(self, build: Callable[..., Any], **examples: Any) -> None:
        self._build = build
        self._examples = examples
        self._plans: dict[tuple[str | None, str], _Plan] = {}
        self._model: Any = None

    def __call__(self, **arguments: Any) -> list[T]:
        # Translated columns depend on the language; who asks decides from which copy of the database.
        asked = (get_language(), router.db_for_read(self._model) if self._model else "")
        plan = self._plans.get(asked)
        if plan is None:
            plan = self._plan()
            plan = self._plans[asked[0], plan.alias] = plan
        if arguments.keys() != self._examples.keys():
            raise TypeError(f"This query takes {', '.join(self._examples)}, not {', '.join(arguments)}.")
        connection = connections[plan.alias]
        parameters = list(plan.parameters)
        for place, name, kind in plan.holes:
            parameters[place] = kind(arguments[name]) if kind else arguments[name]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, parameters)
            rows: list[Any] = cursor.fetchall()
        if plan.converters:
            rows = [list(row) for row in rows]
            for place, (functions, expression) in plan.converters:
                for row in rows:
                    for function in functions:
                        row[place] = function(row[place], expression, connection)
        return list(plan.shape(rows))

    def first(self, **arguments: Any) -> T | None:
        """The first of them: the query itself should ask for no more than one."""
        return next(iter(self(**arguments)), None)

    def _plan(self) -> _Plan:
        queryset: QuerySet[Any] = self._build(**self._examples)
        self._model = queryset.model
        if queryset._prefetch_related_lookups:  # type: ignore[attr-defined]
            raise TypeError("A prepared query cannot prefetch: that is a second query.")
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, parameters = compiler.as_sql()
        holes: tuple[_Hole, ...] = tuple(
            (place, name, None if type(value) is type(example) else type(value))
            for place, value in enumerate(parameters)
            for name, example in self._examples.items()
            if isinstance(value, type(example)) and value == example
        )
        if unused := self._examples.keys() - {name for _place, name, _kind in holes}:
            raise TypeError(f"The query does not use {', '.join(sorted(unused))} as it is given.")
        sql, parameters, holes = _with_constants(sql, parameters, holes, connections[queryset.db])
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        converters = tuple(compiler.get_converters(columns).items())
        return _Plan(queryset.db, sql, parameters, holes, converters, _shape(queryset, compiler))


_PLACES = re.compile(r"%%|%s")


def _with_constants(
    sql: str, parameters: Sequence[Any], holes: tuple[_Hole, ...], connection: Any
) -> tuple[str, tuple[Any, ...], tuple[_Hole, ...]]:
    """Texts that are no arguments (names of JSON keys, for the most part) stand in the statement: a hundred parameters cost
    more to send than a short query to answer. Numbers stay: where rows are ordered by one it would mean a column."""
    asked = {place for place, _name, _kind in holes}
    connection.ensure_connection()
    constant = {
        place: Literal(value).as_string(connection.connection).replace("%", "%%")
        for place, value in enumerate(parameters)
        if type(value) is str and place not in asked
    }
    places = iter(range(len(parameters)))
    told = _PLACES.sub(lambda found: found[0] if found[0] == "%%" else constant.get(next(places), "%s"), sql)
    left = [place for place in range(len(parameters)) if place not in constant]
    moved = {place: now for now, place in enumerate(left)}
    return (
        told,
        tuple(parameters[place] for place in left),
        tuple((moved[place], name, kind) for place, name, kind in holes),
    )


def _shape(queryset: QuerySet[Any], compiler: Any) -> Callable[[Iterable[Any]], Iterator[Any]]:
    """What `ModelIterable` and its like do with rows."""
    kind = queryset._iterable_class  # type: ignore[attr-defined]
    if kind is FlatValuesListIterable:
        return lambda rows: (row[0] for row in rows)
    if kind is ValuesListIterable:
        return lambda rows: (tuple(row) for row in rows)
    if kind is not ModelIterable:
        raise TypeError("A prepared query gives objects, or values_list.")
    told, select, alias = compiler.klass_info, compiler.select, queryset.db
    start, end = told["select_fields"][0], told["select_fields"][-1] + 1
    names = [column[0].target.attname for column in select[start:end]]
    # The stubs know Django 6.1, which takes one argument more; this is Django 5.2.
    related = get_related_populators(told, select, alias)  # type: ignore[call-arg]
    model, added = told["model"], tuple(compiler.annotation_col_map.items())

    def objects(rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            made = model.from_db(alias, names, row[start:end])
            for populator in related:
                populator.populate(row, made)
            for name, place in added:
                setattr(made, name, row[place])
            yield made

    return objects
