"""
What watches the service: objectives, rules, alerts, dashboards, and where logs and traces go.

`python -m observability.generate` writes what is generated; docs/observability.md tells how to run all of it.
"""
