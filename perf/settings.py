"""The product's production settings with the yardsticks beside its URLs; what `perf.baseline` starts its servers on."""

from settings import env
from settings.prod import *  # noqa: F403 -- a settings module is its parent plus its own lines

ROOT_URLCONF = "perf.yardsticks"
# The same stack with nothing in front of the view: what Django and gunicorn cost by themselves.
if env.flag("MG_PERF_BARE", False):
    MIDDLEWARE = []
# What an answer costs that nobody has asked for before. The yardstick stays the server that caches.
if env.flag("MG_PERF_UNCACHED", False):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
