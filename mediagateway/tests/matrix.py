"""Examples of the kernel's own operations."""

from mediagateway.testing.matrix import Example

_REPORT = b'{"csp-report": {"effective-directive": "script-src", "blocked-uri": "inline"}}'

EXAMPLES = {
    "platform_csp_report_create": Example(raw=(_REPORT, "application/csp-report")),
    "platform_health_get": Example(),
    "platform_liveness_get": Example(),
    "platform_metrics_get": Example(),
    "platform_readiness_get": Example(),
}
