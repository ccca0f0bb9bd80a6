"""Near spellings are found in memory on every database; the index was the dearest to keep, and slow for "the …"."""

from django.db import migrations


def forwards(apps, schema_editor):
    """Drop the index; the extension stays, others may use it."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX search_names_trigram")


def backwards(apps, schema_editor):
    """Make it again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE INDEX search_names_trigram ON search_searchdocument USING gin (names gin_trgm_ops)"
        )


class Migration(migrations.Migration):
    dependencies = [("search", "0008_drop_term_counts")]
    operations = [migrations.RunPython(forwards, backwards)]
