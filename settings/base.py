"""What holds in every deployment; dev, test and prod add to it and take nothing away."""

from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from settings import env
from settings.groups import GROUPS

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- Where this process stands ---------------------------------------------------------------------------
GROUP = GROUPS[env.choice("MG_GROUP", "api", among=tuple(GROUPS))]
PORT = env.integer("PORT", GROUP.port, minimum=1, maximum=65535) if GROUP.name == "api" else GROUP.port
DATA_DIR = env.folder("MG_DATA_DIR", BASE_DIR / "var")
REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
QDRANT_URL = env.url("QDRANT_URL", schemes=("http", "https"))
# Without Redis the processes of a group share no limits and no cache, so a group is one process of several threads.
WORKERS = env.integer("MG_WORKERS", GROUP.workers if REDIS_URL else 1, minimum=1, maximum=64)
if WORKERS > 1 and not REDIS_URL:
    raise ImproperlyConfigured("MG_WORKERS above 1 needs REDIS_URL: limits and caches are shared through it.")
THREADS = env.integer("MG_THREADS", GROUP.threads, minimum=1, maximum=256)
# How long a group told to stop still takes new requests, so that a balancer sees /ready fail first.
DRAIN_S = env.integer("MG_DRAIN_S", 2, maximum=300)
# How long requests in flight may then take.
GRACE_S = env.integer("MG_GRACE_S", 30, minimum=1, maximum=600)

# --- Django ----------------------------------------------------------------------------------------------
ROOT_URLCONF = GROUP.urlconf
WSGI_APPLICATION = "mediagateway.wsgi.application"
ASGI_APPLICATION = "mediagateway.asgi.application"
DEBUG = False
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-us"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "mediagateway",
    "apps.content",
    "apps.user",
    "apps.auth",
    "apps.ingestion",
    "apps.sync",
    "apps.playback",
    "apps.sona",
    "apps.search",
    "apps.discover",
    "apps.mcp",
]

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

AUTH_USER_MODEL = "user.Account"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "mediagateway" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
        },
    },
]

# --- Storage ---------------------------------------------------------------------------------------------
DATABASE_URL = env.url("DATABASE_URL", schemes=("sqlite", "postgres", "postgresql"))
_database = dj_database_url.parse(DATABASE_URL or f"sqlite:///{DATA_DIR / 'mediagateway.sqlite3'}")
if "sqlite" in str(_database["ENGINE"]):
    _database["OPTIONS"] = {
        # IMMEDIATE takes the write lock at BEGIN, so that a read-then-write transaction waits instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
        ),
    }
else:
    _database["OPTIONS"] = {"connect_timeout": 2, "application_name": f"mediagateway-{GROUP.name}"}
DATABASES = {
    "default": {**_database, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False},
}

if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django_redis.cache.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "mg",
            "OPTIONS": {
                "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
                "SOCKET_CONNECT_TIMEOUT": 0.2,
                "SOCKET_TIMEOUT": 0.2,
                # A cache that is down is a slow answer, not a failed one.
                "IGNORE_EXCEPTIONS": True,
            },
        },
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": 5000},
        },
    }

REST_FRAMEWORK: dict[str, object] = {
    "EXCEPTION_HANDLER": "mediagateway.http.problem.exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"

# --- The product -----------------------------------------------------------------------------------------
DEFAULT_REGION = env.text("MG_DEFAULT_REGION", "US").upper()
PUBLIC_URL = env.url("MG_PUBLIC_URL", f"http://localhost:{PORT}", schemes=("http", "https")).rstrip("/")
DOCS_URL = env.url("MG_DOCS_URL", f"{PUBLIC_URL}/docs", schemes=("http", "https")).rstrip("/")
WORKER_ENABLED = env.flag("MG_WORKER", True)
