"""Experiments: admins steer them, people are shown variants and convert."""

from uuid import uuid4

import pytest

from apps.sona.models import Conversion, Exposure
from apps.sona.tests.factories import make_titles
from apps.user.tests.factories import EVERY_SCOPE, bearer, make_account
from apps.user.tests.households import Api

BODY = {
    "name": "diverse",
    "variants": [{"name": "control"}, {"name": "diverse", "diversity": 0.9, "multipliers": {"trend": 2}}],
}


@pytest.fixture
def admin_api(client, api):
    """The API, asked by an admin."""
    return Api(client, bearer(make_account(), scopes=EVERY_SCOPE | {"admin:experiments"}))


@pytest.fixture
def running(admin_api):
    """A running experiment's address."""
    address = f"sona/experiments/{admin_api.post('sona/experiments', BODY).json()['id']}"
    assert admin_api.patch(address, {"status": "running"}).status_code == 200
    return address


def test_an_experiment_is_made_as_a_draft_and_steered(admin_api):
    """Draft, running, completed; after that nothing changes."""
    made = admin_api.post("sona/experiments", BODY)
    address = f"sona/experiments/{made.json()['id']}"

    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert admin_api.post("sona/experiments", BODY).status_code == 409
    assert admin_api.patch(address, {"status": "paused"}).status_code == 409
    assert admin_api.patch(address, {"status": "running"}).json()["started_at"]
    assert admin_api.patch(address, {"status": "completed"}).json()["ended_at"]
    assert admin_api.patch(address, {"traffic_ratio": 0.5}).status_code == 409
    assert admin_api.get(address).json()["variants"][1]["diversity"] == 0.9
    assert [each["name"] for each in admin_api.get("sona/experiments").json()["items"]] == ["diverse"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"variants": [{"name": "one"}]},
        {"variants": [{"name": "one"}, {"name": "one"}]},
        {"variants": [{"name": "one"}, {"name": "two", "multipliers": {"magic": 1}}]},
        {"traffic_ratio": 0},
    ],
    ids=["single", "twice", "part", "traffic"],
)
def test_an_experiment_that_cannot_be_is_refused(wrong, admin_api):
    """400 with a pointer."""
    assert admin_api.post("sona/experiments", BODY | wrong).status_code == 400


def test_only_admins_see_experiments(api):
    """403 for everybody else."""
    assert api.get("sona/experiments").status_code == 403
    assert api.post("sona/experiments", BODY).status_code == 403
    assert api.get(f"sona/experiments/{uuid4()}/metrics").status_code == 403


def test_a_person_is_exposed_once_and_keeps_the_variant(api, account, running):
    """However often they ask."""
    make_titles(("war",), ("drama",))

    first, second = (api.post("sona/recommendations", {}).json()["experiment"] for _ in range(2))

    assert first == second
    assert first["variant"] in {"control", "diverse"}
    assert Exposure.objects.filter(profile__account=account).count() == 1


def test_only_the_exposed_convert_and_once(api, stranger_api, running, admin_api):
    """Who was shown nothing is not enrolled by converting; a second conversion changes nothing."""
    make_titles(("war",))
    body = {"experiment_id": running.rsplit("/", 1)[1], "metric": "watch_completion", "value": 0.8}
    variant = api.post("sona/recommendations", {}).json()["experiment"]["variant"]

    answers = [api.post("sona/experiments/conversions", body).status_code for _ in range(2)]
    refused = stranger_api.post("sona/experiments/conversions", body)
    unknown = api.post("sona/experiments/conversions", body | {"experiment_id": str(uuid4())})

    assert answers == [201, 201]
    assert (refused.status_code, refused.json()["code"]) == (409, "not_exposed")
    assert unknown.status_code == 404
    assert Conversion.objects.count() == 1
    metrics = admin_api.get(f"{running}/metrics").json()
    outcome = next(each for each in metrics["metrics"][0]["variants"] if each["variant"] == variant)
    assert (outcome["exposures"], outcome["conversions"], outcome["rate"], outcome["mean_value"]) == (1, 1, 1.0, 0.8)
    assert outcome["interval"]["low"] == pytest.approx(0.2065, abs=1e-3)
    assert metrics["is_ratio_plausible"] is True


def test_a_draft_shapes_nothing(api, admin_api):
    """Only what runs is shown."""
    make_titles(("war",))
    admin_api.post("sona/experiments", BODY)

    assert api.post("sona/recommendations", {}).json()["experiment"] is None
