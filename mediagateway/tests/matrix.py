"""Examples of the kernel's own operations."""

from mediagateway.testing.matrix import Example

EXAMPLES = {
    "platform_health_get": Example(),
    "platform_liveness_get": Example(),
    "platform_metrics_get": Example(),
    "platform_readiness_get": Example(),
}
