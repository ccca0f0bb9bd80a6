"""URLs of the sona app, relative to /api/v1/."""

from django.urls import path

from apps.sona.http.views import experiments, recommendations, tastes

app_name = "sona"
urlpatterns = [
    path("sona/recommendations", recommendations.RecommendationView.as_view(), name="recommendation-list"),
    path("sona/similar", recommendations.SimilarView.as_view(), name="similar-list"),
    path("sona/personalization/score", recommendations.ScoreView.as_view(), name="title-score"),
    path("sona/feedback", tastes.FeedbackView.as_view(), name="feedback"),
    path("sona/profile", tastes.TasteView.as_view(), name="profile"),
    path("sona/experiments", experiments.ExperimentListView.as_view(), name="experiment-list"),
    path("sona/experiments/conversions", experiments.ConversionView.as_view(), name="conversion"),
    path("sona/experiments/<uuid:experiment_id>", experiments.ExperimentView.as_view(), name="experiment"),
    path("sona/experiments/<uuid:experiment_id>/metrics", experiments.MetricView.as_view(), name="experiment-metrics"),
]
