"""`manage.py mcp_stdio`: the same tools for an agent on the same machine."""

import asyncio
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from mcp.server.stdio import stdio_server

from apps.mcp.services.server import make_server
from mediagateway.http.authentication import Verifier
from mediagateway.principal import Principal


class Command(BaseCommand):
    """Speak the Model Context Protocol over standard input and output."""

    help = "Serve agents over stdio. MG_TOKEN holds an access token or an API key; without it the agent is anonymous."

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_serve(_caller()))


def _caller() -> Principal | None:
    """Find whose token the environment holds."""
    token = os.environ.get("MG_TOKEN")
    if not token:
        return None
    verify: Verifier = import_string(settings.TOKEN_VERIFIER)
    principal = verify(token)
    if principal is None:
        raise CommandError("MG_TOKEN holds no valid access token or API key.")
    return principal


async def _serve(principal: Principal | None) -> None:
    server = make_server(principal)
    async with stdio_server() as (reader, writer):
        await server.run(reader, writer, server.create_initialization_options())
