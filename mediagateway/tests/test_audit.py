"""The audit log: one unbroken chain, which nobody changes without being found."""

import threading
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mediagateway import audit
from mediagateway.models import AppendOnlyError, AuditEntry, AuditHead
from mediagateway.principal import Principal

pytestmark = pytest.mark.django_db

ADA = Principal(account_id=uuid4(), scopes=frozenset(), token_id="token-1", client_id="app", actor_id=uuid4())
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
#: Field -> another value than any that `record` writes.
CHANGES = {
    "created_at": "2001-01-01T00:00:00Z",
    "action": "forged",
    "account_id": uuid4(),
    "actor_id": uuid4(),
    "client_id": "forged",
    "token_id": "forged",
    "target": "forged",
    "details": '{"forged":true}',
    "request_id": "forged",
    "previous_hash": "f" * 64,
    "hash": "f" * 64,
}


@pytest.fixture
def unguarded():
    """What somebody can do who has the database's own rights: the triggers are gone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER audit_refuse ON kernel_auditentry")
        else:
            cursor.execute("DROP TRIGGER audit_refuse_update")
            cursor.execute("DROP TRIGGER audit_refuse_delete")


def forge(entry_id, **values):
    """Change an entry past `AppendOnlyQuerySet`."""
    super(type(AuditEntry.objects.all()), AuditEntry.objects.filter(id=entry_id)).update(**values)


def test_an_entry_says_who_did_what_to_what():
    entry = audit.record("user.pin_changed", principal=ADA, target="account:1", details={"attempts": 2})

    stored = AuditEntry.objects.get()
    assert (stored.id, stored.previous_hash, stored.hash) == (1, audit.GENESIS, entry.hash)
    assert (stored.account_id, stored.actor_id, stored.token_id) == (ADA.account_id, ADA.actor_id, "token-1")
    assert (stored.action, stored.target, stored.details) == ("user.pin_changed", "account:1", '{"attempts":2}')


def test_an_entry_goes_with_its_transaction():
    audit.record("test.first", principal=None)
    with transaction.atomic():
        audit.record("test.undone", principal=None)
        transaction.set_rollback(True)
    audit.record("test.second", principal=None)

    assert list(AuditEntry.objects.order_by("id").values_list("id", "action")) == [
        (1, "test.first"),
        (2, "test.second"),
    ]
    assert audit.verify().faults == ()


def test_details_that_are_not_json_are_refused():
    with pytest.raises(TypeError):
        audit.record("test.done", principal=None, details={"what": object()})

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("act", ["UPDATE kernel_auditentry SET action = 'x'", "DELETE FROM kernel_auditentry"])
def test_the_database_refuses_changes(act):
    audit.record("test.done", principal=None)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)

    assert AuditEntry.objects.get().action == "test.done"


@pytest.mark.parametrize(
    "act",
    [
        lambda entry: entry.save(),
        lambda entry: entry.delete(),
        lambda entry: AuditEntry.objects.update(action="x"),
        lambda entry: AuditEntry.objects.all().delete(),
        lambda entry: AuditEntry.objects.bulk_update([entry], ["action"]),
        lambda entry: AuditEntry.objects.bulk_create([entry]),
    ],
    ids=["save", "delete", "update", "delete-all", "bulk-update", "bulk-create"],
)
def test_the_orm_refuses_changes(act):
    entry = audit.record("test.done", principal=None)

    with pytest.raises(AppendOnlyError):
        act(entry)


@given(acts=st.lists(st.tuples(TEXT, st.dictionaries(TEXT, JSON, max_size=3)), min_size=1, max_size=6), data=st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_change_of_any_entry_is_found(unguarded, acts, data):
    """Whatever is written verifies; one field of one entry changed, one entry removed or two swapped does not."""
    with transaction.atomic():
        for action, details in acts:
            audit.record(action, principal=ADA, target=action, details=details)
        assert audit.verify() == audit.Verification(len(acts), AuditHead.objects.get().last_hash, ())
        victim = data.draw(st.integers(1, len(acts)))
        field = data.draw(st.sampled_from([*sorted(CHANGES), "removed"]))
        if field == "removed":
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM kernel_auditentry WHERE id = %s", [victim])
        else:
            forge(victim, **{field: CHANGES[field]})

        assert audit.verify().faults
        transaction.set_rollback(True)


def test_an_entry_rehashed_after_a_change_breaks_the_one_behind_it(unguarded):
    for number in range(3):
        audit.record(f"test.{number}", principal=None)
    changed = AuditEntry.objects.get(id=2)
    changed.action = "forged"
    forge(2, action="forged", hash=audit.compute_hash(changed))

    assert audit.verify().faults == ("Entry 3 does not continue the entry before it.",)


def test_a_chain_cut_off_with_its_head_is_found_by_a_hash_kept_outside(unguarded):
    for number in range(3):
        audit.record(f"test.{number}", principal=None)
    kept = audit.verify().last_hash
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_auditentry WHERE id = 3")
    AuditHead.objects.update(last_id=2, last_hash=AuditEntry.objects.get(id=2).hash)

    assert audit.verify().faults == ()
    assert audit.verify(anchor=kept).faults == ("The hash that was kept outside is not in the chain.",)


def test_the_command_tells_and_fails(unguarded):
    audit.record("test.done", principal=None)
    out = StringIO()
    call_command("verify_audit_log", stdout=out)
    forge(1, action="forged")

    assert out.getvalue().startswith("1 entries, unbroken")
    with pytest.raises(CommandError, match="Entry 1 was changed"):
        call_command("verify_audit_log")


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_parallel_appends_make_one_chain():
    """On SQLite the one write lock of the database does this, which an in-memory one of the tests has not."""

    def append():
        try:
            for number in range(10):
                audit.record("test.raced", principal=None, details={"number": number})
        finally:
            connections.close_all()

    threads = [threading.Thread(target=append) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    found = audit.verify()
    assert (found.entries, found.faults) == (80, ())
