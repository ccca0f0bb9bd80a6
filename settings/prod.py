"""Production: no default for anything that is secret, public or holds data."""

from django.core.exceptions import ImproperlyConfigured

from settings import env
from settings.base import *  # noqa: F403 -- a settings module is its parent plus its own lines

ENVIRONMENT = "prod"
TRACED_RATIO = 0.1
HOST = env.text("MG_HOST", "0.0.0.0")  # noqa: S104 -- inside a container, where the proxy has to reach it
SECRET_KEY = env.text("MG_SECRET_KEY", min_length=50)
# Seals what is secret at rest: signing keys, seeds of authenticator apps.
KEK = env.secret("MG_KEK")
REQUIRE_VERIFIED_EMAIL = env.flag("MG_REQUIRE_VERIFIED_EMAIL", True)
PUBLIC_URL = env.url("MG_PUBLIC_URL", None, schemes=("https",)).rstrip("/")
# Behind an ingress one address leads to all groups.
LIVE_URL = env.url("MG_LIVE_URL", PUBLIC_URL, schemes=("https",)).rstrip("/")
DOCS_URL = env.url("MG_DOCS_URL", f"{PUBLIC_URL}/docs", schemes=("https",)).rstrip("/")
env.text("DATABASE_URL")  # SQLite is possible, by name: a forgotten variable must not start an empty catalogue.

ALLOWED_HOSTS = env.text("MG_ALLOWED_HOSTS").replace(" ", "").split(",")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "MG_ALLOWED_HOSTS must name the hosts: with * a forged Host header ends up in our links."
    )

SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
