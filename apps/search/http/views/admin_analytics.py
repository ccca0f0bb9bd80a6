"""What is searched for, for admins."""

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from apps.search.contracts import SearchReport
from apps.search.http import examples
from apps.search.http.serializers import PERIODS, AnalyticsQuery
from apps.search.queries.analytics import report_searches
from mediagateway.http.conditional import json_response
from mediagateway.http.permissions import Scoped
from mediagateway.http.queries import read_query
from mediagateway.http.schema import problems
from mediagateway.http.shapes import shape_of
from mediagateway.http.views import ApiView


class AnalyticsView(ApiView):
    """The report on searches."""

    permission_classes = [Scoped]
    scopes = frozenset({"admin:search"})

    @extend_schema(
        operation_id="search_analytics_get",
        summary="Report on searches",
        parameters=[AnalyticsQuery],
        responses={200: shape_of(SearchReport), **problems(400, 403)},
        examples=[examples.REPORT],
    )
    def get(self, request: Request) -> HttpResponse:
        """
        Report on the searches up to now: how many, how fast, which found nothing, which were followed by a click.

        Texts are folded, and are there for as long as the log keeps them. People who said no to analytics, and
        children, are counted (`unlogged_*`) and nothing else.
        """
        asked = read_query(AnalyticsQuery, request.GET)
        report = report_searches(period=PERIODS[asked["period"]], limit=asked["limit"], now=timezone.now())
        return json_response(report)
