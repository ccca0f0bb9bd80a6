"""The api group's URLs, and views that fail on purpose."""

from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import path
from rest_framework.request import Request

from mediagateway.errors import ConflictError
from mediagateway.http.conditional import json_response
from mediagateway.http.views import ApiView
from mediagateway.urls import api
from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf


def fail(request: HttpRequest) -> HttpResponse:
    """Break as a bug would."""
    raise RuntimeError("a secret detail")


def lose_database(request: HttpRequest) -> HttpResponse:
    """Break as a query does while the database is away."""
    raise OperationalError("server closed the connection unexpectedly")


def refuse_html(request: HttpRequest) -> HttpResponse:
    """Answer an error as HTML, as third-party code does."""
    return HttpResponseBadRequest("<h1>Bad Request</h1>")


class EchoView(ApiView):
    """Answers with the body that it was sent."""

    def get(self, request: Request) -> HttpResponse:
        """Answer with the principal's name."""
        return json_response({"principal": request.user})

    def post(self, request: Request) -> HttpResponse:
        """Answer with the body."""
        return json_response({"body": request.data})


class FailingView(ApiView):
    """Breaks behind DRF."""

    def get(self, request: Request) -> HttpResponse:
        """Break as a bug would."""
        raise RuntimeError("a secret detail")

    def put(self, request: Request) -> HttpResponse:
        """Break as a service does that refuses."""
        raise ConflictError("This is done already.")


def verify_token(token: str) -> Any:
    """Vouch for one token: a `Verifier` for tests."""
    return "ada" if token == "good" else None


urlpatterns = [
    *api.urlpatterns,
    path("fail", fail),
    path("lose-database", lose_database),
    path("refuse-html", refuse_html),
    path("echo", EchoView.as_view()),
    path("failing", FailingView.as_view()),
]
