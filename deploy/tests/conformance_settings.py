"""The development settings without limits, with what the protocol's conformance suite calls beside our own tools."""

from deploy.tests.unlimited_settings import *  # noqa: F403 -- a settings module is its parent plus its own lines

MCP_TOOLS = (*MCP_TOOLS, "apps.mcp.tests.conformance.TOOLS")  # noqa: F405 -- the parent's
MCP_RESOURCES = (*MCP_RESOURCES, "apps.mcp.tests.conformance.RESOURCES")  # noqa: F405 -- the parent's
MCP_PROMPTS = (*MCP_PROMPTS, "apps.mcp.tests.conformance.PROMPTS")  # noqa: F405 -- the parent's
