"""URLs below /content that sona serves, relative to /api/v1/."""

from django.urls import path

from apps.sona.http.views.recommendations import ContentSimilarView

app_name = "sona_content"
urlpatterns = [path("content/<uuid:title_id>/similar", ContentSimilarView.as_view(), name="similar-list")]
