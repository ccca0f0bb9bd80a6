"""What tests of playback do to a household."""

from django.utils import timezone


def close_window(api):
    """Let the household's children watch at another hour only."""
    hour = timezone.now().hour
    window = {"start": f"{(hour + 2) % 24:02}:00", "end": f"{(hour + 3) % 24:02}:00"}
    api.put("user/parental-controls", {"pin": "0042", "window": window, "time_zone": "UTC"})
