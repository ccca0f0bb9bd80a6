"""The full-text index of each database, kept in step with the document rows by the database itself."""

from django.db import migrations

_SQLITE = (
    """
    CREATE VIRTUAL TABLE search_fts USING fts5(
        title_terms, people_terms, tag_terms, synopsis_terms,
        content='search_searchdocument', content_rowid='number', tokenize="unicode61 remove_diacritics 0"
    )
    """,
    """
    CREATE TRIGGER search_fts_insert AFTER INSERT ON search_searchdocument BEGIN
        INSERT INTO search_fts(rowid, title_terms, people_terms, tag_terms, synopsis_terms)
        VALUES (new.number, new.title_terms, new.people_terms, new.tag_terms, new.synopsis_terms);
    END
    """,
    """
    CREATE TRIGGER search_fts_delete AFTER DELETE ON search_searchdocument BEGIN
        INSERT INTO search_fts(search_fts, rowid, title_terms, people_terms, tag_terms, synopsis_terms)
        VALUES ('delete', old.number, old.title_terms, old.people_terms, old.tag_terms, old.synopsis_terms);
    END
    """,
    """
    CREATE TRIGGER search_fts_update
    AFTER UPDATE OF title_terms, people_terms, tag_terms, synopsis_terms ON search_searchdocument BEGIN
        INSERT INTO search_fts(search_fts, rowid, title_terms, people_terms, tag_terms, synopsis_terms)
        VALUES ('delete', old.number, old.title_terms, old.people_terms, old.tag_terms, old.synopsis_terms);
        INSERT INTO search_fts(rowid, title_terms, people_terms, tag_terms, synopsis_terms)
        VALUES (new.number, new.title_terms, new.people_terms, new.tag_terms, new.synopsis_terms);
    END
    """,
)
_SQLITE_BACK = (
    "DROP TRIGGER search_fts_update",
    "DROP TRIGGER search_fts_delete",
    "DROP TRIGGER search_fts_insert",
    "DROP TABLE search_fts",
)
_POSTGRES = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    """
    ALTER TABLE search_searchdocument ADD COLUMN full_text tsvector GENERATED ALWAYS AS (
        setweight(to_tsvector('simple', title_terms), 'A') || setweight(to_tsvector('simple', people_terms), 'B') ||
        setweight(to_tsvector('simple', tag_terms), 'C') || setweight(to_tsvector('simple', synopsis_terms), 'D')
    ) STORED
    """,
    "CREATE INDEX search_full_text ON search_searchdocument USING gin (full_text)",
    "CREATE INDEX search_names_trigram ON search_searchdocument USING gin (names gin_trgm_ops)",
)
_POSTGRES_BACK = (
    "DROP INDEX search_names_trigram",
    "DROP INDEX search_full_text",
    "ALTER TABLE search_searchdocument DROP COLUMN full_text",
)


def forwards(apps, schema_editor):
    """Create the index of this database."""
    for statement in _POSTGRES if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    """Drop it."""
    for statement in _POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else _SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
