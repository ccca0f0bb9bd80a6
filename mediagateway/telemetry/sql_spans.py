"""A span for each SQL statement inside a traced request, on PostgreSQL and SQLite alike."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from opentelemetry import trace
from opentelemetry.trace import SpanKind

#: Characters of a statement that a span keeps: which one it was, not all of its columns.
_MOST_TEXT = 200
#: The statement's first word, and the first table behind FROM, INTO or UPDATE.
_TABLE = re.compile(r'\b(?:FROM|INTO|UPDATE)\s+"?([\w.]+)', re.IGNORECASE)

_tracer = trace.get_tracer(__name__)


def instrument() -> None:
    """Watch every connection from its opening on."""
    connection_created.connect(_watch, dispatch_uid="sql-spans")


def _watch(connection: BaseDatabaseWrapper, **_: object) -> None:
    if _execute not in connection.execute_wrappers:
        connection.execute_wrappers.append(_execute)


def _execute(
    execute: Callable[..., object],
    sql: str,
    params: object,
    many: bool,  # noqa: FBT001 -- Django's signature
    context: Mapping[str, Any],
) -> object:
    """Run a statement in a span of its own; parameters are left out, they are people's data."""
    if not trace.get_current_span().is_recording():
        return execute(sql, params, many, context)
    text = str(sql)
    operation = text.lstrip().partition(" ")[0].upper()[:16]
    table = _TABLE.search(text)
    attributes = {
        "db.system.name": context["connection"].vendor,
        "db.operation.name": operation,
        "db.query.text": text[:_MOST_TEXT],
        "db.collection.name": table[1] if table else "",
    }
    name = f"{operation} {table[1]}" if table else operation
    with _tracer.start_as_current_span(name, kind=SpanKind.CLIENT, attributes=attributes):
        return execute(sql, params, many, context)
