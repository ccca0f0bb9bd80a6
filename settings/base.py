"""What holds in every deployment; dev, test and prod add to it and take nothing away."""

from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from mediagateway.limits.table import LIMITS  # noqa: F401 -- a setting; tests have another
from settings import env
from settings.groups import GROUPS

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- Where this process stands ---------------------------------------------------------------------------
GROUP = GROUPS[env.choice("MG_GROUP", "api", among=tuple(GROUPS))]
# What logs and traces call this process.
SERVICE = env.text("MG_SERVICE", GROUP.name)
HOST = env.text("MG_HOST", "127.0.0.1")
# MG_PORT_OFFSET moves every port, so that a second set of groups fits on one machine; PORT moves the api group's.
PORT_OFFSET = env.integer("MG_PORT_OFFSET", 0, maximum=50000)
PORTS = {group.name: group.port + PORT_OFFSET for group in GROUPS.values()}
PORTS["api"] = env.integer("PORT", PORTS["api"], minimum=1, maximum=65535)
PORT = PORTS[GROUP.name]
# Where the worker answers Prometheus.
WORKER_PORT = env.integer("MG_WORKER_PORT", 8089 + PORT_OFFSET, minimum=1, maximum=65535)
DATA_DIR = env.folder("MG_DATA_DIR", BASE_DIR / "var")
REDIS_URL = env.url("REDIS_URL", schemes=("redis", "rediss", "unix"))
QDRANT_URL = env.url("QDRANT_URL", schemes=("http", "https"))
QDRANT_KEY = env.text("QDRANT_API_KEY", "")
# Without Redis the processes of a group share no limits and no cache, so a group is one process of several threads.
WORKERS = env.integer("MG_WORKERS", GROUP.workers if REDIS_URL else 1, minimum=1, maximum=64)
if WORKERS > 1 and not REDIS_URL:
    raise ImproperlyConfigured("MG_WORKERS above 1 needs REDIS_URL: limits and caches are shared through it.")
THREADS = env.integer("MG_THREADS", GROUP.threads, minimum=1, maximum=256)
# Addresses whose X-Forwarded-* headers are believed.
TRUSTED_PROXIES = env.words("MG_TRUSTED_PROXIES", ("127.0.0.1", "::1"))
# How long a group told to stop still takes new requests, so that a balancer sees /ready fail first.
DRAIN_S = env.integer("MG_DRAIN_S", 2, maximum=300)
# How long requests in flight may then take.
GRACE_S = env.integer("MG_GRACE_S", 30, minimum=1, maximum=600)
# A request that has waited longer than this for a thread is refused: whoever sent it is about to give up.
QUEUE_S = env.integer("MG_QUEUE_S", 2, minimum=1, maximum=60)

# --- Django ----------------------------------------------------------------------------------------------
ROOT_URLCONF = GROUP.urlconf
WSGI_APPLICATION = "mediagateway.wsgi.application"
ASGI_APPLICATION = "mediagateway.asgi.application"
# Dotted name of an ASGI application that wraps Django's and serves the live channel; the live group runs it.
LIVE_APPLICATION = "apps.sync.http.live.application.LiveApplication"
DEBUG = False
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en-us"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# Paths whose bodies may be larger, in bytes.
BODY_LIMITS = {"/api/v1/user/avatar": 5 * 1024 * 1024}

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "corsheaders",
    "csp",
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

# From the outside in; the order is part of the contract, and each class says why it stands where it does.
MIDDLEWARE = [
    "mediagateway.http.middleware.RequestLogMiddleware",
    "mediagateway.http.middleware.SecurityHeadersMiddleware",
    "mediagateway.http.middleware.ExactCorsMiddleware",
    "mediagateway.http.middleware.ProblemMiddleware",
    "mediagateway.http.middleware.RequestGuardMiddleware",
    "mediagateway.http.ratelimit.RateLimitMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mediagateway.http.middleware.AdminSessionMiddleware",
    "mediagateway.http.middleware.AdminCsrfMiddleware",
    "mediagateway.http.middleware.AdminAuthenticationMiddleware",
    "mediagateway.http.middleware.AdminMessageMiddleware",
]

AUTH_USER_MODEL = "user.Account"
PASSWORD_HASHERS = ["apps.auth.adapters.argon2.PasswordHasher"]
MAX_PASSWORD_LENGTH = 128
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email",)},
    },
]
# The authorization server is oauthlib's, put together by us, behind django-oauth-toolkit's bridge; the toolkit's own
# tables and views are not installed (ADR 11).
OAUTH2_PROVIDER = {
    "OAUTH2_SERVER_CLASS": "apps.auth.services.oauth.server.Server",
    "OAUTH2_VALIDATOR_CLASS": "apps.auth.services.oauth.validator.Validator",
}
# Whether a password alone opens an account whose address nobody has confirmed.
REQUIRE_VERIFIED_EMAIL = env.flag("MG_REQUIRE_VERIFIED_EMAIL", False)

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
            ],
        },
    },
]

# --- Storage ---------------------------------------------------------------------------------------------
DATABASE_URL = env.url("DATABASE_URL", schemes=("sqlite", "postgres", "postgresql"))
_database = dj_database_url.parse(DATABASE_URL or f"sqlite:///{DATA_DIR / 'mediagateway.sqlite3'}")
if "sqlite" in str(_database["ENGINE"]):
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    _database["OPTIONS"] = {
        # IMMEDIATE takes the write lock at BEGIN, so that a read-then-write transaction waits instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456;"
            # 64 MB: a load writes the same pages again and again, and each checkpoint writes them to the file.
            "PRAGMA wal_autocheckpoint=16384;"
        ),
    }
else:
    _database["OPTIONS"] = {
        "connect_timeout": 2,
        "application_name": f"mediagateway-{GROUP.name}",
        # A server that has vanished sends nothing, not even an end; without these a thread waits for it for minutes.
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        # What a connection asks again and again PostgreSQL plans once: a read then takes .8 to .9 of the time (ADR 51).
        "server_side_binding": True,
        "prepare_threshold": 5,
    }
DATABASES = {
    "default": {**_database, "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False},
}

# What one query of a request may take on PostgreSQL; commands have no such limit.
STATEMENT_TIMEOUT_S = env.integer("MG_STATEMENT_TIMEOUT_S", 15, minimum=1, maximum=600)

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

# --- Vectors ---------------------------------------------------------------------------------------------
EMBEDDER = env.choice("MG_EMBEDDER", "use", among=("use", "minilm", "onnx", "endpoint"))
# The folder of "onnx": model.onnx and tokenizer.json; its name is the model's.
EMBEDDER_FOLDER = env.folder("MG_EMBEDDER_FOLDER", DATA_DIR / "embedder")
# The OpenAI-compatible address of "endpoint", without /embeddings.
EMBEDDER_URL = env.url("MG_EMBEDDER_URL", schemes=("http", "https"))
EMBEDDER_MODEL = env.text("MG_EMBEDDER_MODEL", "")
EMBEDDER_KEY = env.text("MG_EMBEDDER_KEY", "")
if EMBEDDER == "onnx" and not (EMBEDDER_FOLDER / "model.onnx").is_file():
    raise ImproperlyConfigured("MG_EMBEDDER=onnx needs MG_EMBEDDER_FOLDER with model.onnx and tokenizer.json.")
if EMBEDDER == "endpoint" and not (EMBEDDER_URL and EMBEDDER_MODEL):
    raise ImproperlyConfigured("MG_EMBEDDER=endpoint needs MG_EMBEDDER_URL and MG_EMBEDDER_MODEL.")

# --- HTTP ------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, object] = {
    "EXCEPTION_HANDLER": "mediagateway.http.problem.exception_handler",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
# Dotted name of a `mediagateway.http.authentication.Verifier`; while it is empty, every bearer token is invalid.
TOKEN_VERIFIER = "apps.auth.api.verify_token"  # noqa: S105 -- a dotted name
# Dotted name of a `mediagateway.http.views.PolicyResolver`.
POLICY_RESOLVER = "apps.user.api.resolve_policy"
# Who has something of a person: section of an export -> dotted name of a function from an account's id to JSON values.
EXPORT_CONTRIBUTORS = {
    "user": "apps.user.api.export_account",
    "sync": "apps.sync.api.export_account",
    "playback": "apps.playback.api.export_account",
    "discover": "apps.discover.api.export_account",
    "sona": "apps.sona.api.export_account",
    "search": "apps.search.api.export_account",
}
# Dotted names of functions that delete what an app has of an account (by id); called before the account itself goes.
ERASURE_CONTRIBUTORS: tuple[str, ...] = (
    "apps.sync.api.erase_account",
    "apps.discover.api.erase_account",
    "apps.search.api.erase_account",
)
# Dotted names of functions of `now` that the worker calls every hour: each deletes what its app keeps no longer.
SWEEPERS: tuple[str, ...] = (
    "mediagateway.events.forget_delivered",
    "mediagateway.idempotency.forget_expired",
    "apps.user.api.purge_accounts",
    "apps.user.api.delete_old_exports",
    "apps.user.api.delete_old_notifications",
    "apps.auth.api.forget_expired",
    "apps.sync.api.sweep",
    "apps.playback.api.sweep",
    "apps.discover.api.forget_faded",
    "apps.search.api.forget_old_queries",
)

# What agents can call, read and start from: dotted names of tuples in apps.mcp.
MCP_TOOLS: tuple[str, ...] = (
    "apps.mcp.tools.catalogue.TOOLS",
    "apps.mcp.tools.devices.TOOLS",
    "apps.mcp.tools.suggestions.TOOLS",
    "apps.mcp.tools.lists.TOOLS",
    "apps.mcp.tools.taste.TOOLS",
)
MCP_RESOURCES: tuple[str, ...] = ("apps.mcp.tools.catalogue.RESOURCES", "apps.mcp.tools.lists.RESOURCES")
MCP_PROMPTS: tuple[str, ...] = ("apps.mcp.tools.prompts.PROMPTS",)

# Dotted names of functions without arguments that the worker calls between events: each does a short piece of what
# waits and says whether there is more.
BACKGROUND_STEPS: tuple[str, ...] = ("apps.search.tasks.follow_titles", "apps.search.tasks.look_for_news")

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.1",
    "TITLE": "mediagateway",
    "DESCRIPTION": "What should we watch, where can we watch it, and where did we stop.",
    "VERSION": VERSION,
    "LICENSE": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
    "SERVERS": [{"url": "/"}],
    "TAGS": [
        {"name": "content", "description": "The catalogue: titles, availability, people, platforms."},
        {"name": "search", "description": "Plain words to titles."},
        {"name": "sona", "description": "Recommendations, what they come from, and experiments with them."},
        {"name": "user", "description": "The household: its people, what they like, pay for and allow."},
        {"name": "sync", "description": "Lists, progress and devices, in step on everything a person watches with."},
        {"name": "discover", "description": "What is watched, what to watch tonight, which services to have."},
        {"name": "playback", "description": "Sessions, history, and how to open a title."},
        {"name": "auth", "description": "Sign-in, sessions, second factors, API keys."},
        {"name": "platform", "description": "Probes and metrics of the process that answers."},
    ],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    # Closed sets that several fields share, under one name each.
    "ENUM_NAME_OVERRIDES": {
        "Kind": "apps.content.domain.vocabulary.Kind",
        "ListedKind": "apps.content.domain.vocabulary.LISTED_KINDS",
        "OfferType": "apps.content.domain.vocabulary.OfferType",
        "Genre": "apps.content.domain.vocabulary.GENRES",
        "AccountRole": "mediagateway.principal.Role",
        "CreditRole": "apps.content.domain.vocabulary.Role",
        "DeviceKind": "apps.content.domain.link_templates.DeviceKind",
        "LinkKind": "apps.content.domain.links.LinkKind",
        "CommandType": "apps.sync.domain.devices.CommandType",
        "PlaybackState": "apps.playback.domain.positions.PlaybackState",
        "ProfileKind": "apps.user.domain.profiles.ProfileKind",
        "FeedbackType": "apps.sona.domain.feedback.FeedbackType",
        "DayPart": "apps.sona.domain.context.DayPart",
        "SyncDeviceKind": "apps.sync.domain.devices.DeviceKind",
        "OperationType": "apps.sync.domain.changes.Kind",
        "PlayState": "apps.sync.domain.changes.PlayState",
        "CommandStatus": "apps.sync.domain.devices.CommandStatus",
        "OAuthClientKind": "apps.auth.domain.grants.ClientKind",
        "OAuthGrantType": "apps.auth.domain.grants.GrantType",
        "Scope": "mediagateway.scopes.SCOPES",
        "Tier": "mediagateway.principal.Tier",
        "AccountState": "apps.user.contracts.AccountState",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "APPEND_COMPONENTS": {
        "headers": {
            "X-Request-ID": {
                "description": "The request's id: the caller's own, if it sent a sane one, else a new one.",
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,128}$"},
            },
        },
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "mediagateway.http.schema.complete_operations",
    ],
}

# Path and query together. gunicorn's own limit is 8190 for the whole request line.
MAX_ADDRESS_LENGTH = 8000

# Asked of single replicas, by orchestrators and Prometheus, under whatever address these have; nothing links to a host.
PROBE_PATHS = frozenset({"/health", "/ready", "/liveness", "/metrics"})

# Of every answer that is not a page; pages ask for what they need, by django-csp's decorator.
CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'"
# On every answer of every group; plain HTTP too, because TLS ends at the proxy in front.
SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Where pages tell browsers to report violations of their policies.
CSP_REPORT_PATH = "/csp-reports"
# Paths with sessions, cookies and CSRF tokens; the API has none of them.
SESSION_PATHS = ("/admin/",)
# Django's admin is written for a policy without inline code; its calendar and its select boxes use data: pictures.
ADMIN_CONTENT_POLICY = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
    "base-uri": ["'none'"],
    "report-uri": CSP_REPORT_PATH,
    "report-to": "csp",
}
SESSION_COOKIE_NAME = "mg_session"
SESSION_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "mg_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "apps.auth.http.views.pages.refuse_forged"

# django-ratelimit guards the admin's login; without the cache it lets everybody try, as the limiter does.
RATELIMIT_FAIL_OPEN = True

CORS_ALLOWED_ORIGINS = env.origins("ALLOWED_ORIGINS", ("https://app.mediagateway.io",))
CORS_ALLOW_CREDENTIALS = True
CORS_ALLOW_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
CORS_ALLOW_HEADERS = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "X-Request-ID",
)
CORS_EXPOSE_HEADERS = (
    "ETag",
    "Link",
    "X-Request-ID",
    "X-RateLimit-Limit",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
)
CORS_PREFLIGHT_MAX_AGE = 3600

# Files are served from where their packages keep them: there is nothing to collect before a start.
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- Mail ------------------------------------------------------------------------------------------------
# Without a server, mail is printed.
DEFAULT_FROM_EMAIL = env.text("MG_MAIL_FROM", "mediagateway <no-reply@mediagateway.io>")
EMAIL_HOST = env.text("MG_MAIL_HOST", "")
EMAIL_PORT = env.integer("MG_MAIL_PORT", 587, minimum=1, maximum=65535)
EMAIL_HOST_USER = env.text("MG_MAIL_USER", "")
EMAIL_HOST_PASSWORD = env.text("MG_MAIL_PASSWORD", "")
EMAIL_USE_TLS = True
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"

# --- Logs ------------------------------------------------------------------------------------------------
LOGGING_CONFIG = "mediagateway.telemetry.logs.configure"
LOGGING = {
    "service": SERVICE,
    "level": env.choice("MG_LOG_LEVEL", "info", among=("debug", "info", "warning", "error")),
    "format": env.choice("MG_LOG_FORMAT", "json", among=("json", "console")),
    # Servers write to stdout, as containers expect; of a command, stdout is the result and the log goes beside it.
    "stream": env.choice("MG_LOG_STREAM", "stderr", among=("stdout", "stderr")),
}

# OpenTelemetry reads this and its other variables itself; empty means that nothing is traced.
OTEL_ENDPOINT = env.url("OTEL_EXPORTER_OTLP_ENDPOINT", schemes=("http", "https"))
OTEL_PROTOCOL = env.choice("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf", among=("http/protobuf", "grpc"))
OTEL_SAMPLER = env.text("OTEL_TRACES_SAMPLER", "")
# Share of the traces that begin here and are kept, unless OTEL_TRACES_SAMPLER says otherwise.
TRACED_RATIO = 1.0

# --- Health ----------------------------------------------------------------------------------------------
# What /ready asks, by dotted name. A critical check that fails makes the process unready, another one degraded.
HEALTH_CHECKS = {
    "database": "mediagateway.health.check_database",
    "cache": "mediagateway.health.check_cache",
    "vectors": "mediagateway.health.check_vectors",
    "outbox": "mediagateway.health.check_outbox",
    **dict(GROUP.checks),
}
CRITICAL_HEALTH_CHECKS = {"database"}

# --- The product -----------------------------------------------------------------------------------------
DEFAULT_REGION = env.region("MG_DEFAULT_REGION", "US")
PUBLIC_URL = env.url("MG_PUBLIC_URL", f"http://localhost:{PORTS['api']}", schemes=("http", "https")).rstrip("/")
# Where clients reach the live channel; the group of that name serves it.
LIVE_URL = env.url("MG_LIVE_URL", f"http://localhost:{PORTS['live']}", schemes=("http", "https")).rstrip("/")
DOCS_URL = env.url("MG_DOCS_URL", f"{PUBLIC_URL}/docs", schemes=("http", "https")).rstrip("/")
SECURITY_CONTACT = env.url("MG_SECURITY_CONTACT", "mailto:security@mediagateway.io", schemes=("mailto", "https"))
WORKER_ENABLED = env.flag("MG_WORKER", True)
# How long a title that is not watched again stays in a history.
HISTORY_DAYS = env.integer("MG_HISTORY_DAYS", 365, minimum=1, maximum=3650)
# How long the log of searches keeps a query; 0 keeps none, only counts.
QUERY_LOG_DAYS = env.integer("MG_QUERY_LOG_DAYS", 90, minimum=0, maximum=730)
# Seconds between two writes of that log, by a thread beside the requests; 0 writes only when told to.
QUERY_LOG_INTERVAL_S = 1.0
