"""Production: no default for anything secret or public."""

from settings import env
from settings.base import *  # noqa: F403 -- a settings module is its parent plus its own lines

ENVIRONMENT = "prod"
HOST = env.text("MG_HOST", "0.0.0.0")  # noqa: S104 -- inside a container, where the proxy has to reach it
SECRET_KEY = env.text("MG_SECRET_KEY", min_length=50)
ALLOWED_HOSTS = env.words("MG_ALLOWED_HOSTS")
PUBLIC_URL = env.url("MG_PUBLIC_URL", schemes=("http", "https")).rstrip("/")
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if not ALLOWED_HOSTS:
    env.text("MG_ALLOWED_HOSTS")  # Raises with the variable's name.
