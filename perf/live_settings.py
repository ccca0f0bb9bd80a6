"""Production's settings for a worker that delivers events and nothing else: the catalogue was embedded long ago."""

from settings.prod import *  # noqa: F403 -- a settings module is its parent plus its own lines

BACKGROUND_STEPS = ()
