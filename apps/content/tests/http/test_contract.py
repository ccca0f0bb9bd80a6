"""What the endpoints answer is what the OpenAPI document says."""

from functools import cache

import pytest
from drf_spectacular.generators import SchemaGenerator
from openapi_schema_validator import OAS31Validator

from apps.content.http.urls import urlpatterns
from apps.content.tests.http.test_budgets import EPISODE, PERSON, SERIES, fill

pytestmark = pytest.mark.django_db

PATHS = {
    "/api/v1/status": "status",
    "/api/v1/content": "content",
    "/api/v1/content/new": "content/new",
    "/api/v1/content/expiring": "content/expiring",
    "/api/v1/content/{title_id}": f"content/{SERIES}?include=credits,images,availability,seasons",
    "/api/v1/content/{title_id}/availability": f"content/{EPISODE}/availability?as_of=2026-06-01",
    "/api/v1/content/{title_id}/credits": f"content/{SERIES}/credits",
    "/api/v1/content/{title_id}/seasons": f"content/{SERIES}/seasons",
    "/api/v1/content/{title_id}/seasons/{number}": f"content/{SERIES}/seasons/1",
    "/api/v1/content/{title_id}/seasons/{number}/episodes": f"content/{SERIES}/seasons/1/episodes",
    "/api/v1/movies/popular": "movies/popular",
    "/api/v1/tv/popular": "tv/popular",
    "/api/v1/genres": "genres",
    "/api/v1/platforms": "platforms",
    "/api/v1/platforms/{slug}": "platforms/netflix",
    "/api/v1/platforms/{slug}/catalog": "platforms/netflix/catalog",
    "/api/v1/people/{person_id}": f"people/{PERSON}",
}


@cache
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def check(body, operation):
    """Validate against the schema of the operation's 200."""
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    OAS31Validator({**schema, "components": document()["components"]}).validate(body)


def test_every_endpoint_is_checked_below():
    """A new endpoint has to be added here; the batch, which is posted, has a test of its own."""
    assert len(urlpatterns) == len(PATHS) + 1
    assert set(PATHS) <= document()["paths"].keys()


@pytest.mark.parametrize("path", PATHS)
def test_answers_fit_the_document(api, path):
    """Names, types, nulls and closed sets."""
    fill(3)

    response = api.get(PATHS[path])

    assert response.status_code == 200
    check(response.json(), document()["paths"][path]["get"])


def test_a_batch_fits_the_document(api):
    """The only POST."""
    fill(3)

    body = api.post("content/batch", {"ids": [str(SERIES), str(EPISODE), str(PERSON)]}).json()

    check(body, document()["paths"]["/api/v1/content/batch"]["post"])


@pytest.mark.parametrize("path", PATHS)
def test_examples_fit_the_document(path):
    """An example that does not validate teaches the wrong thing."""
    content = document()["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    for example in content.get("examples", {}).values():
        check(example["value"], document()["paths"][path]["get"])
