"""What is kept of searches, and what an admin reads of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError
from django.utils import timezone
from prometheus_client import REGISTRY

from apps.content.tests.factories import TitleFactory
from apps.search import api as search_api
from apps.search.domain.query_log import normalise
from apps.search.http.views import titles
from apps.search.models import LoggedClick, LoggedQuery, QueryTally
from apps.search.services import documents
from apps.search.services import query_log as log
from apps.user.tests.factories import EVERY_SCOPE, bearer, make_account
from apps.user.tests.households import Api

pytestmark = pytest.mark.django_db


@pytest.fixture
def queries(monkeypatch):
    """A log that nobody else has written to."""
    fresh = log.QueryLog()
    monkeypatch.setattr(titles, "query_log", fresh)
    return fresh


@pytest.fixture
def star():
    title = TitleFactory.create(title="Star One", min_ages={"US": 0})
    documents.index_titles([title.id])
    return title


@pytest.fixture
def admin_api(client, api):
    return Api(client, bearer(make_account(), scopes=EVERY_SCOPE | {"admin:search"}))


def answer_analytics(api, *, is_granted):
    """Let a household say what it thinks of analytics."""
    body = {"text_version": "2026-11", "answers": {"analytics": is_granted}}
    assert api.put("user/consents", body).status_code == 200


def ask(client, query, **parameters):
    """Search, as anybody or by somebody's API, and give the answer's id."""
    path = "search" if isinstance(client, Api) else "/api/v1/search"
    response = (
        client.get(path, data={"q": query, **parameters})
        if isinstance(client, Api)
        else client.get(path, {"q": query, **parameters})
    )
    assert response.status_code == 200, response.content
    return UUID(response.json()["query_id"])


def click(client, query_id, title, position=1):
    body = {"query_id": str(query_id), "content_id": str(title.id), "position": position}
    response = (
        client.post("search/clicks", body)
        if isinstance(client, Api)
        else client.post("/api/v1/search/clicks", body, content_type="application/json")
    )
    assert response.status_code == 204, response.content


def test_a_search_is_logged_after_its_answer_and_not_before(client, queries, star):
    query_id = ask(client, "  STAR óne ", genres="drama")
    assert not LoggedQuery.objects.exists()

    queries.flush()

    row = LoggedQuery.objects.get()
    assert (row.id, row.text, row.filters, row.region, row.searcher) == (query_id, "star one", "genres", "US", "")
    assert (row.surface, row.page_offset, row.total) == ("titles", 0, 0)


def test_a_warm_search_runs_no_statement_for_its_log(client, queries, star, django_assert_num_queries):
    ask(client, "star")

    # The version of the index, and nothing else.
    with django_assert_num_queries(1):
        ask(client, "star")


def test_stories_and_further_pages_are_told_apart(client, queries, star):
    other = TitleFactory.create(title="Star Two", min_ages={"US": 0})
    documents.index_titles([other.id])
    first = client.get("/api/v1/search", {"q": "star", "limit": 1}).json()
    client.get("/api/v1/search", {"q": "star", "limit": 1, "cursor": first["next_cursor"]})
    client.post("/api/v1/search/semantic", {"query": "a star is born"}, content_type="application/json")

    queries.flush()

    rows = LoggedQuery.objects.values_list("surface", "page_offset").order_by("surface", "page_offset")
    assert list(rows) == [("stories", 0), ("titles", 0), ("titles", 1)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("The Matrix", "the matrix"),
        ("2001 a space odyssey", "2001 a space odyssey"),
        ("beverly hills 90210", "beverly hills 90210"),
        ("mail ann.smith+x@example.org about dune", "mail about dune"),
        ("call +44 20 7946 0958 now", "call now"),
        ("4111-1111-1111-1111", ""),
        ("😀", ""),
        ("@" * 500, ""),
        ("a" * 500, "a" * 500),
    ],
)
def test_addresses_and_long_numbers_are_not_kept(typed, kept):
    assert normalise(typed) == kept


@pytest.mark.parametrize(
    ("is_granted", "has_row", "has_searcher"),
    [(None, True, False), (True, True, True), (False, False, False)],
    ids=["not asked", "agreed", "refused"],
)
def test_a_person_is_logged_as_far_as_they_agreed(
    api, account, queries, star, is_granted, has_row, has_searcher, django_assert_max_num_queries
):
    if is_granted is not None:
        answer_analytics(api, is_granted=is_granted)
    query_id = ask(api, "star")
    ask(api, "nothing like it")
    click(api, query_id, star)

    with django_assert_max_num_queries(7):
        queries.flush()

    assert LoggedQuery.objects.count() == 2 * has_row
    assert LoggedClick.objects.count() == has_row
    assert all(bool(row.searcher) is has_searcher for row in LoggedQuery.objects.all())
    tally = QueryTally.objects.values_list("searches", "zero_results", "clicks").first()
    assert tally == (None if has_row else (2, 1, 1))


def test_a_child_is_counted_and_no_more(api, child_api, queries, star):
    answer_analytics(api, is_granted=True)

    click(child_api, ask(child_api, "star"), star)
    queries.flush()

    assert not LoggedQuery.objects.exists()
    assert not LoggedClick.objects.exists()
    assert QueryTally.objects.get().searches == QueryTally.objects.get().clicks == 1


def test_an_answer_that_is_taken_back_holds_from_then_on(api, queries, star):
    answer_analytics(api, is_granted=True)
    ask(api, "star")
    answer_analytics(api, is_granted=False)

    queries.flush()

    assert not LoggedQuery.objects.exists()


def test_nothing_of_a_row_names_anybody(api, account, queries, star):
    answer_analytics(api, is_granted=True)
    ask(api, "star")
    queries.flush()

    written = str(LoggedQuery.objects.values().get())

    for secret in (account.id, account.id.hex, account.profiles.get().id, account.email):
        assert str(secret) not in written


def test_days_cannot_be_joined_and_secrets_salt_them(account, settings):
    today, before = datetime(2026, 6, 2, tzinfo=UTC).date(), datetime(2026, 6, 1, tzinfo=UTC).date()

    hashes = {log.searcher_of(account.id, today), log.searcher_of(account.id, before)}
    settings.SECRET_KEY = "another"
    hashes.add(log.searcher_of(account.id, today))

    assert len(hashes) == 3


def test_a_click_counts_once_whoever_sends_it(client, queries, star):
    query_id = ask(client, "star")

    click(client, query_id, star, 3)
    click(client, query_id, star, 1)

    assert LoggedClick.objects.get().position == 3


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"position": 0}, "/position"),
        ({"position": "1"}, "/position"),
        ({"query_id": "x"}, "/query_id"),
        ({"user_id": str(uuid4())}, "/user_id"),
    ],
)
def test_bad_clicks_are_explained(client, change, pointer):
    body = {"query_id": str(uuid4()), "content_id": str(uuid4()), "position": 1} | change

    response = client.post("/api/v1/search/clicks", body, content_type="application/json")

    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_a_log_that_fails_fails_no_search(client, queries, star, monkeypatch):
    def refuse(batch):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(log, "write_searches", refuse)
    before = REGISTRY.get_sample_value("mg_search_log_entries_total", {"outcome": "failed"}) or 0

    ask(client, "star")
    queries.flush()

    assert REGISTRY.get_sample_value("mg_search_log_entries_total", {"outcome": "failed"}) == before + 1


def test_a_full_buffer_drops_what_comes(client, queries, star, monkeypatch):
    monkeypatch.setattr(log, "_CAPACITY", 1)

    ask(client, "star")
    ask(client, "star one")
    queries.flush()

    assert [row.text for row in LoggedQuery.objects.all()] == ["star"]


def test_without_a_log_everybody_is_counted(client, queries, star, settings):
    settings.QUERY_LOG_DAYS = 0

    click(client, ask(client, "star"), star)
    queries.flush()

    assert not LoggedQuery.objects.exists()
    assert QueryTally.objects.get().searches == QueryTally.objects.get().clicks == 1


def test_the_sweep_forgets_what_is_old_and_clicks_on_nothing(client, queries, star, settings):
    settings.QUERY_LOG_DAYS = 30
    old, new = ask(client, "star"), ask(client, "one")
    queries.flush()
    now = timezone.now()
    LoggedQuery.objects.filter(pk=old).update(asked_at=now - timedelta(days=31))
    for query_id, ago in ((old, timedelta(days=31)), (new, timedelta(hours=2)), (uuid4(), timedelta(hours=2))):
        LoggedClick.objects.create(query_id=query_id, content_id=star.id, position=1, clicked_at=now - ago)
    LoggedClick.objects.create(query_id=uuid4(), content_id=star.id, position=1, clicked_at=now)

    assert search_api.forget_old_queries(now=now) == 3

    assert LoggedQuery.objects.get().id == new
    # A click may come before its query.
    assert LoggedClick.objects.count() == 2


def test_a_household_takes_its_searches_along_and_away(api, account, queries, star, client):
    answer_analytics(api, is_granted=True)
    query_id = ask(api, "star")
    click(api, query_id, star)
    ask(client, "one")
    queries.flush()

    exported = search_api.export_account(account.id)["queries"]
    assert [(row["text"], row["total"]) for row in exported] == [("star", 1)]
    search_api.erase_account(account.id)

    assert search_api.export_account(account.id)["queries"] == []
    assert [row.text for row in LoggedQuery.objects.all()] == ["one"]
    assert not LoggedClick.objects.exists()


def make_searches(count, star):
    """Fill the log: text `i` is asked i+1 times, the last of them clicked, and odd ones find nothing."""
    now = timezone.now()
    for number in range(count):
        for _ in range(number % 5 + 1):
            row = LoggedQuery.objects.create(
                id=uuid4(),
                asked_at=now - timedelta(minutes=1),
                surface="titles",
                text=f"text {number:03}",
                region="US",
                page_offset=0,
                total=number % 2,
                is_relaxed=False,
                is_degraded=False,
                took_ms=number + 1,
                ranking_version=number % 2,
            )
        LoggedClick.objects.create(query_id=row.id, content_id=star.id, position=number + 1, clicked_at=now)


def test_the_report_counts(admin_api, star):
    make_searches(3, star)
    QueryTally.objects.create(day=timezone.now().date(), searches=5, zero_results=2, clicks=1)

    report = admin_api.get("admin/search/analytics").json()

    totals = report["totals"]
    assert (totals["searches"], totals["zero_results"], totals["clicked"]) == (6, 4, 3)
    assert (totals["zero_result_ratio"], totals["click_through_ratio"]) == (0.6667, 0.5)
    assert (totals["mean_click_position"], totals["p50_ms"], totals["p95_ms"]) == (2.0, 2.0, 3.0)
    assert (totals["unlogged_searches"], totals["unlogged_zero_results"], totals["unlogged_clicks"]) == (5, 2, 1)
    assert report["top_queries"][0] == {
        "text": "text 002",
        "searches": 3,
        "zero_results": 3,
        "clicked": 1,
        "click_through_ratio": 0.3333,
    }
    assert [(row["text"], row["searches"]) for row in report["zero_result_queries"]] == [
        ("text 002", 3),
        ("text 000", 1),
    ]
    assert report["rankings"] == [
        {"ranking_version": 0, "variant": "", "searches": 4, "clicked": 2, "click_through_ratio": 0.5},
        {"ranking_version": 1, "variant": "", "searches": 2, "clicked": 1, "click_through_ratio": 0.5},
    ]


def test_two_clicks_of_a_search_are_one_clicked_search(admin_api, star):
    make_searches(1, star)
    LoggedClick.objects.create(
        query_id=LoggedQuery.objects.get().id, content_id=uuid4(), position=2, clicked_at=timezone.now()
    )

    assert admin_api.get("admin/search/analytics").json()["totals"]["click_through_ratio"] == 1.0


@pytest.mark.parametrize("count", [3, 30])
def test_a_report_costs_the_same_whatever_was_asked(admin_api, star, count, django_assert_num_queries):
    make_searches(count, star)

    with django_assert_num_queries(8):
        body = admin_api.get("admin/search/analytics?period=30d&limit=100").json()

    assert len(body["top_queries"]) == count


def test_an_empty_log_has_a_report(admin_api):
    totals = admin_api.get("admin/search/analytics?period=1h").json()["totals"]

    assert (totals["searches"], totals["click_through_ratio"], totals["p95_ms"]) == (0, 0.0, None)
