"""Scripts from outside: through every field that can be written, and into every page that is rendered."""

import json
from html.parser import HTMLParser
from itertools import cycle, islice

import pytest
from django.urls import get_resolver
from drf_spectacular.generators import SchemaGenerator

from apps.auth.services.sessions import Caller, open_session
from apps.auth.tests.factories import make_account, make_signing_key
from mediagateway.http.text import clean_text
from mediagateway.principal import Role
from mediagateway.testing.payloads import INNOCENT, PAYLOADS

#: Payloads for each field; all of them come up over all fields.
EACH = 6
#: What takes text that it does not keep: secrets and codes that are compared, queries that are asked.
JSON_TYPES = ("application/json", "application/problem+json", "application/scim+json")


class _Tags(HTMLParser):
    """Collects what a browser would take for elements."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)


def tags_in(text):
    parser = _Tags()
    parser.feed(text)
    return parser.found


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator(urlconf="mediagateway.urls.api").get_schema(request=None, public=True)


@pytest.fixture
def token(db, settings):
    """An administrator, whom every operation lets in; limits would answer instead of the fields."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "RateLimit" not in name]
    make_signing_key()
    return open_session(make_account(role=Role.ADMIN).id, Role.ADMIN, Caller("127.0.0.1")).access_token


def test_the_corpus_is_large_and_real():
    assert len(PAYLOADS) >= 200
    assert sum(bool(tags_in(payload.replace("\0", ""))) for payload in PAYLOADS) >= 200


@pytest.mark.once
@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: ascii(payload)[:40])
def test_nothing_that_runs_passes_the_sanitiser(payload):
    assert tags_in(clean_text(payload, max_length=1000)) == []


@pytest.mark.once
@pytest.mark.parametrize("name", INNOCENT)
def test_innocent_names_stay_as_they_are(name):
    assert clean_text(name, max_length=200) == name


def fields(document):
    """List what can be written as JSON: method, path, an example body, the pointer of a field that takes text."""
    found = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            if "application/json" not in content:
                continue
            schema = _resolved(document, content["application/json"]["schema"])
            body = _example(document, schema, content["application/json"].get("examples", {}))
            found += [(method, path, body, pointer) for pointer in _texts(document, schema)]
    return found


def _resolved(document, schema):
    for part in schema.get("allOf", ()):
        return _resolved(document, part)
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _example(document, schema, examples):
    for example in examples.values():
        return example["value"]
    return {
        name: _value(_resolved(document, part))
        for name, part in schema.get("properties", {}).items()
        if name in schema.get("required", ())
    }


def _value(schema):
    if "enum" in schema:
        return schema["enum"][0]
    kinds = {"integer": schema.get("minimum", 1), "number": 1.0, "boolean": True, "array": [], "object": {}}
    return kinds.get(schema.get("type"), "word")


def _texts(document, schema, before=()):
    """Find the properties that take text, inside objects and lists too, down to the third level."""
    for name, part in schema.get("properties", {}).items():
        inner = _resolved(document, part)
        types = inner.get("type", ())
        if "string" in (types if isinstance(types, list) else [types]) and "enum" not in inner:
            yield (*before, name)
        elif inner.get("properties") and len(before) < 3:
            yield from _texts(document, inner, (*before, name))
        elif types == "array" and "string" in _resolved(document, inner.get("items", {})).get("type", ""):
            yield (*before, name, 0)


def with_text(body, pointer, text):
    """Copy a body with a text in one place."""
    body = json.loads(json.dumps(body)) if isinstance(body, dict) else {}
    place = body
    for step in pointer[:-1]:
        following = place.get(step) if isinstance(place, dict) else None
        place[step] = following if isinstance(following, dict) else {}
        place = place[step]
    if pointer[-1] == 0:
        return with_text(body, pointer[:-1], [text])
    place[pointer[-1]] = text
    return body


def strings_in(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings_in(part)


def send_everywhere(client, token, document, payloads_of):
    """Send payloads through every field, and say what came back that a page would run."""
    headers = {"authorization": f"Bearer {token}"}
    bad, places = [], fields(document)
    for method, path, body, pointer in places:
        address = path
        while "{" in address:
            before, _, rest = address.partition("{")
            address = f"{before}00000000-0000-4000-8000-000000000000{rest.partition('}')[2]}"
        for payload in payloads_of(path, pointer):
            response = client.generic(
                method.upper(),
                address,
                json.dumps(with_text(body, pointer, payload)),
                content_type="application/json",
                headers=headers,
            )
            media = response.get("Content-Type", "").partition(";")[0]
            where = f"{method} {path} {pointer} {payload!r}"
            if response.status_code >= 500 or response.get("X-Content-Type-Options") != "nosniff":
                bad.append(f"{response.status_code}: {where}")
            elif response.content and media not in JSON_TYPES:
                bad.append(f"{media}: {where}")
            elif response.content and response.status_code < 300:
                bad += [f"{text!r}: {where}" for text in strings_in(response.json()) if tags_in(text)]
    return places, bad


@pytest.mark.django_db
def test_no_field_keeps_a_script(client, token, document):
    """Whatever an operation of the document accepts as text comes back without an element, and never as a page."""
    turn = cycle(PAYLOADS)

    places, bad = send_everywhere(client, token, document, lambda *_: islice(turn, EACH))

    assert len(places) >= 30
    assert not bad


@pytest.mark.slow
@pytest.mark.django_db
def test_no_field_keeps_a_script_of_any_kind(client, token, document):
    """Every eighth of the corpus through every field: each kind in one of its disguises."""
    _, bad = send_everywhere(client, token, document, lambda *_: PAYLOADS[::8])

    assert not bad


def pages():
    """Every path without a parameter that is no operation: among them are all pages."""
    found = []

    def walk(patterns, before):
        for pattern in patterns:
            route = before + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                walk(pattern.url_patterns, route)
            elif "<" not in route and "(" not in route and "api/v1" not in route:
                found.append(f"/{route}")

    walk(get_resolver("mediagateway.urls.api").url_patterns, "")
    return sorted(set(found))


@pytest.mark.django_db
def test_no_page_takes_a_script_over(client, token):
    """In queries, paths and headers; what comes back as HTML holds only what stood there without the payload."""
    turn, seen, bad = cycle(PAYLOADS), 0, []
    for path in pages():
        plain = client.get(path)
        if not plain.get("Content-Type", "").startswith("text/html"):
            continue
        seen += 1
        expected = tags_in(plain.content.decode())
        for payload in islice(turn, EACH):
            query = dict.fromkeys(("q", "next", "user_code", "client_id", "redirect_uri", "state", "error"), payload)
            answer = client.get(path, query, headers={"user-agent": payload.replace("\0", "").replace("\n", " ")})
            if answer.get("Content-Type", "").startswith("text/html") and answer.status_code == plain.status_code:
                extra = set(tags_in(answer.content.decode())) - set(expected)
                bad += [f"{path} {payload!r}: {extra}"] if extra or "alert(1)" in _scripts(answer) else []

    assert seen >= 3
    assert not bad


def _scripts(answer):
    """Read what stands inside script elements."""
    return "".join(part.partition("</script>")[0] for part in answer.content.decode().split("<script")[1:])


@pytest.mark.django_db
@pytest.mark.parametrize("payload", PAYLOADS[::7], ids=lambda payload: ascii(payload)[:40])
def test_an_address_that_does_not_exist_is_answered_as_json(client, payload):
    answer = client.get("/" + payload.replace("?", "").replace("#", "").replace("\0", ""))

    assert answer["Content-Type"] in JSON_TYPES
    assert answer.status_code in {400, 404}
