"""Paths of search for admins, relative to /api/v1/admin/search/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from apps.search.http.views import admin_analytics, admin_ranking


class VariantName(StringConverter):
    """A name as the query log can hold it."""

    regex = "[a-z0-9][a-z0-9_-]{0,29}"


register_converter(VariantName, "variant")

app_name = "search-admin"

urlpatterns = [
    path("analytics", admin_analytics.AnalyticsView.as_view(), name="analytics"),
    path("ranking", admin_ranking.RankingView.as_view(), name="ranking"),
    path("ranking/history", admin_ranking.RankingListView.as_view(), name="ranking-list"),
    path("ranking/history/<int:version>", admin_ranking.RankingVersionView.as_view(), name="ranking-version"),
    path(
        "ranking/history/<int:version>/activate",
        admin_ranking.RankingActivationView.as_view(),
        name="ranking-activation",
    ),
    path("ranking/variants", admin_ranking.VariantListView.as_view(), name="ranking-variant-list"),
    path("ranking/variants/<variant:name>", admin_ranking.VariantView.as_view(), name="ranking-variant"),
]
