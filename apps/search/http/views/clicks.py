"""What is opened of a result set."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.search.http import examples
from apps.search.http.serializers import ClickBody
from apps.search.services.query_log import record_click
from mediagateway.http.permissions import principal_of
from mediagateway.http.queries import read_body
from mediagateway.http.schema import problems
from mediagateway.http.views import ApiView, json_body


class ClickView(ApiView):
    """A result that was opened."""

    @extend_schema(
        operation_id="search_click_record",
        summary="Report that a result was opened",
        request=ClickBody,
        responses={204: None, **problems(400)},
        examples=[examples.CLICK],
    )
    def post(self, request: Request) -> HttpResponse:
        """
        Report that a result was opened; again is once.

        The answer is the same for ids that no search has ever given: a click on them counts for nothing.
        """
        asked = read_body(ClickBody, json_body(request))
        record_click(
            principal_of(request),
            asked["query_id"],
            asked["content_id"],
            position=asked["position"],
            now=timezone.now(),
        )
        return HttpResponse(status=204)
