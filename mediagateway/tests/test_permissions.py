"""Who may come in, and what the document says about it."""

from typing import Any, cast

import pytest
from django.http import HttpResponse
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory, force_authenticate

from mediagateway.http.conditional import json_response
from mediagateway.http.permissions import Scoped
from mediagateway.http.views import ApiView
from mediagateway.principal import Principal, Role
from mediagateway.scopes import ADMIN_SCOPES, SCOPES, scopes_of


class NotesView(ApiView):
    """Reads by one scope and writes by another."""

    permission_classes = [Scoped]
    scopes = {"GET": frozenset({"read:profile"}), "POST": frozenset({"write:profile"})}

    @extend_schema(operation_id="kernel_note_list", responses={200: None})
    def get(self, request: Request) -> HttpResponse:
        """List."""
        return json_response([])

    @extend_schema(operation_id="kernel_note_create", request=None, responses={201: None})
    def post(self, request: Request) -> HttpResponse:
        """Create."""
        return json_response({}, status=201)


def ask(method, *scopes, signed_in=True):
    """Call the view as a principal with these scopes."""
    request = APIRequestFactory().generic(method, "/notes")
    if signed_in:
        force_authenticate(request, user=cast("Any", Principal(None, frozenset(scopes), "t")))
    return NotesView.as_view()(request)


@pytest.mark.parametrize(
    ("method", "scopes", "status"),
    [
        ("GET", ["read:profile"], 200),
        ("GET", ["write:profile"], 200),
        ("GET", ["read:history"], 403),
        ("POST", ["write:profile"], 201),
        ("POST", ["read:profile"], 403),
        ("DELETE", [], 405),
    ],
)
def test_a_method_needs_its_scope(method, scopes, status):
    """Writing grants reading, reading grants nothing else."""
    assert ask(method, *scopes).status_code == status


def test_a_missing_scope_is_named():
    """In the sentence and in the challenge of RFC 6750 §3.1."""
    response = ask("POST", "read:profile")

    assert b"write:profile" in response.content
    assert response["WWW-Authenticate"].endswith('error="insufficient_scope", scope="write:profile"')


def test_nobody_is_asked_to_sign_in():
    """401 and not 403."""
    assert ask("GET", signed_in=False).status_code == 401


def test_the_document_names_the_scopes():
    """One requirement for each method."""
    generator = SchemaGenerator(patterns=[path("notes", NotesView.as_view())])

    operations = generator.get_schema(public=True)["paths"]["/notes"]

    assert operations["get"]["security"] == [{"bearer": ["read:profile"]}]
    assert operations["post"]["security"] == [{"bearer": ["write:profile"]}]


def test_only_admins_hold_admin_scopes():
    """Whatever else the table will hold."""
    assert scopes_of(Role.ADMIN) >= ADMIN_SCOPES
    assert not scopes_of(Role.USER) & ADMIN_SCOPES
    assert scopes_of(Role.ADMIN) <= set(SCOPES)
