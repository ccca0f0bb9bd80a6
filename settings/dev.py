"""A developer's machine and the demo: everything embedded, nothing to configure."""

from settings import env
from settings.base import *  # noqa: F403 -- a settings module is its parent plus its own lines

ENVIRONMENT = "dev"
# Known to everybody, so only this module has it: prod refuses to boot without MG_SECRET_KEY.
SECRET_KEY = env.text("MG_SECRET_KEY", "development-only-key-that-everybody-knows")
# 32 bytes, as everybody can see.
KEK = env.secret("MG_KEK", b"development-only-key-of-32-bytes")
ALLOWED_HOSTS = ["*"]
