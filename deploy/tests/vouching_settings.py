"""The development settings for thousands of people: no limits, and bearers that say by themselves whose they are."""

from deploy.tests.unlimited_settings import *  # noqa: F403 -- a settings module is its parent plus its own lines

TOKEN_VERIFIER = "apps.user.tests.factories.verify_bearer"
