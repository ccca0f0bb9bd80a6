"""The OpenAPI document: valid, complete and of one form in every group."""

import json

import pytest
import yaml
from django.conf import settings as django_settings
from django.urls import clear_url_caches
from drf_spectacular.drainage import GENERATOR_STATS
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from rest_framework import serializers

from mediagateway.http import pages
from mediagateway.http.schema import complete_operations, page_of, problems

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(params=list(django_settings.PORTS))
def document(request, client, settings):
    """The document of one group, as its clients get it."""
    settings.ROOT_URLCONF = f"mediagateway.urls.{request.param}"
    clear_url_caches()
    pages._openapi_json.cache_clear()
    GENERATOR_STATS.reset()
    yield client.get("/api-docs/openapi.json").json()
    pages._openapi_json.cache_clear()


def operations_of(document):
    return [
        operation
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method in METHODS
    ]


def test_document_is_valid_and_made_without_a_warning(document):
    validate(document)

    assert document["openapi"] == "3.1.1"
    assert not GENERATOR_STATS


def test_every_operation_is_complete(document):
    tags = {tag["name"] for tag in document["tags"]}
    for operation in operations_of(document):
        assert operation["tags"][0] in tags
        assert operation["operationId"].startswith(f"{operation['tags'][0]}_")
        assert {"400", "406", "500"} <= operation["responses"].keys()
        assert ("413" in operation["responses"]) == ("requestBody" in operation)
        assert all("X-Request-ID" in response["headers"] for response in operation["responses"].values())
        for status, response in operation["responses"].items():
            if status >= "400" and status != "503":
                assert "application/problem+json" in response["content"], operation["operationId"]


def test_every_example_keeps_to_its_schema(client):
    """Of requests and answers alike; what examples do when they are sent, deploy/tests/test_contract.py shows."""
    pages._openapi_json.cache_clear()
    # References within the document become references to it, so that a part of it can be used alone.
    text = client.get("/api-docs/openapi.json").content.decode()
    document = json.loads(text.replace('"#/components/', '"urn:api#/components/'))
    registry = Registry().with_resource("urn:api", DRAFT202012.create_resource(document))
    broken, seen = [], 0
    for operation in operations_of(document):
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media in body.get("content", {}).values():
                validator = Draft202012Validator(media["schema"], registry=registry)
                for name, example in media.get("examples", {}).items():
                    seen += 1
                    broken += [
                        f"{operation['operationId']}, {name}: {error.message}"
                        for error in validator.iter_errors(example["value"])
                    ]

    assert seen > 10
    assert broken == []


def test_yaml_says_the_same(client):
    pages._openapi_json.cache_clear()

    assert yaml.safe_load(client.get("/api-docs/openapi.yaml").content) == client.get("/api-docs/openapi.json").json()


def test_document_is_revalidated_and_not_sent_again(client):
    first = client.get("/api-docs/openapi.json")

    again = client.get("/api-docs/openapi.json", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


@pytest.mark.parametrize(
    "operation_id", ["search", "search_list", "Search_titles_list", "searchTitlesList", "search__x"]
)
def test_another_form_of_operation_id_is_an_error(operation_id, capsys):
    GENERATOR_STATS.reset()

    complete_operations({"paths": {"/x": {"get": {"operationId": operation_id, "responses": {}}}}})

    assert operation_id in capsys.readouterr().err
    assert GENERATOR_STATS
    GENERATOR_STATS.reset()


def test_a_page_is_named_after_its_items():
    class ThingSerializer(serializers.Serializer[object]):
        name = serializers.CharField()

    page = page_of(ThingSerializer)

    assert page.__name__ == "ThingPage"
    assert page is page_of(ThingSerializer)
    assert list(page().fields) == ["items", "next_cursor", "has_more"]


def test_problems_are_keyed_by_status_and_media_type():
    assert list(problems(404, 409)) == [(404, "application/problem+json"), (409, "application/problem+json")]
