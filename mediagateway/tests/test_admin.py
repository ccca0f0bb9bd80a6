"""The kernel's tables in Django's admin."""

import pytest
from django.contrib.auth import get_user_model

from mediagateway import audit
from mediagateway.models import AuditEntry, LimitOverride

pytestmark = pytest.mark.django_db
FORM = {"group": "search", "subject": "tier:premium", "per_minute": 9, "burst": 3}


@pytest.fixture
def staff(client):
    """A superuser, signed in."""
    client.force_login(get_user_model().objects.create_superuser("root@example.org"))
    return client


def test_overrides_come_and_go_on_the_record(staff):
    assert staff.post("/admin/kernel/limitoverride/add/", FORM).status_code == 302
    override = LimitOverride.objects.get()
    path = f"/admin/kernel/limitoverride/{override.pk}"
    assert staff.post(f"{path}/change/", {"per_minute": 8, "burst": 3}).status_code == 302
    override.refresh_from_db()
    assert override.per_minute == 8
    assert b"tier:premium" in staff.get("/admin/kernel/limitoverride/").content
    assert staff.post(f"{path}/delete/", {"post": "yes"}).status_code == 302

    assert not LimitOverride.objects.exists()
    actions = AuditEntry.objects.order_by("id").values_list("action", flat=True)
    assert list(actions) == ["kernel.limit_overridden", "kernel.limit_overridden", "kernel.limit_restored"]


@pytest.mark.parametrize("wrong", [{"group": "nothing"}, {"subject": "somebody"}, {"subject": "tier:gold"}])
def test_an_override_that_would_hold_for_nobody_is_refused(staff, wrong):
    assert staff.post("/admin/kernel/limitoverride/add/", FORM | wrong).status_code == 200
    assert not LimitOverride.objects.exists()


def test_the_audit_log_is_found_and_read_only(staff):
    entry = audit.record("test.thing_done", principal=None, target="thing:1")
    path = f"/admin/kernel/auditentry/{entry.id}"

    assert b"test.thing_done" in staff.get("/admin/kernel/auditentry/?q=thing:1").content
    assert b"thing:1" in staff.get(f"{path}/change/").content
    assert [staff.post(f"{path}/{act}/", {"post": "yes"}).status_code for act in ("change", "delete")] == [403, 403]
