"""The document's examples are executed: every request succeeds, every answer, real or written, has its schema."""

from functools import cache

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from apps.auth.tests.factories import make_signing_key
from apps.auth.tests.household import Household
from apps.search.services import documents
from mediagateway.principal import Role
from mediagateway.testing.matrix import collect_examples

pytestmark = pytest.mark.django_db
EXAMPLES = collect_examples()


@cache
def document():
    """The OpenAPI document, as a client gets it."""
    return SchemaGenerator().get_schema(request=None, public=True)


def operations():
    """Every operation of search: its id, path, method and what the document says."""
    return [
        (operation["operationId"], path, method, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if operation.get("tags") == ["search"]
    ]


def validator(schema):
    """Check values against a schema whose references lead into the document."""
    return Draft202012Validator({**schema, "components": document()["components"]})


@pytest.mark.once
def test_every_example_of_an_answer_has_its_schema():
    seen = 0
    for name, _, _, operation in operations():
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                for example in content.get("examples", {}).values():
                    validator(content["schema"]).validate(example["value"])
                    seen += name.startswith("search_")
    assert seen > 10


@pytest.mark.once
def test_every_operation_that_takes_a_body_shows_one():
    without = [
        name
        for name, _, _, operation in operations()
        if "requestBody" in operation and not operation["requestBody"]["content"]["application/json"].get("examples")
    ]

    assert without == []


@pytest.mark.parametrize("name", [name for name in EXAMPLES if name.startswith("search_")])
def test_examples_are_executed(client, name):
    """With the bodies that the document shows; where it shows none, as the access matrix asks."""
    ((_, path, method, operation),) = [each for each in operations() if each[0] == name]
    make_signing_key()
    home, asked = Household(client, role=Role.ADMIN), EXAMPLES[name]
    documents.index_titles([home.title])
    if asked.given:
        asked.given(home)
    values, body = (each(home) if callable(each) else each for each in (asked.path, asked.body))
    shown = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("examples", {})

    for content in [example["value"] for example in shown.values()] or [body]:
        address = path.format(**(values or {})) + (f"?{asked.query}" if asked.query else "")
        response = home.send(method, address, content, token=None)

        assert 200 <= response.status_code < 300, response.content
        described = operation["responses"][str(response.status_code)]
        if "content" in described:
            validator(described["content"]["application/json"]["schema"]).validate(response.json())
