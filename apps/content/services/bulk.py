"""Writing and deleting many rows at once, without a model instance and a compiled expression for every value."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.db import connections, router
from django.db.models import CharField, Field, ForeignKey, Manager, Model

from apps.content.errors import InvalidDraftError

#: Parameters of one SQLite statement, since 3.32.
_MAX_PARAMETERS: Final = 32_766

#: What both drivers take as it is, by the kind of the field; most values are of these.
_PLAIN: Final[Mapping[str, type]] = {
    "CharField": str,
    "TextField": str,
    "FloatField": float,
    "PositiveIntegerField": int,
    "PositiveSmallIntegerField": int,
}

_Values = Sequence[Sequence[Any]]


def insert_rows(
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    replace: Sequence[str] = (),
    skip_existing: bool = False,
) -> None:
    """
    Insert rows of plain values.

    Stands in for `bulk_create`, which spends four fifths of a save on SQLite compiling its statements. One SQL
    statement, on SQLite one for each 32,766 values; none for no rows.

    Args:
        model: Whose table.
        columns: Attribute names ("title_id", not "title"); columns left out need a default in the database.
        rows: Python values in the order of the columns.
        replace: Columns to overwrite where a row with the same `id` exists.
        skip_existing: Whether a row that breaks any unique key is left out instead of refused.

    Raises:
        InvalidDraftError: A text is longer than its column; SQLite would take it.
    """
    # The wrapper itself: `django.db.connection` is a proxy that would be asked anew for every value.
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    named = {field.attname: field for field in model._meta.concrete_fields}
    fields = [named[column] for column in columns]
    preparations = [(_plain_type(field), field.get_db_prep_save) for field in fields]
    values = [
        [
            value if type(value) is plain else prepare(value, connection)
            for (plain, prepare), value in zip(preparations, row, strict=True)
        ]
        for row in rows
    ]
    if not values:
        return
    _check_lengths(fields, values)
    quoted = {name: quote(str(field.column)) for name, field in named.items()}
    into = f"{quote(model._meta.db_table)} ({', '.join(quoted[column] for column in columns)})"
    conflict = " ON CONFLICT DO NOTHING" if skip_existing else ""
    if replace:
        renewed = ", ".join(f"{quoted[column]} = excluded.{quoted[column]}" for column in replace)
        conflict = f" ON CONFLICT ({quoted['id']}) DO UPDATE SET {renewed}"
    # Without its length: a cast to varchar(500) would cut in silence.
    types = [str(field.db_type(connection)).partition("(")[0] for field in fields]
    sources = _arrays(types, values) if connection.vendor == "postgresql" else _tuples(len(fields), values)
    with connection.cursor() as cursor:
        for source, parameters in sources:
            # Only quoted names of our own models and placeholders are in the text.
            cursor.execute(f"INSERT INTO {into} {source}{conflict}", parameters)


def delete_rows(rows: Manager[Any], ids: Collection[object]) -> None:
    """Delete rows by `id` and what hangs on them; one SQL statement for each 32,766 ids of a table without children."""
    ordered = list(ids)
    for start in range(0, len(ordered), _MAX_PARAMETERS):
        rows.filter(id__in=ordered[start : start + _MAX_PARAMETERS]).delete()


def _plain_type(field: "Field[Any, Any]") -> type | None:
    """Name the exact type that passes by Django's preparation of a value, which would be half of an insert's time."""
    stored = field.target_field if isinstance(field, ForeignKey) else field
    return _PLAIN.get(stored.get_internal_type())


def _check_lengths(fields: "Iterable[Field[Any, Any]]", values: _Values) -> None:
    for position, field in enumerate(fields):
        length = field.max_length if isinstance(field, CharField) else None
        if length and any(len(row[position] or "") > length for row in values):
            raise InvalidDraftError(f"{field} takes at most {length} characters.")


def _arrays(types: Sequence[str], values: _Values) -> Iterator[tuple[str, list[Any]]]:
    """Name the rows by an array per column: a text that does not grow with the rows, so nothing more to parse."""
    arrays = ", ".join(f"%s::{column_type}[]" for column_type in types)
    source = f"SELECT * FROM unnest({arrays})"  # noqa: S608 -- column types of our own models
    yield source, [list(column) for column in zip(*values, strict=True)]


def _tuples(width: int, values: _Values) -> Iterator[tuple[str, list[Any]]]:
    """Name the rows one by one, as many as a statement takes."""
    row = f"({', '.join(['%s'] * width)})"
    step = _MAX_PARAMETERS // width
    for start in range(0, len(values), step):
        batch = values[start : start + step]
        yield f"VALUES {', '.join([row] * len(batch))}", [value for one in batch for value in one]
