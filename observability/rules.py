"""The objectives as Prometheus rules: recording rules first, then the alerts on the error budget."""

from collections.abc import Iterator
from typing import Any

from observability.objectives import Burn, Latency, Objectives

Rule = dict[str, Any]

_COUNT = "mg_http_request_seconds_count"
_BUCKET = "mg_http_request_seconds_bucket"
#: Longer windows are averages of what is recorded every 30 s: a rate over days of raw samples reads millions of them.
_RAW_WINDOWS = frozenset({"5m", "30m", "1h", "6h"})
_RUNBOOK = "docs/runbooks/ALERTS.md"


def build_rules(objectives: Objectives) -> dict[str, Any]:
    """Build the whole rule file, in the order of evaluation: later groups read what earlier ones record."""
    groups = {
        "sli": _service_indicators(objectives),
        "sli-latency": _latency_indicators(objectives),
        "sli-freshness": _freshness_indicators(objectives),
        "slo": _budget(objectives),
        "slo-alerts": _alerts(objectives),
    }
    return {
        "groups": [
            {"name": name, "interval": objectives.interval, "rules": list(rules)} for name, rules in groups.items()
        ]
    }


def _service_indicators(objectives: Objectives) -> Iterator[Rule]:
    """Throughput, failures and availability: of the whole gateway, then by service."""
    counted = f'view!~"{objectives.availability.excluded_views}"'
    for scope, by in (("", ""), (":by_service", " by (service)")):
        total = f"sum{by} (rate({_COUNT}{{{counted}}}[5m]))"
        failed = f'sum{by} (rate({_COUNT}{{{counted}, status=~"5.."}}[5m]))'
        requests, errors = f"sli:throughput{scope}:requests_per_second", f"sli:errors{scope}:per_second"
        ratio = "sli:error:rate_5m" if not scope else "sli:error:by_service:rate_5m"
        yield _record(requests, total)
        # Without failures there is no series to sum, and that is zero, not nothing.
        yield _record(errors, f"{failed} or 0 * {requests}")
        yield _record(ratio, f"{errors} / ({requests} > 0)")
        yield _record(f"sli:availability{scope}:ratio_rate5m", f"1 - {ratio}")


def _latency_indicators(objectives: Objectives) -> Iterator[Rule]:
    """Quantiles of the whole gateway, by service, and by class of route."""
    counted = f'view!~"{objectives.availability.excluded_views}"'
    for percent in (50, 95, 99):
        yield _record(f"sli:api_latency:p{percent}_5m", _quantile(percent, counted))
    for percent in (95, 99):
        yield _record(f"sli:latency:by_service:p{percent}_5m", _quantile(percent, counted, by="service, le"))
    for latency in objectives.latencies:
        label = {"class": latency.name}
        for percent, limit_s in ((95, latency.p95_s), (99, latency.p99_s)):
            yield _record(f"sli:latency:by_class:p{percent}_5m", _quantile(percent, _views(latency)), label)
            yield _record(f"slo:latency:p{percent}_objective_seconds", f"vector({limit_s})", label)


def _freshness_indicators(objectives: Objectives) -> Iterator[Rule]:
    """Age of each platform's newest listing, and the share of them that is young enough."""
    newest = 'max by (source, platform) (mg_ingestion_last_run_timestamp_seconds{platform!=""})'
    yield _record("sli:freshness:age_seconds", f"time() - {newest}")
    yield _record("sli:freshness:ratio", f"avg(sli:freshness:age_seconds < bool {objectives.freshness.max_age_s})")


def _budget(objectives: Objectives) -> Iterator[Rule]:
    """Error ratios over every window that an alert looks at, and what is left of the budget."""
    window = f"{objectives.window_days}d"
    for length in sorted({length for burn in objectives.burns for length in (burn.long, burn.short)}, key=_minutes):
        yield _record(f"slo:error_ratio:rate{length}", _error_ratio(objectives, length, "by_service"))
        yield _record(f"slo:error_ratio:rate{length}", _error_ratio(objectives, length, "all"), {"service": "all"})
    yield _record("slo:availability:target", f"vector({objectives.availability.target})")
    for scope in ("", ":by_service"):
        compliance = f"slo:availability{scope}:compliance_{window}"
        yield _record(compliance, f"1 - {_recorded_ratio(scope, window)}")
        yield _record(f"slo:error_budget{scope}:remaining", f"1 - (1 - {compliance}) / {objectives.budget_ratio}")
    yield _record("slo:error_budget:remaining_minutes", f"slo:error_budget:remaining * {objectives.budget_minutes}")
    yield _record(
        "slo:error_budget:burn_rate_1h",
        f'sum(slo:error_ratio:rate1h{{service="all"}}) / {objectives.budget_ratio}',
    )
    fresh = f"slo:freshness:compliance_{window}"
    yield _record(fresh, f"avg_over_time(sli:freshness:ratio[{window}])")
    allowed = round(1 - objectives.freshness.target, 9)
    yield _record("slo:freshness_budget:remaining", f"1 - (1 - {fresh}) / {allowed}")


def _alerts(objectives: Objectives) -> Iterator[Rule]:
    """Alerts on the budget; what they mean and what to do stands in the runbook."""
    for burn in objectives.burns:
        yield _burn_alert(burn, objectives)
    low = objectives.availability.low_budget_ratio
    days = objectives.window_days
    yield _alert(
        "ErrorBudgetLow",
        f"slo:error_budget:remaining < {low} and slo:error_budget:remaining > 0",
        wait="5m",
        severity="warning",
        summary=f"{{{{ $value | humanizePercentage }}}} of the error budget of {days} days is left.",
    )
    yield _alert(
        "ErrorBudgetExhausted",
        "slo:error_budget:remaining <= 0",
        wait="5m",
        severity="critical",
        summary=f"The error budget of {days} days is spent.",
    )
    yield _alert(
        "CatalogueStale",
        f"sli:freshness:age_seconds > {objectives.freshness.max_age_s}",
        wait="15m",
        severity="warning",
        summary="The listing of {{ $labels.platform }} by {{ $labels.source }} is {{ $value | humanizeDuration }} old.",
    )
    yield _alert(
        "FreshnessBudgetLow",
        f"slo:freshness_budget:remaining < {low}",
        wait="30m",
        severity="warning",
        summary="{{ $value | humanizePercentage }} of the freshness budget is left.",
    )


def _burn_alert(burn: Burn, objectives: Objectives) -> Rule:
    limit = f"{burn.factor} * {objectives.budget_ratio}"
    return _alert(
        f"ErrorBudgetBurn{burn.name}",
        f"slo:error_ratio:rate{burn.long} > {limit} and on (service) slo:error_ratio:rate{burn.short} > {limit}",
        wait="2m" if burn.severity == "critical" else "15m",
        severity=burn.severity,
        summary=(
            f"{{{{ $labels.service }}}} fails {{{{ $value | humanizePercentage }}}} of its requests over {burn.long}: "
            f"more than {burn.factor:g} times what the budget allows."
        ),
    )


def _error_ratio(objectives: Objectives, length: str, scope: str) -> str:
    """Write the share of failed requests over a window, by service or of all."""
    if length not in _RAW_WINDOWS:
        return _recorded_ratio("" if scope == "all" else ":by_service", length)
    by = "" if scope == "all" else " by (service)"
    counted = f'view!~"{objectives.availability.excluded_views}"'
    total = f"sum{by} (rate({_COUNT}{{{counted}}}[{length}]))"
    failed = f'sum{by} (rate({_COUNT}{{{counted}, status=~"5.."}}[{length}]))'
    return f"({failed} or 0 * {total}) / ({total} > 0)"


def _recorded_ratio(scope: str, length: str) -> str:
    """Write the same over a long window: each moment weighs as much as it had requests."""
    requests = f"avg_over_time(sli:throughput{scope}:requests_per_second[{length}])"
    return f"avg_over_time(sli:errors{scope}:per_second[{length}]) / ({requests} > 0)"


def _quantile(percent: int, selector: str, *, by: str = "le") -> str:
    return f"histogram_quantile({percent / 100}, sum by ({by}) (rate({_BUCKET}{{{selector}}}[5m])))"


def _views(latency: Latency) -> str:
    """Select the views of a class."""
    selector = f'view=~"{latency.views}"'
    return f'{selector}, view!~"{latency.but_not}"' if latency.but_not else selector


def _record(name: str, expr: str, labels: dict[str, str] | None = None) -> Rule:
    return {"record": name, "expr": expr} | ({"labels": labels} if labels else {})


def _alert(name: str, expr: str, *, wait: str, severity: str, summary: str) -> Rule:
    return {
        "alert": name,
        "expr": expr,
        "for": wait,
        "labels": {"severity": severity},
        "annotations": {"summary": summary, "runbook": f"{_RUNBOOK}#{name.lower()}"},
    }


def _minutes(length: str) -> int:
    """Give a window's length in minutes, to order by."""
    return int(length[:-1]) * {"m": 1, "h": 60, "d": 1440}[length[-1]]
