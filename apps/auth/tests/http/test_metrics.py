"""Sign-ins are counted by how they end."""

import pytest
from prometheus_client import REGISTRY

from apps.auth.metrics import SignIn
from apps.auth.tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


def counts() -> dict[str, float]:
    return {
        outcome.value: REGISTRY.get_sample_value("mg_auth_sign_ins_total", {"outcome": outcome.value}) or 0.0
        for outcome in SignIn
    }


@pytest.mark.parametrize(("password", "outcome"), [(PASSWORD, SignIn.OPENED), ("not the one", SignIn.REFUSED)])
def test_each_attempt_is_counted_once(account, api, password, outcome):
    before = counts()

    api.post("login", {"email": account.email, "password": password})

    grown = {name: count - before[name] for name, count in counts().items() if count != before[name]}
    assert grown == {outcome.value: 1.0}
