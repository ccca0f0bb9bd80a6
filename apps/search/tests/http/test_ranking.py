"""What orders results is versioned, can be rolled back and tried on a part of the traffic."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from apps.content.tests.factories import TitleFactory
from apps.search import api as search_api
from apps.search.adapters import rankings as adapter
from apps.search.domain.weights import DEFAULT_WEIGHTS
from apps.search.http.views import titles
from apps.search.models import LoggedQuery, RankingVariant
from apps.search.services import documents
from apps.search.services.query_log import QueryLog
from apps.user.tests.factories import EVERY_SCOPE, bearer, make_account
from apps.user.tests.households import Api
from mediagateway.models import AuditEntry
from mediagateway.policy import Policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, api):
    return Api(client, bearer(make_account(), scopes=EVERY_SCOPE | {"admin:search"}))


@pytest.fixture
def stars():
    """Two titles that only popularity tells apart, and that the longer word tells apart without it."""
    known = TitleFactory.create(title="Star Wanderer", popularity=1.0)
    other = TitleFactory.create(title="Star Of", popularity=0.0)
    documents.index_titles([known.id, other.id])
    return str(known.id), str(other.id)


def set_ranking(admin, headers=(), **weights):
    response = admin.put("admin/search/ranking", {"weights": weights, "description": "a trial"}, headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def set_variant(admin, name="bold", status=201, **members):
    body = {"weights": {}, "traffic_percentage": 100} | members
    response = admin.put(f"admin/search/ranking/variants/{name}", body)
    assert response.status_code == status, response.content
    return response.json()


def order(client, query="star", **parameters):
    response = client.get("/api/v1/search", {"q": query, **parameters})
    assert response.status_code == 200, response.content
    return [item["id"] for item in response.json()["items"]]


def test_without_a_change_the_weights_in_code_hold(admin):
    response = admin.get("admin/search/ranking")

    body = response.json()
    assert body["ranking"]["version"] == 0
    assert body["ranking"]["weights"] == asdict(DEFAULT_WEIGHTS)
    assert body["variants"] == []
    assert response["ETag"] == '"0"'


def test_the_next_search_is_ordered_by_new_weights_and_a_rollback_undoes_it(client, admin, stars):
    known, other = stars
    assert order(client) == [known, other]

    assert set_ranking(admin, popularity=0.0, namesake=0.0)["version"] == 1
    assert order(client) == [other, known]

    assert admin.post("admin/search/ranking/history/0/activate").json()["version"] == 0
    assert order(client) == [known, other]
    assert admin.post("admin/search/ranking/history/1/activate").json()["weights"]["popularity"] == 0.0
    assert order(client) == [other, known]


def test_other_apps_searches_follow_too(admin, stars):
    known, other = stars
    set_ranking(admin, popularity=0.0, namesake=0.0)

    answer = search_api.search(
        search_api.SearchRequest("star"), policy=Policy(region="US"), now=datetime(2026, 6, 1, tzinfo=UTC)
    )

    assert [str(hit.title.id) for hit in answer.hits] == [other, known]


def test_a_warm_search_pays_nothing_for_the_ranking(client, admin, stars, django_assert_num_queries):
    set_ranking(admin, popularity=0.1)
    order(client)

    with django_assert_num_queries(1):
        order(client)


def test_a_process_follows_what_another_one_wrote(admin, stars):
    """The store of another process knows nothing of this one but the database."""
    elsewhere = adapter.RankingStore()
    assert elsewhere.at(adapter.get_standing().generation).active.version == 0

    set_ranking(admin, popularity=0.1)

    assert elsewhere.at(adapter.get_standing().generation).active.version == 1


def test_a_cursor_of_another_ranking_has_expired(client, admin, stars):
    first = client.get("/api/v1/search", {"q": "star", "limit": 1}).json()
    set_ranking(admin, popularity=0.0)

    response = client.get("/api/v1/search", {"q": "star", "limit": 1, "cursor": first["next_cursor"]})

    assert response.json()["code"] == "cursor_expired"
    fresh = client.get("/api/v1/search", {"q": "star", "limit": 1}).json()
    assert order(client, limit=1, cursor=fresh["next_cursor"])


def test_history_keeps_every_version(admin):
    for popularity in (0.1, 0.2, 0.3):
        set_ranking(admin, popularity=popularity)

    first = admin.get("admin/search/ranking/history?limit=2").json()
    rest = admin.get(f"admin/search/ranking/history?limit=2&cursor={first['next_cursor']}").json()

    assert [row["version"] for row in first["items"] + rest["items"]] == [3, 2, 1, 0]
    assert rest["has_more"] is False
    assert admin.get("admin/search/ranking/history/2").json()["weights"]["popularity"] == 0.2
    assert admin.get("admin/search/ranking/history/9").status_code == 404
    assert admin.post("admin/search/ranking/history/9/activate").status_code == 404


def test_of_two_admins_the_second_is_told(admin):
    etag = admin.get("admin/search/ranking")["ETag"]
    set_ranking(admin, headers={"If-Match": etag}, popularity=0.1)

    response = admin.put("admin/search/ranking", {"weights": {}, "description": "too late"}, headers={"If-Match": etag})

    assert response.status_code == 412
    assert admin.get("admin/search/ranking").json()["ranking"]["version"] == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"weights": {"popularity": -0.1}, "description": "x"}, "/weights/popularity"),
        ({"weights": {"popularity": 10.1}, "description": "x"}, "/weights/popularity"),
        ({"weights": {"popularity": "1"}, "description": "x"}, "/weights/popularity"),
        ({"weights": {"popularity": True}, "description": "x"}, "/weights/popularity"),
        ({"weights": {"gate": 1.1}, "description": "x"}, "/weights/gate"),
        ({"weights": {"exact": 0.5}, "description": "x"}, "/weights/exact"),
        ({"weights": {"floor": 0.9, "floor_named": 0.2}, "description": "x"}, "/weights/floor_named"),
        ({"weights": {"luck": 1.0}, "description": "x"}, "/weights/luck"),
        ({"weights": {}}, "/description"),
        ({"description": "x"}, "/weights"),
    ],
)
def test_weights_out_of_range_are_refused(admin, body, pointer):
    response = admin.put("admin/search/ranking", body)

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_every_change_is_on_the_record(admin):
    set_ranking(admin, popularity=0.1)
    admin.post("admin/search/ranking/history/0/activate")
    set_variant(admin, traffic_percentage=5)
    admin.delete("admin/search/ranking/variants/bold")

    entries = AuditEntry.objects.filter(action__startswith="search.").order_by("id")
    assert [(entry.action, entry.target) for entry in entries] == [
        ("search.ranking_set", "ranking:1"),
        ("search.ranking_activated", "ranking:0"),
        ("search.ranking_variant_set", "ranking-variant:bold"),
        ("search.ranking_variant_deleted", "ranking-variant:bold"),
    ]
    assert '"popularity":0.1' in entries[0].details


def test_a_variant_orders_for_its_share_and_is_logged(client, admin, stars, monkeypatch):
    known, other = stars
    log = QueryLog()
    monkeypatch.setattr(titles, "query_log", log)
    set_variant(admin, weights={"popularity": 0.0, "namesake": 0.0})
    assert order(client) == [other, known]

    set_variant(admin, status=200, weights={"popularity": 0.0, "namesake": 0.0}, is_active=False)
    assert order(client) == [known, other]

    log.flush()
    logged = LoggedQuery.objects.order_by("asked_at").values_list("ranking_version", "variant")
    assert list(logged) == [(0, "bold.1"), (0, "")]


def test_half_of_the_callers_get_half_of_the_traffic(client, admin, stars):
    """The variant of an address is the same again, and both orders are seen."""
    _, other = stars
    set_variant(admin, weights={"popularity": 0.0, "namesake": 0.0}, traffic_percentage=50)

    def first_of(number):
        return client.get("/api/v1/search", {"q": "star"}, REMOTE_ADDR=f"192.0.2.{number}").json()["items"][0]["id"]

    seen = [first_of(number) for number in range(1, 41)]
    again = [first_of(number) for number in range(1, 41)]

    assert again == seen
    assert 8 <= seen.count(other) <= 32


def test_shares_of_variants_add_up_to_no_more_than_everybody(admin):
    set_variant(admin, "a", traffic_percentage=60)
    set_variant(admin, "b", traffic_percentage=40)
    set_variant(admin, "c", traffic_percentage=1, is_active=False)
    response = admin.put("admin/search/ranking/variants/c", {"weights": {}, "traffic_percentage": 1})

    assert response.status_code == 409
    assert response.json()["code"] == "ranking_traffic_taken"
    before = RankingVariant.objects.get(pk="b").slots
    set_variant(admin, "a", status=200, traffic_percentage=10)
    set_variant(admin, "c", status=200, traffic_percentage=30)
    assert RankingVariant.objects.get(pk="b").slots == before


def test_a_revision_moves_with_the_weights_only(admin):
    assert set_variant(admin, traffic_percentage=5)["revision"] == 1
    assert set_variant(admin, status=200, traffic_percentage=9)["revision"] == 1
    assert set_variant(admin, status=200, traffic_percentage=9, weights={"meaning": 2.0})["revision"] == 2
    assert admin.get("admin/search/ranking/variants/bold").json()["weights"]["meaning"] == 2.0


@pytest.mark.parametrize("name", ["Bold", "b" * 31, "b.c", "-b"])
def test_a_name_that_the_log_cannot_hold_is_none(admin, name):
    body = {"weights": {}, "traffic_percentage": 1}

    assert admin.put(f"admin/search/ranking/variants/{name}", body).status_code == 404


def test_there_are_only_so_many_variants(admin, monkeypatch):
    monkeypatch.setattr("apps.search.services.rankings.MAX_VARIANTS", 1)
    set_variant(admin, "a", traffic_percentage=1)

    response = admin.put("admin/search/ranking/variants/b", {"weights": {}, "traffic_percentage": 1})

    assert response.json()["code"] == "too_many_variants"
    assert admin.delete("admin/search/ranking/variants/b").status_code == 404


@pytest.mark.parametrize("rows", [3, 30])
def test_lists_cost_the_same_whatever_their_length(admin, rows, django_assert_num_queries):
    for number in range(rows):
        set_ranking(admin, popularity=number / 100)
        set_variant(admin, f"v{number:02}", traffic_percentage=1)

    for path, count in (("ranking/history", rows + 1), ("ranking/variants", rows)):
        with django_assert_num_queries(1):
            assert len(admin.get(f"admin/search/{path}?limit=100").json()["items"]) == count
    with django_assert_num_queries(3):
        assert len(admin.get("admin/search/ranking").json()["variants"]) == rows


def test_a_version_that_no_database_holds_is_not_found(admin):
    assert admin.get(f"admin/search/ranking/history/{10**30}").status_code == 404
