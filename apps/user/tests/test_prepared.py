"""Queries that are compiled once give what the ORM gives, in one statement; what cannot be kept is refused."""

from datetime import UTC, datetime, timedelta
from threading import Thread
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import Count

from apps.user.models import Account, Preference, Profile
from mediagateway.ownership import owned
from mediagateway.prepared import prepared

pytestmark = pytest.mark.django_db


class Someone:
    """A holder."""

    def __init__(self, profile):
        self.account_id, self.profile_id = profile.account_id, profile.id


@pytest.fixture
def household():
    account = Account.objects.create(email="someone@example.com", password="!")
    return [Profile.objects.create(account=account, name=name, is_owner=name == "A") for name in "ABC"]


def named(name):
    return Profile.objects.select_related("account").filter(name=name)


def test_models_come_as_the_orm_makes_them(household, django_assert_num_queries):
    profiles = prepared(named)
    profiles("nobody")
    with django_assert_num_queries(1):
        (found,) = profiles("B")
        assert found.account.email == "someone@example.com"
    assert found == household[1]
    assert found.__dict__.keys() == named("B").get().__dict__.keys()
    found.name = "Bea"
    found.save()
    assert [each.name for each in profiles("Bea")] == ["Bea"]
    assert profiles("B") == []


def test_values_come_converted(household):
    columns = ("id", "account_id", "name", "is_owner", "created_at")
    build = lambda account_id: Profile.objects.filter(account_id=account_id).order_by("name").values_list(*columns)  # noqa: E731
    assert prepared(build)(household[0].account_id) == list(build(household[0].account_id))
    later = Profile.objects.order_by("name").values_list("id", flat=True)
    flat = prepared(lambda since: later.filter(created_at__gt=since))
    assert flat(datetime.now(UTC) - timedelta(hours=1)) == [each.id for each in household]
    assert flat(datetime.now(UTC) + timedelta(hours=1)) == []


def test_a_holder_is_found_by_what_the_model_says(household):
    Preference.objects.create(profile=household[0], key="language", value="fi", stamp="1")
    Preference.objects.create(profile=household[1], key="language", value="sv", stamp="1")
    preferences = prepared(lambda holder: owned(Preference, holder).values_list("key", "value"))
    assert [preferences(Someone(each)) for each in household] == [[("language", "fi")], [("language", "sv")], []]


@pytest.mark.parametrize("kind", [tuple, list, set, frozenset])
def test_collections_of_any_length(household, kind):
    names = Profile.objects.values_list("name", flat=True)
    chosen = prepared(lambda ids, name: names.filter(id__in=ids).exclude(name=name))
    for count in range(4):
        assert sorted(chosen(kind(each.id for each in household[:count]), "B")) == sorted({*"ABC"[:count]} - {"B"})
    assert chosen([uuid4()], "B") == []


def test_threads_share_nothing(household, django_db_blocker):
    profiles = prepared(named)
    profiles("A")
    compiled = []

    def look():
        compiled.append(hasattr(profiles._local, "compiled"))

    thread = Thread(target=look)
    thread.start()
    thread.join()
    assert compiled == [False]


def test_locks_need_a_transaction_each_time(household):
    locked = prepared(lambda account_id: Account.objects.select_for_update().filter(id=account_id))
    account_id = household[0].account_id
    with transaction.atomic():
        assert [each.id for each in locked(account_id)] == [account_id]


@pytest.mark.django_db(transaction=True)
def test_locks_outside_a_transaction_are_refused():
    locked = prepared(lambda account_id: Account.objects.select_for_update().filter(id=account_id))
    with transaction.atomic():
        locked(uuid4())
    assert not connection.in_atomic_block
    with pytest.raises(transaction.TransactionManagementError):
        locked(uuid4())


@pytest.mark.parametrize(
    ("build", "args"),
    [
        (lambda name: Profile.objects.filter(name=name.upper()), ("a",)),
        (lambda name, other: Profile.objects.filter(name=name), ("a", "b")),
        (lambda wanted: Profile.objects.filter(is_owner=wanted), (True,)),
        (lambda name: Profile.objects.filter(name=name).annotate(many=Count("id")), ("a",)),
        (lambda name: Profile.objects.filter(name=name).values("id"), ("a",)),
    ],
)
def test_what_cannot_be_kept_is_refused(build, args):
    with pytest.raises(ImproperlyConfigured):
        prepared(build)(*args)
