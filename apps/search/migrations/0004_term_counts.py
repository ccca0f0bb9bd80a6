"""How many documents have a term, on SQLite: a view of what FTS5 knows, which costs nothing to keep."""

from django.db import migrations


def forwards(apps, schema_editor):
    """Create the view; PostgreSQL counts over its index."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("CREATE VIRTUAL TABLE search_terms USING fts5vocab(search_fts, 'row')")


def backwards(apps, schema_editor):
    """Drop it."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_terms")


class Migration(migrations.Migration):
    dependencies = [("search", "0003_vector_collections")]
    operations = [migrations.RunPython(forwards, backwards)]
