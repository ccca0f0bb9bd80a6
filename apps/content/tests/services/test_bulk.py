"""Bulk inserts: any number of rows, each kind of conflict, the same on both databases."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from apps.content.errors import InvalidDraftError
from apps.content.models import Person, Title
from apps.content.services.bulk import insert_rows
from apps.content.tests.factories import PersonFactory, TitleFactory

pytestmark = pytest.mark.django_db

_PERSON = ("id", "name", "name_key")


def test_more_values_than_a_statement_takes_are_all_inserted():
    """SQLite gets two statements, PostgreSQL one."""
    people = [(uuid4(), f"Person {n}", f"person {n}") for n in range(11_000)]

    with CaptureQueriesContext(connection) as captured:
        insert_rows(Person, _PERSON, people)

    assert set(Person.objects.values_list(*_PERSON)) == set(people)
    assert len(captured) == (2 if connection.vendor == "sqlite" else 1)


def test_no_rows_cost_nothing(django_assert_num_queries):
    """An empty batch makes no statement."""
    with django_assert_num_queries(0):
        insert_rows(Person, _PERSON, [])


def test_existing_rows_are_skipped_on_demand():
    """A row with a taken key is left out, its neighbours come in."""
    known = PersonFactory.create(name="Agnès Varda")
    people = [(known.id, "AGNES VARDA", known.name_key), (uuid4(), "Chris Marker", "chris marker")]

    insert_rows(Person, _PERSON, people, skip_existing=True)

    assert set(Person.objects.values_list("name", flat=True)) == {"Agnès Varda", "Chris Marker"}


def test_existing_rows_are_refused_otherwise():
    """A broken key is an error unless the caller says what to do."""
    known = PersonFactory.create()

    with pytest.raises(IntegrityError):
        insert_rows(Person, _PERSON, [(uuid4(), known.name, known.name_key)])


def test_named_columns_are_replaced_by_id():
    """Columns that are not named keep what they hold; JSON, nulls and times arrive as themselves."""
    title = TitleFactory.create(title="Old", languages=["en"], runtime_minutes=90)
    columns = ("id", "kind", "title", "languages", "runtime_minutes", "updated_at")
    kept = (
        "original_title",
        "title_key",
        "synopsis",
        "release_year",
        "original_language",
        "countries",
        "moods",
        "themes",
    )
    rest = (*kept, "status", "popularity", "min_ages", "provenance", "version", "created_at")
    row = (title.id, "short", "New", ["fr", "de"], None, title.created_at, *(getattr(title, column) for column in rest))

    insert_rows(Title, (*columns, *rest), [row], replace=("title", "languages", "runtime_minutes"))

    stored = Title.objects.values_list("kind", "title", "languages", "runtime_minutes").get()
    assert stored == ("movie", "New", ["fr", "de"], None)


def test_a_text_longer_than_its_column_is_refused():
    """SQLite would store it and PostgreSQL would not: neither gets to see it."""
    with pytest.raises(InvalidDraftError, match="at most 200"):
        insert_rows(Person, _PERSON, [(uuid4(), "x" * 201, "x")])
