"""The protocol over HTTP, and what tells agents that it is there."""
