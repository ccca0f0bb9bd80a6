"""Keyset pages: each starts behind the last row of the page before, so rows that come in between move nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Model, OrderBy, Q, QuerySet

from mediagateway.http.pagination import Page

M = TypeVar("M", bound=Model)
T = TypeVar("T")

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Order:
    """
    The order of a list; equal keys are ordered by primary key.

    Attributes:
        key: What rows are ordered by, and in which direction; never null, because nulls compare with nothing.
        dump: Makes a key a JSON scalar.
        load: Makes a JSON scalar a key again.
    """

    key: OrderBy
    dump: Callable[[Any], Any] = lambda value: value
    load: Callable[[Any], Any] = lambda value: value


def time_order(key: OrderBy) -> Order:
    """Order by a moment, which goes through JSON as text."""
    return Order(key, dump=datetime.isoformat, load=datetime.fromisoformat)


def fetch_page(rows: QuerySet[M], order: Order, *, after: Key | None, limit: int) -> Page[M]:
    """
    Read the page behind a key; one SQL statement.

    Args:
        rows: The whole list, unordered.
        order: Its order.
        after: `Page.next_key` of the page before; None for the first page.
        limit: Most rows.
    """
    is_descending = order.key.descending
    ordered = rows.annotate(sort_key=order.key.expression).order_by("-sort_key" if is_descending else "sort_key", "pk")
    if after is not None:
        key, last_id = order.load(after[0]), after[1]
        # The first condition is implied by the second; it is what lets an index start at the right place.
        if is_descending:
            ordered = ordered.filter(Q(sort_key__lte=key), Q(sort_key__lt=key) | Q(pk__gt=last_id))
        else:
            ordered = ordered.filter(Q(sort_key__gte=key), Q(sort_key__gt=key) | Q(pk__gt=last_id))
    found = list(ordered[: limit + 1])
    if len(found) <= limit:
        return Page(tuple(found), None)
    last = found[limit - 1]
    return Page(tuple(found[:limit]), (order.dump(last.sort_key), str(last.pk)))  # type: ignore[attr-defined] # annotated


def slice_page(items: Sequence[T], key: Callable[[T], Key], *, after: Key | None, limit: int) -> Page[T]:
    """
    Cut the page behind a key out of a short list that is in memory already.

    Args:
        items: The whole list in the order of `key`.
        key: Unique sort key of an item; JSON scalars.
        after: `Page.next_key` of the page before; None for the first page.
        limit: Most items.
    """
    rest = items if after is None else [item for item in items if key(item) > after]
    page = tuple(rest[:limit])
    return Page(page, key(page[-1]) if len(rest) > limit else None)
