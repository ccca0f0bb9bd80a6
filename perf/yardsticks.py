"""The api group's URLs and one view that does nothing, against which the others are measured."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from mediagateway.urls.api import urlpatterns as product_urls
from mediagateway.urls.platform import *  # noqa: F403 -- the error handlers belong into every root URL conf
from perf.environment import YARDSTICK


def empty(_request: HttpRequest) -> HttpResponse:
    """Answer with an empty JSON object."""
    return HttpResponse(b"{}", content_type="application/json")


# First, so that finding the view costs the yardstick nothing that it does not cost the product.
urlpatterns = [path(YARDSTICK.removeprefix("/"), empty), *product_urls]
