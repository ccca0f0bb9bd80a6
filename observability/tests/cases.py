"""For each alert: a history in which it is silent first and fires later, and what it then says."""

from dataclasses import dataclass

_API = 'service="api"'
_COUNT = "mg_http_request_seconds_count"
_BUCKET = "mg_http_request_seconds_bucket"


@dataclass(frozen=True, slots=True)
class Case:
    """
    One alert's history.

    Attributes:
        series: In promtool's notation, one value a minute.
        silent_at, fires_at: Minutes from the beginning.
        fires: For each alert that then fires, its labels beside the severity, and its summary.
        silent_too: Alerts that stay silent even then: the case is not so bad.
    """

    series: dict[str, str]
    silent_at: int
    fires_at: int
    fires: tuple[tuple[dict[str, str], str], ...]
    silent_too: tuple[str, ...] = ()


def _requests(failed: str, ok: str) -> dict[str, str]:
    """Count requests of the api group: what failed, and what did not."""
    return {
        f'{_COUNT}{{{_API}, view="content:title", method="GET", status="500"}}': failed,
        f'{_COUNT}{{{_API}, view="content:title", method="GET", status="200"}}': ok,
        # A caller's mistakes and a draining probe are no failures of the service.
        f'{_COUNT}{{{_API}, view="content:title", method="GET", status="404"}}': "0+50x5000",
        f'{_COUNT}{{{_API}, view="platform:readiness-get", method="GET", status="503"}}': "0+50x5000",
    }


def _both(text: str) -> tuple[tuple[dict[str, str], str], ...]:
    """Expect the same of the service and of the whole gateway, of which it is all."""
    return tuple(({"service": name}, text.format(name)) for name in ("api", "all"))


def _slow_requests(view: str) -> dict[str, str]:
    """Histogram of a view whose every request takes 2.5 to 5 s from minute 30 on."""
    return {
        f'{_BUCKET}{{{_API}, view="{view}", method="GET", status="200", le="{bound}"}}': values
        for bound, values in (
            ("0.0025", "0+60x30 1800x60"),
            ("2.5", "0+60x30 1800x60"),
            ("5.0", "0+60x90"),
            ("+Inf", "0+60x90"),
        )
    }


CASES: dict[str, Case] = {
    "ErrorBudgetBurnFast": Case(
        _requests("0x60 0+20x70", "0+930x130"),
        silent_at=59,
        fires_at=119,
        fires=_both("{} fails 1.935% of its requests over 1h: more than 14.4 times what the budget allows."),
    ),
    "ErrorBudgetBurnMedium": Case(
        _requests("0x360 0+8x380", "0+942x740"),
        silent_at=359,
        fires_at=720,
        fires=_both("{} fails 0.7978% of its requests over 6h: more than 6 times what the budget allows."),
        silent_too=("ErrorBudgetBurnFast",),
    ),
    "ErrorBudgetBurnSlow": Case(
        _requests("0x60 0+2x4340", "0+948x4400"),
        silent_at=59,
        fires_at=4380,
        fires=_both("{} fails 0.1995% of its requests over 3d: more than 1 times what the budget allows."),
        silent_too=("ErrorBudgetBurnFast", "ErrorBudgetBurnMedium"),
    ),
    "ErrorBudgetLow": Case(
        _requests("0x60 0+2x60", "0+1000x60 60000+948x60"),
        silent_at=59,
        fires_at=106,
        fires=(({}, "18.91% of the error budget of 30 days is left."),),
        silent_too=("ErrorBudgetExhausted",),
    ),
    "ErrorBudgetExhausted": Case(
        _requests("0x60 0+100x60", "0+1000x120"),
        silent_at=59,
        fires_at=100,
        fires=(({}, "The error budget of 30 days is spent."),),
        silent_too=("ErrorBudgetLow",),
    ),
    "CatalogueStale": Case(
        {'mg_ingestion_last_run_timestamp_seconds{source="justwatch-csv", platform="max"}': "0x1500"},
        silent_at=1439,
        fires_at=1470,
        fires=(
            (
                {"source": "justwatch-csv", "platform": "max"},
                "The listing of max by justwatch-csv is 1d 0h 30m 0s old.",
            ),
        ),
    ),
    "FreshnessBudgetLow": Case(
        {'mg_ingestion_last_run_timestamp_seconds{source="justwatch-csv", platform="max"}': "0x1700"},
        silent_at=1439,
        fires_at=1500,
        fires=(({}, "-363.6% of the freshness budget is left."),),
    ),
    "ServiceDown": Case(
        {'up{job="mediagateway", service="sona", instance="b:8082"}': "1x10 0x10"},
        silent_at=10,
        fires_at=15,
        fires=(
            (
                {"job": "mediagateway", "service": "sona", "instance": "b:8082"},
                "sona at b:8082 does not answer Prometheus.",
            ),
        ),
    ),
    "NothingScraped": Case(
        {'up{job="mediagateway", service="api"}': "1x10 0x10"},
        silent_at=10,
        fires_at=15,
        fires=(({}, "Prometheus reaches no process of the gateway."),),
    ),
    "ErrorRateHigh": Case(
        _requests("0x30 0+60x30", "0+890x60"),
        silent_at=30,
        fires_at=45,
        fires=(({"service": "api"}, "api fails 6% of its requests."),),
        silent_too=("ErrorRateCritical",),
    ),
    "ErrorRateCritical": Case(
        _requests("0x30 0+190x30", "0+760x60"),
        silent_at=30,
        fires_at=45,
        fires=(({"service": "api"}, "api fails 19% of its requests."),),
    ),
    "LatencyP95AboveObjective": Case(
        _slow_requests("search:titles"),
        silent_at=30,
        fires_at=60,
        fires=(({"class": "search"}, "95 of 100 search requests take up to 4.875s: above the objective."),),
    ),
    "LatencyP99AboveObjective": Case(
        _slow_requests("content:title"),
        silent_at=30,
        fires_at=60,
        fires=(({"class": "content"}, "99 of 100 content requests take up to 4.975s: above the objective."),),
    ),
    "CatalogueEmpty": Case(
        {'mg_content_titles{service="worker", kind="movie"}': "5x10 0x20"},
        silent_at=10,
        fires_at=25,
        fires=(({}, "The catalogue holds no titles."),),
    ),
    "DatabaseFailing": Case(
        {'mg_health_check_ok{service="auth", check="database"}': "1x10 0x10"},
        silent_at=10,
        fires_at=15,
        fires=(({"service": "auth"}, "auth cannot use the database."),),
        silent_too=("DependencyUnwell",),
    ),
    "DependencyUnwell": Case(
        {'mg_health_check_ok{service="api", check="outbox"}': "1x10 0.5x20"},
        silent_at=10,
        fires_at=20,
        fires=(({"service": "api", "check": "outbox"}, "api finds outbox unwell."),),
        silent_too=("DatabaseFailing",),
    ),
    "DependencySlow": Case(
        {'mg_health_check_seconds{service="api", check="vectors"}': "0.01x10 0.8x20"},
        silent_at=10,
        fires_at=20,
        fires=(({"service": "api", "check": "vectors"}, "api waits 800ms for vectors."),),
    ),
    "OutboxLagging": Case(
        {'mg_outbox_oldest_age_seconds{service="worker"}': "0x10 90x20"},
        silent_at=10,
        fires_at=15,
        fires=(({}, "The oldest event has waited 1m 30s for its delivery."),),
        silent_too=("OutboxStuck",),
    ),
    "OutboxStuck": Case(
        {'mg_outbox_oldest_age_seconds{service="worker"}': "30x10 900x20"},
        silent_at=10,
        fires_at=20,
        fires=(({}, "The oldest event has waited 15m 0s for its delivery."),),
    ),
    "OutboxDeliveriesFailing": Case(
        {'mg_outbox_deliveries_total{service="worker", outcome="failed"}': "0x30 0+30x60"},
        silent_at=30,
        fires_at=60,
        fires=(({}, "500m deliveries fail in a second."),),
    ),
    "WorkerStalled": Case(
        {'mg_worker_last_round_timestamp_seconds{service="worker"}': "0+60x10 600x20"},
        silent_at=10,
        fires_at=20,
        fires=(({}, "No worker has looked at the outbox for 10m 0s."),),
    ),
    "FactsUnread": Case(
        {'mg_facts_failed_total{service="worker"}': "0x20 0+4x30"},
        silent_at=20,
        fires_at=40,
        fires=(({}, "The worker could not read 40 facts in ten minutes."),),
    ),
    "MemoryHigh": Case(
        {'mg_process_resident_bytes{service="sona", pid="7"}': "400000000x20 1288490188.8x30"},
        silent_at=20,
        fires_at=40,
        fires=(({"service": "sona"}, "A process of sona holds 1.2GiB."),),
        silent_too=("MemoryCritical",),
    ),
    "MemoryCritical": Case(
        {'mg_process_resident_bytes{service="sona", pid="7"}': "400000000x20 2147483648x30"},
        silent_at=20,
        fires_at=30,
        fires=(({"service": "sona"}, "A process of sona holds 2GiB."),),
    ),
    "CPUHigh": Case(
        {'mg_process_cpu_seconds_total{service="api", pid="7"}': "0+6x30 180+57x60"},
        silent_at=30,
        fires_at=60,
        fires=(({"service": "api"}, "A process of api uses 95% of a core."),),
    ),
    "ThreadsBusy": Case(
        {
            'mg_http_requests_in_flight{service="api"}': "1x20 4x30",
            'mg_http_threads{service="api"}': "4x50",
        },
        silent_at=20,
        fires_at=40,
        fires=(({"service": "api"}, "100% of the threads of api are busy; requests wait."),),
    ),
    "LimiterFailingOpen": Case(
        {'mg_limits_unavailable_total{service="api"}': "0x20 0+10x30"},
        silent_at=20,
        fires_at=30,
        fires=(({"service": "api"}, "api lets requests in uncounted: Redis does not answer the limiter."),),
    ),
    "RefusalsHigh": Case(
        {
            f'{_COUNT}{{{_API}, view="content:title", method="GET", status="200"}}': "0+60x60",
            f'{_COUNT}{{{_API}, view="none", method="GET", status="429"}}': "0x20 0+60x40",
        },
        silent_at=20,
        fires_at=50,
        fires=(({"service": "api"}, "api answers 50% of its requests with 429."),),
    ),
    "SignInsRefused": Case(
        {
            'mg_auth_sign_ins_total{service="auth", outcome="refused"}': "0+6x20 120+120x40",
            'mg_auth_sign_ins_total{service="auth", outcome="opened"}': "0+30x60",
        },
        silent_at=20,
        fires_at=50,
        fires=(({}, "2 attempts to sign in are refused in a second: somebody guesses passwords."),),
    ),
    "ContentPolicyViolated": Case(
        {'mg_csp_reports_total{service="api", directive="script-src"}': "0x20 0+10x40"},
        silent_at=20,
        fires_at=50,
        fires=(
            (
                {"directive": "script-src"},
                "Browsers report 150 violations of script-src: a page breaks its policy, or somebody injects code.",
            ),
        ),
    ),
    "SearchesFindNothing": Case(
        {
            'mg_search_queries_total{service="discovery", outcome="found"}': "0+60x60 3600x60",
            'mg_search_queries_total{service="discovery", outcome="empty"}': "0x60 0+60x60",
        },
        silent_at=60,
        fires_at=119,
        fires=(({}, "100% of the searches find nothing: is the index complete?"),),
    ),
}
