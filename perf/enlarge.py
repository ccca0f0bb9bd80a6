"""
A catalogue of any size: `python -m perf.enlarge --titles 500000` multiplies the one that DATABASE_URL names.

Each copy of a title has half the name and half the synopsis of another one, and people with the first name of one and
the last name of another, so that vocabulary and filmographies grow as they would. A copy's vector lies between those of
two others; embedding half a million texts would take an hour and scan no differently. PostgreSQL only, and for
measuring only: nothing can be taken back.
"""

import argparse
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import django

from perf.environment import set_environment

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

_BATCH = 500
#: Rows move on by this much from copy to copy, so that each round mixes other pairs.
_STRIDE = 7919
#: SQL for the id of a row's copy in one round; tables agree on it without asking one another.
_NEW_ID = "md5(a.{column}::text || '/{round}')::uuid"


def main() -> int:
    """Multiply the catalogue, index what is new, and give it vectors; 1 when there is nothing to multiply."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--titles", type=int, default=500_000, help="how many there shall be")
    options = parser.parse_args()
    set_environment()
    django.setup()
    # Of Django, only what is set up can be imported.
    from django.db import connection

    if connection.vendor != "postgresql":
        print("This needs PostgreSQL.", file=sys.stderr)
        return 1
    with connection.cursor() as cursor:
        before = _count(cursor)
        if not before:
            print("There is no title to multiply.", file=sys.stderr)
            return 1
        _number(cursor)
        for round_ in range(1, -(-options.titles // before)):
            _copy(cursor, round_, limit=min(before, options.titles - before * round_))
            print(f"{_count(cursor):,} titles", flush=True)
        cursor.execute("ANALYZE")
    for done in _index():
        print(f"{done:,} indexed", flush=True)
    print(f"{_embed():,} vectors")
    return 0


def _count(cursor: "CursorWrapper") -> int:
    cursor.execute("SELECT count(*) FROM content_title WHERE kind IN ('movie', 'series')")
    (count,) = cursor.fetchone()
    return int(count)


def _number(cursor: "CursorWrapper") -> None:
    """Number titles and people, so that each finds a partner by arithmetic."""
    for table, condition in (("title", "kind IN ('movie', 'series')"), ("person", "true")):
        cursor.execute(
            f"CREATE TEMP TABLE {table}_number AS SELECT id, row_number() OVER (ORDER BY id) - 1 AS number,"
            f" count(*) OVER () AS total FROM content_{table} WHERE {condition}"
        )
        cursor.execute(f"CREATE UNIQUE INDEX ON {table}_number (number)")


def _copy(cursor: "CursorWrapper", round_: int, *, limit: int) -> None:
    """Copy the first titles with all that hangs on them."""
    cursor.execute("DROP TABLE IF EXISTS pair")
    cursor.execute(
        "CREATE TEMP TABLE pair AS SELECT mine.id, other.id AS other_id FROM title_number AS mine"
        " JOIN title_number AS other ON other.number = (mine.number + %s) %% mine.total WHERE mine.number < %s",
        [round_ * _STRIDE, limit],
    )
    mixed = "pg_temp.half(a.{column}, b.{column})"
    title, name, synopsis = (mixed.format(column=column) for column in ("title", "name", "synopsis"))
    cursor.execute(
        "CREATE OR REPLACE FUNCTION pg_temp.half(a text, b text) RETURNS text LANGUAGE sql IMMUTABLE AS $$"
        " SELECT coalesce(nullif(trim("
        " array_to_string((string_to_array(a, ' '))[:(cardinality(string_to_array(a, ' ')) + 1) / 2], ' ') || ' ' ||"
        " array_to_string((string_to_array(b, ' '))[cardinality(string_to_array(b, ' ')) / 2 + 1:], ' ')"
        " ), ''), 'Untitled') $$"
    )
    new_id, of_title, of_person = (
        _NEW_ID.format(column=column, round=round_) for column in ("id", "title_id", "person_id")
    )
    _insert(
        cursor,
        "content_person",
        {"id": new_id, "name": f"left({name}, 300)", "name_key": f"left(lower({name}), 300)"},
        "JOIN person_number AS n ON n.id = a.id JOIN person_number AS m"
        f" ON m.number = (n.number + {round_ * _STRIDE}) % n.total JOIN content_person AS b ON b.id = m.id",
    )
    mixes = {"title": f"left({title}, 500)", "title_key": f"left(lower({title}), 500)", "original_title": "''"}
    _insert(
        cursor,
        "content_title",
        {"id": new_id, **mixes, "synopsis": f"CASE WHEN a.synopsis = '' THEN '' ELSE {synopsis} END"},
        "JOIN pair ON pair.id = a.id JOIN content_title AS b ON b.id = pair.other_id",
    )
    hanging = "JOIN pair ON pair.id = a.title_id"
    for table in ("content_titlegenre", "content_certificate"):
        _insert(cursor, table, {"title_id": of_title}, hanging)
    _insert(cursor, "content_offer", {"id": new_id, "title_id": of_title}, hanging)
    # Two mixed names may be one, and then there is one person.
    known = f"{hanging} JOIN content_person AS p ON p.id = {of_person}"
    _insert(cursor, "content_credit", {"title_id": of_title, "person_id": of_person}, known)


def _insert(cursor: "CursorWrapper", table: str, changes: dict[str, str], joins: str) -> None:
    """Insert changed copies of a table's rows; numbers that the database gives are left to it."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND is_identity = 'NO'", [table]
    )
    columns = [column for (column,) in cursor.fetchall()]
    values = ", ".join(changes.get(column, f'a."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} AS a {joins} ON CONFLICT DO NOTHING")


def _index() -> Iterator[int]:
    """Write the documents of what has none."""
    from apps.content.models import Title
    from apps.search.models import SearchDocument
    from apps.search.services.documents import index_titles

    written = set(SearchDocument.objects.values_list("title_id", flat=True))
    listed = Title.objects.filter(kind__in=("movie", "series")).values_list("id", flat=True)
    missing = [title_id for title_id in listed if title_id not in written]
    for start in range(0, len(missing), _BATCH):
        index_titles(missing[start : start + _BATCH])
        if start // _BATCH % 40 == 0:
            yield start


def _embed() -> int:
    """Give every document without a vector one that lies between two others, by chance but always the same."""
    import numpy as np

    from apps.search.models import IndexState, SearchDocument, VectorCollection
    from mediagateway.vectors.configured import TITLES, get_vector_index
    from mediagateway.vectors.ports import Points, ids_of

    index, draw = get_vector_index(), np.random.default_rng(0)
    build = VectorCollection.objects.get(is_serving=True)
    matrix = index.matrix(TITLES)
    there = matrix.vectors[matrix.live]
    known = set(ids_of(matrix.keys[matrix.live]))
    documents = SearchDocument.objects.filter(is_live=True).values_list("title_id", flat=True)
    missing = [title_id for title_id in documents if title_id not in known]
    for start in range(0, len(missing), _BATCH * 20):
        ids = tuple(missing[start : start + _BATCH * 20])
        mixed = there[draw.integers(len(there), size=len(ids))] + there[draw.integers(len(there), size=len(ids))]
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True)
        index.upsert(build.name, Points(ids, mixed.astype(np.float32), ({"model": build.model},) * len(ids)))
    build.revision, build.number = IndexState.objects.values_list("revision", flat=True).get(id=1), 0
    build.save(update_fields=["revision", "number"])
    return len(missing)


if __name__ == "__main__":
    sys.exit(main())
