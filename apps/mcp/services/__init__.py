"""Serving agents: who calls, what there is to call, and the protocol around it."""
