"""The application object of the live group."""

import os

import django
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.urls import get_resolver
from django.utils.module_loading import import_string

from mediagateway.telemetry import tracing

# The strict settings, unless told otherwise: a server that nobody has configured must not start.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.prod")
django.setup(set_prefix=False)
tracing.instrument()
# Live connections are served beside Django, which has no part in them.
application = import_string(settings.LIVE_APPLICATION)(ASGIHandler())
# A broken URL conf stops the boot, rather than turning the first request into an error that no handler can answer.
_ = get_resolver().url_patterns
