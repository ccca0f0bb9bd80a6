"""The live channel: a plain ASGI application, which tells devices of what happens while it happens."""
