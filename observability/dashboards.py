"""The dashboards: one for each service, the error budget, the logs, the business."""

from collections.abc import Iterator, Mapping

from observability.objectives import Objectives
from observability.panels import Board, Panel, Variable
from settings.groups import GROUPS

#: Views of probes and of pages about the service are no requests to it.
_VIEWS = 'view!~"platform:.*"'
_COUNT = "mg_http_request_seconds_count"
_BUCKET = "mg_http_request_seconds_bucket"


def build_boards(objectives: Objectives) -> Iterator[Board]:
    """Build every dashboard."""
    for name in (*GROUPS, "worker"):
        yield _service(name)
    yield _error_budget(objectives)
    yield Board("business", "Business", _BUSINESS)
    yield _logs()


def _service(name: str) -> Board:
    """What every service has in common, and what this one has of its own."""
    rows: list[tuple[str, tuple[Panel, ...]]] = [] if name == "worker" else [("Requests", _requests(name))]
    if name in _OWN:
        rows.append(("Its own", _OWN[name]))
    rows.append(("Processes", _processes(name)))
    return Board(f"service-{name}", f"Service: {name}", tuple(rows), tags=("service",))


def _requests(name: str) -> tuple[Panel, ...]:
    service = f'service="{name}"'
    counted = f"{service}, {_VIEWS}"
    total = f"sum(rate({_COUNT}{{{counted}}}[5m]))"

    def share(status: str) -> str:
        failed = f'sum(rate({_COUNT}{{{counted}, status=~"{status}"}}[5m]))'
        return f"({failed} or 0 * {total}) / ({total} > 0)"

    return (
        Panel("Requests a second", (("{{status}}", f"sum by (status) (rate({_COUNT}{{{counted}}}[5m]))"),), "reqps"),
        Panel("Share of 4xx and 5xx", (("4xx", share("4..")), ("5xx", share("5.."))), "percentunit"),
        Panel(
            "Time of requests",
            tuple(
                (f"p{percent}", f"histogram_quantile({percent / 100}, sum by (le) (rate({_BUCKET}{{{counted}}}[5m])))")
                for percent in (50, 95, 99)
            ),
            "s",
        ),
        Panel(
            "Slowest views, p95",
            (
                (
                    "{{view}}",
                    f"topk(5, histogram_quantile(0.95, sum by (view, le) (rate({_BUCKET}{{{counted}}}[5m]))))",
                ),
            ),
            "s",
        ),
        Panel(
            "Busy threads",
            (
                ("in flight", f"sum(mg_http_requests_in_flight{{{service}}})"),
                ("threads", f"sum(mg_http_threads{{{service}}})"),
            ),
        ),
        Panel(
            "Wait for a thread",
            tuple(
                (
                    f"p{share * 100:.0f}",
                    f"histogram_quantile({share}, sum by (le) (rate(mg_http_queue_seconds_bucket{{{service}}}[5m])))",
                )
                for share in (0.5, 0.99)
            ),
            "s",
            about="Past MG_QUEUE_S a request is refused with 503.",
        ),
        Panel(
            "Refused by a limit, and let in uncounted",
            (
                ("429", f'sum(rate({_COUNT}{{{service}, status="429"}}[5m])) or 0 * {total}'),
                ("uncounted", f"sum(rate(mg_limits_unavailable_total{{{service}}}[5m]))"),
            ),
            "reqps",
        ),
        Panel(
            "Dependencies: 1 is well",
            (("{{check}}", f"min by (check) (mg_health_check_ok{{{service}}})"),),
            about="What the last /ready of each process found.",
        ),
        Panel(
            "Time of dependencies' checks",
            (("{{check}}", f"max by (check) (mg_health_check_seconds{{{service}}})"),),
            "s",
        ),
    )


def _processes(name: str) -> tuple[Panel, ...]:
    service = f'service="{name}"'
    return (
        Panel("Up", (("{{instance}}", f'up{{job="mediagateway", {service}}}'),), kind="number"),
        Panel("Version", (("{{version}}", f"sum by (version) (mg_build_info{{{service}}})"),), kind="number"),
        Panel(
            "CPU, cores",
            (("{{instance}} {{pid}}", f"rate(mg_process_cpu_seconds_total{{{service}}}[5m])"),),
        ),
        Panel("Memory", (("{{instance}} {{pid}}", f"mg_process_resident_bytes{{{service}}}"),), "bytes"),
    )


def _error_budget(objectives: Objectives) -> Board:
    """What is left, how fast it goes, and 30 days of compliance."""
    days = f"{objectives.window_days}d"
    burns = tuple((f"{each.long}", f'slo:error_ratio:rate{each.long}{{service="all"}}') for each in objectives.burns)
    rows = (
        (
            "Budget",
            (
                Panel("Budget left", (("left", "slo:error_budget:remaining"),), "percentunit", "number"),
                Panel("Minutes left", (("left", "slo:error_budget:remaining_minutes"),), "m", "number"),
                Panel("Objective", (("objective", "slo:availability:target"),), "percentunit", "number"),
                Panel(
                    f"Compliance over {days}",
                    (("compliance", f"slo:availability:compliance_{days}"),),
                    "percentunit",
                    "number",
                ),
                Panel("Burn rate, 1 h", (("burn", "slo:error_budget:burn_rate_1h"),), "short", "number"),
                Panel("Freshness budget left", (("left", "slo:freshness_budget:remaining"),), "percentunit", "number"),
            ),
        ),
        (
            "Availability",
            (
                Panel(
                    f"Rolling compliance over {days}",
                    (
                        ("gateway", f"slo:availability:compliance_{days}"),
                        ("{{service}}", f"slo:availability:by_service:compliance_{days}"),
                        ("objective", "slo:availability:target"),
                    ),
                    "percentunit",
                ),
                Panel(
                    "Budget left by service",
                    (("{{service}}", "slo:error_budget:by_service:remaining"),),
                    "percentunit",
                ),
                Panel("Share of failures", burns, "percentunit", about="Of the whole gateway, by window."),
                Panel(
                    "Availability",
                    (
                        ("gateway", "sli:availability:ratio_rate5m"),
                        ("{{service}}", "sli:availability:by_service:ratio_rate5m"),
                    ),
                    "percentunit",
                ),
                Panel(
                    "Requests and failures a second",
                    (
                        ("requests", "sli:throughput:requests_per_second"),
                        ("failures", "sli:errors:per_second"),
                    ),
                    "reqps",
                ),
            ),
        ),
        (
            "Latency and freshness",
            (
                Panel(
                    "p95 by class of route, in objectives",
                    (("{{class}}", "sli:latency:by_class:p95_5m / on (class) slo:latency:p95_objective_seconds"),),
                    about="1 is the objective.",
                ),
                Panel(
                    "p99 by class of route, in objectives",
                    (("{{class}}", "sli:latency:by_class:p99_5m / on (class) slo:latency:p99_objective_seconds"),),
                ),
                Panel("Whole gateway", tuple((f"p{n}", f"sli:api_latency:p{n}_5m") for n in (50, 95, 99)), "s"),
                Panel("p95 by service", (("{{service}}", "sli:latency:by_service:p95_5m"),), "s"),
                Panel("Age of listings", (("{{platform}} by {{source}}", "sli:freshness:age_seconds"),), "s"),
                Panel(f"Freshness over {days}", (("compliance", f"slo:freshness:compliance_{days}"),), "percentunit"),
            ),
        ),
    )
    return Board("slo-error-budget", "SLO and error budget", rows)


def _logs() -> Board:
    """Lines of every service; level and service are labels, the rest is in the line."""
    selected = '{service=~"$service", level=~"$level"} |= "$text" | json | request_id=~"$request_id.*"'
    return Board(
        "logs-explorer",
        "Logs explorer",
        (("Lines", (Panel("Lines", (("", selected),), kind="logs"),)),),
        variables=(
            Variable("service", (*GROUPS, "worker")),
            Variable("level", ("debug", "info", "warning", "error", "critical")),
            Variable("request_id"),
            Variable("text"),
        ),
    )


_SEARCHES = Panel(
    "Searches by outcome", (("{{outcome}}", "sum by (outcome) (rate(mg_search_queries_total[5m]))"),), "reqps"
)
_SIGN_INS = Panel(
    "Sign-ins by outcome", (("{{outcome}}", "sum by (outcome) (rate(mg_auth_sign_ins_total[5m]))"),), "reqps"
)
_LISTINGS = Panel("Age of listings", (("{{platform}} by {{source}}", "sli:freshness:age_seconds"),), "s")
_RECORDS = Panel("Records by what became of them", (("{{status}}", "max by (status) (mg_ingestion_records)"),))
_OUTBOX = (
    Panel("Events that wait", (("events", "max(mg_outbox_pending_events)"),)),
    Panel("Age of the oldest event", (("age", "max(mg_outbox_oldest_age_seconds)"),), "s"),
    Panel("Deliveries", (("{{outcome}}", "sum by (outcome) (rate(mg_outbox_deliveries_total[5m]))"),), "ops"),
    Panel(
        "Time of a delivery, p95",
        (("p95", "histogram_quantile(0.95, sum by (le) (rate(mg_outbox_delivery_seconds_bucket[5m])))"),),
        "s",
    ),
    Panel(
        "Last look at the outbox, seconds ago", (("ago", "time() - max(mg_worker_last_round_timestamp_seconds)"),), "s"
    ),
    Panel("Facts that could not be read", (("facts", "sum(increase(mg_facts_failed_total[10m]))"),)),
)

#: What a service has beside requests and processes.
_OWN: Mapping[str, tuple[Panel, ...]] = {
    "api": (_SEARCHES, _SIGN_INS),
    "discovery": (_SEARCHES,),
    "auth": (
        _SIGN_INS,
        Panel("Registrations a second", (("accounts", "sum(rate(mg_auth_registrations_total[5m]))"),), "reqps"),
    ),
    "ingestion": (_LISTINGS, _RECORDS),
    "worker": _OUTBOX,
}

_BUSINESS = (
    (
        "Catalogue",
        (
            Panel("Titles", (("{{kind}}", "max by (kind) (mg_content_titles)"),)),
            Panel("Offers", (("{{type}}", "max by (type) (mg_content_offers)"),)),
            _LISTINGS,
            Panel(
                "Newest listing's own date, days ago",
                (
                    (
                        "{{platform}}",
                        (
                            "(time() - max by (platform) (mg_ingestion_newest_listing_timestamp_seconds"
                            '{platform!=""})) / 86400'
                        ),
                    ),
                ),
                "d",
            ),
            _RECORDS,
        ),
    ),
    (
        "Use",
        (
            Panel(
                "New accounts, last hour",
                (("accounts", "sum(increase(mg_auth_registrations_total[1h]))"),),
                kind="number",
            ),
            Panel(
                "Searches that find nothing",
                (
                    (
                        "share",
                        (
                            'sum(rate(mg_search_queries_total{outcome="empty"}[30m]))'
                            " / (sum(rate(mg_search_queries_total[30m])) > 0)"
                        ),
                    ),
                ),
                "percentunit",
                "number",
            ),
            _SEARCHES,
            _SIGN_INS,
            Panel(
                "Requests by domain",
                (
                    (
                        "{{domain}}",
                        (
                            "sum by (domain) (label_replace("
                            f'rate({_COUNT}{{{_VIEWS}}}[5m]), "domain", "$1", "view", "([^:]+).*"))'
                        ),
                    ),
                ),
                "reqps",
            ),
        ),
    ),
)
