"""What the playback endpoints take and give; request shapes read, response shapes document."""

from rest_framework import serializers

from apps.content.contracts import DeviceKind
from apps.playback.contracts import (
    DeepLinkAnswer,
    PlaybackSessionRecord,
    PlaybackState,
    PositionAnswer,
    StartedSession,
    WatchRecord,
)
from mediagateway.http.queries import IdField, PageQuery, RegionField, StrictSerializer
from mediagateway.http.schema import page_of
from mediagateway.http.shapes import shape_of

#: Seconds; the longest thing that anybody plays in one piece is shorter than a week.
_LONGEST_S = 7 * 24 * 3600
_SLUG = r"^[a-z0-9_]{1,40}\Z"


def _seconds(*, least: int = 0, **options: object) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=least, max_value=_LONGEST_S, **options)  # type: ignore[arg-type] # DRF's own


class SessionBody(StrictSerializer):
    """What is about to be played."""

    content_id = IdField(help_text="The title; an episode rather than its series where it is known.")
    device_id = IdField(required=False, allow_null=True, help_text="The device that plays.")
    platform = serializers.RegexField(_SLUG, required=False, help_text="The service that plays it.")
    duration_s = _seconds(least=1, required=False, help_text="As the player knows it; default: the catalogue's.")


class SessionQuery(PageQuery):
    """Which sessions to list."""

    is_live = serializers.BooleanField(
        required=False, help_text="Only those that count as streams now, or only the others."
    )


class PositionBody(StrictSerializer):
    """Where a player is."""

    position_s = _seconds()
    duration_s = _seconds(least=1, required=False, help_text="When the player has learned it, or learned better.")
    state = serializers.ChoiceField(
        [state.value for state in PlaybackState],
        required=False,
        help_text="Stays as it is when missing; `stopped` and `ended` close the session.",
    )
    observed_at = serializers.DateTimeField(
        required=False,
        help_text="When the player was there, by its clock; default: now.",
    )


class DeepLinkBody(StrictSerializer):
    """What to open, and where."""

    content_id = IdField()
    platform = serializers.RegexField(_SLUG, required=False, help_text="Only this service; default: the best offer.")
    device = serializers.ChoiceField(
        [device.value for device in DeviceKind], required=False, default=DeviceKind.WEB.value
    )
    region = RegionField(required=False, help_text="ISO 3166-1 alpha-2; default: the profile's, else the server's.")


SessionShape = shape_of(PlaybackSessionRecord)
SessionPage = page_of(SessionShape)
StartedSessionShape = shape_of(StartedSession)
PositionShape = shape_of(PositionAnswer)
DeepLinkShape = shape_of(DeepLinkAnswer)
WatchShape = shape_of(WatchRecord)
WatchPage = page_of(WatchShape)
