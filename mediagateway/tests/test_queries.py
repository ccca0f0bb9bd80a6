"""Strict reading of queries and bodies."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import QueryDict
from rest_framework import serializers

from mediagateway.errors import InvalidInputError
from mediagateway.http.queries import PlainTextField, StrictSerializer, read_body, read_query


class Asked(StrictSerializer):
    name = serializers.CharField(max_length=5)
    tags = serializers.ListField(child=serializers.CharField(), required=False)
    limit = serializers.IntegerField(required=False, default=20, min_value=1)


def refusal(read, given):
    """(pointer, code, location) of each error."""
    with pytest.raises(InvalidInputError) as caught:
        read(Asked, given)
    return [(error.pointer, error.code, error.location) for error in caught.value.errors]


def test_a_query_is_read_into_typed_values_and_defaults():
    assert read_query(Asked, QueryDict("name=star&limit=7")) == {"name": "star", "limit": 7}
    assert read_query(Asked, QueryDict("name=star")) == {"name": "star", "limit": 20}


def test_a_list_may_be_repeated_joined_by_commas_or_both():
    assert read_query(Asked, QueryDict("name=a&tags=x,y&tags=z"))["tags"] == ["x", "y", "z"]


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("name=a&colour=red", [("/colour", "unknown", "query")]),
        ("name=a&name=b", [("/name", "repeated", "query")]),
        ("name=abcdef&limit=0", [("/name", "max_length", "query"), ("/limit", "min_value", "query")]),
        ("", [("/name", "required", "query")]),
    ],
    ids=["unknown", "repeated", "two wrong", "missing"],
)
def test_a_wrong_query_is_refused_parameter_by_parameter(query, errors):
    assert refusal(read_query, QueryDict(query)) == errors


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"name": "a", "tags": ["x", ""]}, [("/tags/1", "blank", "body")]),
        (["a"], [("", "invalid", "body")]),
        (None, [("", "null", "body")]),
    ],
    ids=["inside a list", "no object", "null"],
)
def test_a_wrong_body_is_refused_with_its_pointer(body, errors):
    assert refusal(read_body, body) == errors


@pytest.mark.parametrize(
    ("given", "code"),
    [("<b>Ada</b>", "max_length"), ("Ada\x82\x82\x82", "max_length"), ("<i/>", "blank"), ("", "blank")],
)
def test_plain_text_is_measured_as_it_was_sent(given, code):
    """The schema counts before anything is taken away, and so do we."""
    with pytest.raises(serializers.ValidationError) as caught:
        PlainTextField(max_length=5).run_validation(given)

    assert caught.value.get_codes() == [code]


def test_plain_text_loses_its_markup():
    assert PlainTextField(max_length=20).run_validation("<b>Ada</b> \x82 L.") == "Ada L."
    assert PlainTextField(max_length=20, allow_blank=True).run_validation("<i></i>") == ""


def test_requests_that_are_read_at_once_do_not_mix():
    """One serializer reads for all threads."""

    def read(number):
        if number % 3 == 0:
            return refusal(read_query, QueryDict(f"name=a&limit=-{number}"))
        return read_query(Asked, QueryDict(f"name=a{number % 100}&limit={number}"))

    with ThreadPoolExecutor(8) as pool:
        read_at_once = list(pool.map(read, range(1, 500)))

    assert read_at_once == [read(number) for number in range(1, 500)]
