"""Nothing counts terms in the database any more: how rare a word is, is counted in memory, among what may be answered."""

from django.db import migrations


def forwards(apps, schema_editor):
    """Drop SQLite's view of FTS5's terms."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE search_terms")


def backwards(apps, schema_editor):
    """Make it again."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("CREATE VIRTUAL TABLE search_terms USING fts5vocab(search_fts, 'row')")


class Migration(migrations.Migration):
    dependencies = [("search", "0007_saved_searches")]
    operations = [migrations.RunPython(forwards, backwards)]
