"""The database itself refuses to change or to remove an entry of the audit log."""

from django.db import migrations

_SQLITE = tuple(
    f"""
    CREATE TRIGGER audit_refuse_{act.lower()} BEFORE {act} ON kernel_auditentry BEGIN
        SELECT RAISE(ABORT, 'the audit log is append-only');
    END
    """
    for act in ("UPDATE", "DELETE")
)
_SQLITE_BACK = ("DROP TRIGGER audit_refuse_update", "DROP TRIGGER audit_refuse_delete")
_POSTGRES = (
    """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'integrity_constraint_violation';
    END $$
    """,
    """
    CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE ON kernel_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()
    """,
)
_POSTGRES_BACK = ("DROP TRIGGER audit_refuse ON kernel_auditentry", "DROP FUNCTION audit_refuse")


def forwards(apps, schema_editor):
    """Create the triggers of this database."""
    for statement in _POSTGRES if schema_editor.connection.vendor == "postgresql" else _SQLITE:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    """Drop them."""
    for statement in _POSTGRES_BACK if schema_editor.connection.vendor == "postgresql" else _SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
