"""Keyset paging: the next page begins after the last row seen, so page 500 costs what page 1 costs and
nothing shifts.

    page = keyset(ideas.visible_to(person), order=("-supports", "-pk"), after=request.GET.get("after"))
    page.items, page.next_token         # the link: ?after={{ page.next_token }}

The order must end in a unique column. A token that is old, foreign or forged opens the first page.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan

M = TypeVar("M", bound=Model)
LONGEST_TOKEN = 512


@dataclass(frozen=True)
class Page(Generic[M]):
    items: list[M]
    next_token: str | None

    def __iter__(self) -> Iterator[M]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def keyset(
    queryset: QuerySet[M], order: Sequence[str] = ("-pk",), after: str | None = None, size: int = 20
) -> Page[M]:
    """One page of at most `size` rows in `order`, after the row that `after` names."""
    rows = queryset.order_by(*order)
    if after and (values := _open(after, order, queryset)) is not None:
        rows = rows.filter(_beyond(order, values))
    return page_of(list(rows[: size + 1]), order, size)


def page_of(found: list[M], order: Sequence[str], size: int) -> Page[M]:
    """The first `size` of the rows found in this order: there is a next page when there are more."""
    if len(found) <= size:
        return Page(found, None)
    return Page(found[:size], _seal(order, found[size - 1]))


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Any:
    """Rows after `values`. One direction: a row comparison, which an index answers; mixed: spelled out."""
    names = [name.lstrip("-") for name in order]
    falling = [name.startswith("-") for name in order]
    if len(order) == 1:
        return Q(**{f"{names[0]}__{'lt' if falling[0] else 'gt'}": values[0]})
    if len(set(falling)) == 1:
        compare = TupleLessThan if falling[0] else TupleGreaterThan
        return compare(Tuple(*[F(name) for name in names]), tuple(values))
    condition, same = Q(), Q()
    for name, down, value in zip(names, falling, values, strict=True):
        condition |= same & Q(**{f"{name}__{'lt' if down else 'gt'}": value})
        same &= Q(**{name: value})
    return condition


# --- tokens: the values of the last row, readable by us only by habit, believed only after checking ---


def _seal(order: Sequence[str], row: Model) -> str | None:
    values = []
    for name in order:
        value: Any = row
        for step in name.lstrip("-").split("__"):
            value = getattr(value, step)
        if value is None:
            return None
        values.append(_plain(value))
    data = json.dumps([list(order), values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return value


def _open(token: str, order: Sequence[str], queryset: QuerySet[Any]) -> list[Any] | None:
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        data = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        made_for, values = data
        if made_for != list(order) or len(values) != len(order):
            return None
        return [_typed(queryset, name.lstrip("-"), value) for name, value in zip(order, values, strict=True)]
    except (ValueError, TypeError, KeyError, binascii.Error, ValidationError, RecursionError):
        return None


def _typed(queryset: QuerySet[Any], name: str, value: Any) -> Any:
    """The value as the column knows it; raises when it could not be one."""
    if value is None or isinstance(value, list | dict | bool):
        raise ValueError(name)
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        field: Any = annotation.output_field
    else:
        model = queryset.model
        *path, last = name.split("__")
        for step in path:
            model = model._meta.get_field(step).related_model  # type: ignore[assignment]
        field = model._meta.pk if last == "pk" else model._meta.get_field(last)
    if not isinstance(field, Field):
        raise ValueError(name)
    target = getattr(field, "target_field", field) if field.is_relation else field
    clean = target.to_python(value)
    if clean is None or (isinstance(clean, int) and abs(clean) >= 2**63):
        raise ValueError(name)
    if isinstance(clean, str) and "\x00" in clean:
        raise ValueError(name)
    return clean
