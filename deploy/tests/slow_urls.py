"""The api group's URLs and one slow view."""

import time

from django.http import HttpRequest, HttpResponse
from django.urls import path

from mediagateway.urls import api
from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf


def sleep(request: HttpRequest, ms: int) -> HttpResponse:
    """Answer after some milliseconds."""
    time.sleep(ms / 1000)
    return HttpResponse(b"slept")


urlpatterns = [*api.urlpatterns, path("sleep/<int:ms>", sleep)]
