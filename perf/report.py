"""`python -m perf.report`: write BASELINE_REPORT.md and its plots from the newest results of each scenario."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl

from perf.capacity import write_capacity
from perf.environment import ROOT
from perf.groups import PARTS
from perf.scenarios import PLANS, RESULTS

_REPORT = ROOT / "perf" / "BASELINE_REPORT.md"
_PLOTS = RESULTS / "plots"
#: Part -> milliseconds at p95 and p99: agreed with users, and our own, tighter.
AGREED = {
    "search": (500, 1000),
    "recommendations": (5, 10),
    "playback": (100, 200),
    "auth": (50, 100),
    "sync": (100, 200),
}
OURS = {"search": (100, 250), "recommendations": (5, 10), "playback": (50, 100), "auth": (50, 100), "sync": (50, 100)}
_CONDITIONS = """\
Written by `python -m perf.report` from `perf/results/`. {cores} cores ({processor}), shared by the load
generator, five process groups of two workers, PostgreSQL and Redis: the rates are far below the full sizes, and each
scenario says its scale. What a request costs in CPU, and the ratios, carry over to other machines. Run it at full size
with `k6 run perf/k6/baseline.js` from machines of their own."""
_RUN = """\
{started_at}, commit {commit}, scale {scale:g}, {duration}, load average before {load_average}. {count:,} requests,
{rate:.1f} a second; {limited:.2%} limited (429), {unexpected:.2%} unexpected, {dropped:,} arrivals found no user."""
_ASSUMPTIONS = """\
Measured CPU of one request: {costs}; PostgreSQL {database_ms:.2f} ms on average over the mix.
Assumed: a process is busy 60 % of the time at most; service times vary with a squared coefficient of 2; a request waits
5 ms at most at p95; a process has 0.4 GiB; 1.2 Redis commands and 8 KiB of answer a request; 22 USD for a core and
3 USD for a GiB a month, a managed PostgreSQL at 2.5 times its cores. Reads beyond one PostgreSQL go to replicas.
`perf/capacity.py` is the model; the last column of the first table is a simulation of the same queue."""
#: A part has left the line when its p95 is this many times that of the lowest load.
_KNEE_FACTOR = 5


def main() -> int:
    """Write the report; 1 when there is not one result."""
    results = {name: json.loads(found[-1].read_text()) for name in PLANS if (found := sorted(_files(name)))}
    if not results:
        print("There are no results: run make perf.", file=sys.stderr)
        return 1
    lines = ["# What it carries", "", *_conditions(results.values())]
    for name, result in results.items():
        lines += ["", f"## {name.capitalize()}", "", *_scenario(name, result)]
        plot(name, result)
    if "baseline" in results:
        lines += ["", "## Capacity", "", *_capacity(results["baseline"])]
    _REPORT.write_text("\n".join(lines) + "\n")
    print(f"Written to {_REPORT.relative_to(ROOT)}")
    return 0


def _files(name: str) -> Iterable[Path]:
    """Find the scenario's results; perf-baseline has older ones of another form under a similar name."""
    return (file for file in RESULTS.glob(f"{name}-*.json") if '"scenario"' in file.read_text()[:200])


def find_knee(series: Sequence[Mapping[str, Any]]) -> float | None:
    """
    Find the highest rate of requests a second, over all parts, up to which latency keeps to the line.

    The bins are put in order of their load; the knee is the last one before the median of the bins' slowest p95 exceeds
    a multiple of what it was at the lowest load. None when it never does.
    """
    bins: dict[float, list[Mapping[str, Any]]] = {}
    for line in series:
        bins.setdefault(line["at_s"], []).append(line)
    loads = sorted(
        (sum(line["requests"] for line in lines) / 5, max(line["p95_ms"] for line in lines)) for lines in bins.values()
    )
    if len(loads) < 6:
        return None
    calm = sorted(p95 for _, p95 in loads[: len(loads) // 4])[len(loads) // 8]
    for index in range(len(loads) - 2):
        window = sorted(p95 for _, p95 in loads[index : index + 3])
        if window[1] > _KNEE_FACTOR * calm:
            return round(float(loads[max(0, index - 1)][0]), 1)
    return None


def _conditions(results: Iterable[Mapping[str, Any]]) -> list[str]:
    first = next(iter(results))
    machine = first["machine"]
    return [_CONDITIONS.format(cores=machine["cores"], processor=machine["processor"])]


def _scenario(name: str, result: Mapping[str, Any]) -> list[str]:
    metrics, usage = result["metrics"], result["usage"]
    run = _RUN.format(
        **{key: result[key] for key in ("started_at", "commit", "scale", "duration")},
        **{key: metrics["http_reqs"]["values"][key] for key in ("count", "rate")},
        load_average=result["machine"]["load_average_before"],
        limited=metrics["rate_limited"]["values"]["rate"],
        unexpected=metrics["unexpected"]["values"]["rate"],
        dropped=metrics.get("dropped_iterations", {}).get("values", {}).get("count", 0),
    )
    lines = [
        run,
        "",
        "| part | requests | p50 | p95 | p99 | agreed p95 / p99 | met | ours | met |",
        "|---|---:|---:|---:|---:|---:|---|---:|---|",
    ]
    for part in result["parts"]:
        values = metrics[f"http_req_duration{{part:{part}}}"]["values"]
        p95, p99 = values["p(95)"], values["p(99)"]
        lines.append(
            f"| {part} | {values['count']:,} | {values['med']:.1f} | {p95:.1f} | {p99:.1f} "
            f"| {AGREED[part][0]} / {AGREED[part][1]} | {_verdict(p95, p99, AGREED[part])} "
            f"| {OURS[part][0]} / {OURS[part][1]} | {_verdict(p95, p99, OURS[part])} |"
        )
    lines += ["", "| endpoint | requests | p50 | p95 | p99 | max |", "|---|---:|---:|---:|---:|---:|"]
    for key, metric in metrics.items():
        if key.startswith("http_req_duration{endpoint:") and metric["values"]["count"]:
            name_of, values = key.partition(":")[2].rstrip("}"), metric["values"]
            figures = " | ".join(f"{values[figure]:.1f}" for figure in ("med", "p(95)", "p(99)", "max"))
            lines.append(f"| {name_of} | {values['count']:,} | {figures} |")
    lines += ["", "| process | CPU s | mean cores | peak MiB | MiB at the end |", "|---|---:|---:|---:|---:|"]
    for group, used in usage.items():
        length = used["series"][-1][0] if used["series"] else 1
        lines.append(
            f"| {group} | {used['cpu_s']:.1f} | {used['cpu_s'] / length:.2f} | {used['peak_memory_mib']:,.0f} "
            f"| {used['last_memory_mib']:,.0f} |"
        )
    if name == "stress":
        knee = find_knee(result["series"])
        lines += ["", f"**The knee: {knee} requests a second.**" if knee else "No knee up to the highest rate."]
    if name == "soak":
        lines += ["", *_drift(result)]
    return [*lines, "", f"![{name}](results/plots/{name}.png)"]


def _verdict(p95: float, p99: float, target: tuple[int, int]) -> str:
    return "yes" if p95 < target[0] and p99 < target[1] else "**no**"


def _drift(result: Mapping[str, Any]) -> list[str]:
    """Compare the second half with the first, and memory at the end with memory after the first fifth."""
    lines = ["| part | median p95, first half | second half |", "|---|---:|---:|"]
    for part in result["parts"]:
        mine = [line for line in result["series"] if line["part"] == part]
        halves = [sorted(line["p95_ms"] for line in half) for half in (mine[: len(mine) // 2], mine[len(mine) // 2 :])]
        lines.append(f"| {part} | " + " | ".join(f"{half[len(half) // 2]:.1f}" for half in halves) + " |")
    lines += ["", "| process | MiB after a fifth | at the end |", "|---|---:|---:|"]
    for group, used in result["usage"].items():
        if used["series"]:
            early = used["series"][len(used["series"]) // 5][2]
            lines.append(f"| {group} | {early:,.0f} | {used['last_memory_mib']:,.0f} |")
    return lines


def _capacity(result: Mapping[str, Any]) -> list[str]:
    """Cost the parts by what their groups used, and hand them to the model."""
    metrics, usage = result["metrics"], result["usage"]
    counts = {part: metrics[f"http_req_duration{{part:{part}}}"]["values"]["count"] for part in result["parts"]}
    total = sum(counts.values())
    costs = {part: usage[PARTS[part]]["cpu_s"] * 1000 / count for part, count in counts.items()}
    shares = {part: count / total for part, count in counts.items()}
    database_ms = usage.get("postgres", {"cpu_s": 0})["cpu_s"] * 1000 / total
    costs_text = ", ".join(f"{part} {cost:.1f} ms" for part, cost in costs.items())
    return [
        _ASSUMPTIONS.format(costs=costs_text, database_ms=database_ms),
        "",
        *write_capacity(costs, shares, database_ms),
    ]


def plot(name: str, result: Mapping[str, Any]) -> None:
    """Draw load, latency and CPU over time, one under the other."""
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, (load, latency, cores) = plt.subplots(3, 1, sharex=True, figsize=(9, 8), layout="constrained")
    for part in result["parts"]:
        mine = [line for line in result["series"] if line["part"] == part]
        at_s = [line["at_s"] for line in mine]
        load.plot(at_s, [line["requests"] / 5 for line in mine], label=part)
        latency.plot(at_s, [max(line["p95_ms"], 0.1) for line in mine], label=part)
    for group, used in result["usage"].items():
        cores.plot([point[0] for point in used["series"]], [point[1] for point in used["series"]], label=group)
    load.set_ylabel("requests/s")
    latency.set_ylabel("p95, ms")
    latency.set_yscale("log")
    cores.set_ylabel("cores")
    cores.set_xlabel("seconds")
    load.set_title(f"{name}, scale {result['scale']:g}")
    for axes in (load, latency, cores):
        axes.legend(fontsize="x-small", ncols=4, loc="upper right")
        axes.grid(alpha=0.3)
    _PLOTS.mkdir(exist_ok=True)
    figure.savefig(_PLOTS / f"{name}.png", dpi=80)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(main())
