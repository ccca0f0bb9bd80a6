"""
Reads that the ORM compiles once for each thread, and that later calls only bind.

To write a statement of one condition takes the ORM 0.3 to 0.8 ms, more than the database then needs for it; a request
that reads eight small tables spends most of its time on that. `prepared` keeps what was compiled. The statement, its
cursor and what converts its values are Django's own, so tests count it and traces show it like any other.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import update_wrapper
from operator import attrgetter, itemgetter
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.core.exceptions import EmptyResultSet, ImproperlyConfigured
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model, QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

P = ParamSpec("P")
Row = TypeVar("Row")
#: Statements that a thread keeps of one query, which has one for each length of its collections.
_SHAPES = 64


def prepared(build: Callable[P, QuerySet[Any, Row]]) -> "Prepared[P, Row]":
    """
    Compile a query once: a decorator.

    Args:
        build: Makes the queryset, of models or of `values_list`, from positional arguments: holders for `owned`, ids,
            strings, numbers, times, and collections of ids for `__in`. Each must reach the statement as it is, and
            nothing else may decide its shape: `build` is called with values of those types that are nobody's.
    """
    return Prepared(build)


class Prepared(Generic[P, Row]):
    """A query with places for its arguments; calling it runs one SQL statement."""

    def __init__(self, build: Callable[P, QuerySet[Any, Row]]) -> None:
        """Compile nothing yet: models may not be ready."""
        update_wrapper(self, build)
        self._build = build
        self._local = threading.local()

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[Row]:
        """
        Run it.

        Raises:
            ImproperlyConfigured: An argument decides more than a value of the statement.
            TransactionManagementError: The rows are to be locked, and there is no transaction.
        """
        assert not kwargs, "arguments are told apart by their places"
        values = tuple(tuple(arg) if isinstance(arg, Collection) and not isinstance(arg, str) else arg for arg in args)
        shape = tuple(len(value) if isinstance(value, tuple) else -1 for value in values)
        compiled: OrderedDict[tuple[int, ...], _Statement] = self._local.__dict__.setdefault("compiled", OrderedDict())
        statement = compiled.get(shape)
        if statement is None:
            statement = compiled[shape] = _Statement(self._build, values)
            if len(compiled) > _SHAPES:
                compiled.popitem(last=False)
        return statement.run(values)


class _Statement:
    """What one thread has compiled: the SQL, which arguments go where, and what makes rows of it."""

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], args: Sequence[Any]) -> None:
        markers = [_marker(value, place) for place, value in enumerate(args)]
        queryset = build(*markers)
        self._alias = queryset.db
        self._compiler = queryset.query.get_compiler(self._alias)
        try:
            self._sql, params = self._compiler.as_sql()
        except EmptyResultSet:  # An empty collection: there is nothing to ask.
            self._sql = ""
            return
        connection = connections[self._alias]
        places = {
            _bind(read(marker), connection): (place, read)
            for place, marker in enumerate(markers)
            for read in _readers(marker)
        }
        self._params: list[Any] = list(params)
        self._places = [(at, *places[value]) for at, value in enumerate(params) if value in places]
        if {place for _, place, _ in self._places} != set(range(len(args))):
            raise ImproperlyConfigured(f"{build.__qualname__}: an argument does not reach the statement as it is.")
        self._locks = queryset.query.select_for_update
        self._rows = self._reader(queryset)

    def run(self, args: Sequence[Any]) -> list[Any]:
        if not self._sql:
            return []
        connection = connections[self._alias]
        if self._locks and not connection.in_atomic_block:
            raise transaction.TransactionManagementError("Rows can be locked inside a transaction only.")
        params = self._params.copy()
        for at, place, read in self._places:
            params[at] = _bind(read(args[place]), connection)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            return self._rows(cursor.fetchall())

    def _reader(self, queryset: QuerySet[Any, Any]) -> Callable[[list[tuple[Any, ...]]], list[Any]]:
        """Choose how rows are made of what the database gives, as the queryset itself would."""
        read, kind = self._converter(), queryset._iterable_class  # noqa: SLF001 -- private, and the only way to ask
        if issubclass(kind, ValuesListIterable):
            return lambda found: [tuple(row) for row in read(found)]
        if issubclass(kind, FlatValuesListIterable):
            return lambda found: [row[0] for row in read(found)]
        if not issubclass(kind, ModelIterable) or self._compiler.annotation_col_map:
            raise ImproperlyConfigured("Only models without annotations and lists of values can be prepared.")
        info = self._compiler.klass_info
        make_row = self._maker(info)
        related = [(self._maker(each), each["local_setter"], each["remote_setter"]) for each in _related(info)]

        def make(found: list[tuple[Any, ...]]) -> list[Any]:
            rows = []
            for values in read(found):
                row = make_row(values)
                for make_other, link, link_back in related:
                    other = make_other(values)
                    link(row, other)
                    link_back(other, row)
                rows.append(row)
            return rows

        return make

    def _converter(self) -> Callable[[Sequence[Sequence[Any]]], Iterable[Sequence[Any]]]:
        """Give what converts the database's values; `results_iter` would look for the converters at each run."""
        compiler = self._compiler
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        return lambda found: compiler.apply_converters(found, converters) if converters else found

    def _maker(self, info: dict[str, Any]) -> Callable[[Sequence[Any]], Model]:
        """Give what makes a model of its columns in a row."""
        model: type[Model] = info["model"]
        places: list[int] = info["select_fields"]
        names = [self._compiler.select[at][0].target.attname for at in places]
        return lambda values: model.from_db(self._alias, names, [values[at] for at in places])


def _related(info: dict[str, Any]) -> list[dict[str, Any]]:
    """List what `select_related` joined."""
    joined: list[dict[str, Any]] = info.get("related_klass_infos", [])
    if any(each["field"].null or each.get("related_klass_infos") for each in joined):
        raise ImproperlyConfigured("Only what every row has, and of one step, can be joined.")
    return joined


@dataclass(frozen=True, slots=True)
class _Nobody:
    """A holder who has nothing."""

    account_id: UUID = field(default_factory=uuid4)
    profile_id: UUID = field(default_factory=uuid4)


_OF_HOLDERS = (attrgetter("account_id"), attrgetter("profile_id"))


def _itself(value: object) -> object:
    return value


def _readers(marker: object) -> Sequence[Callable[[Any], Any]]:
    """Give what takes each single value out of an argument."""
    if isinstance(marker, _Nobody):
        return _OF_HOLDERS
    return tuple(itemgetter(at) for at in range(len(marker))) if isinstance(marker, tuple) else (_itself,)


def _marker(value: object, place: int) -> object:
    """Make a value of the same type that no constant of a statement equals."""
    if hasattr(value, "profile_id"):
        return _Nobody()
    match value:
        case tuple():
            return tuple(_marker(each, place) for each in value)
        case UUID():
            return uuid4()
        case datetime():
            return datetime(1066, 10, 14, tzinfo=UTC) + timedelta(seconds=place)
        case int() if not isinstance(value, bool):
            return 1_066_101_400 + place
        case str():
            return uuid4().hex
        case _:
            raise ImproperlyConfigured(f"A prepared query takes no {type(value).__name__}.")


def _bind(value: object, connection: BaseDatabaseWrapper) -> object:
    """Write a value as the database takes it, as its field would."""
    match value:
        case UUID():
            return value if connection.features.has_native_uuid_field else value.hex
        case datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case _:
            return value
