"""The kinds of panel that our dashboards are made of, in Grafana's own schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from grafana_foundation_sdk.builders import dashboard, logs, loki, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import BigValueColorMode
from grafana_foundation_sdk.models.dashboard import DataSourceRef

_PROMETHEUS = DataSourceRef(type_val="prometheus", uid="prometheus")
_LOKI = DataSourceRef(type_val="loki", uid="loki")
#: Grafana's grid is 24 columns wide.
_THIRD, _WHOLE = 8, 24
_HEIGHT = 8


@dataclass(frozen=True, slots=True)
class Panel:
    """
    One panel: what it asks, and how the answer is read.

    Attributes:
        queries: Legend and PromQL; of a "logs" panel LogQL.
        unit: Grafana's name: "s", "reqps", "percentunit", "bytes", "short".
    """

    title: str
    queries: tuple[tuple[str, str], ...]
    unit: str = "short"
    kind: Literal["graph", "number", "logs"] = "graph"
    about: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """A choice above the panels: among values, or free text when there are none."""

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """A dashboard: rows of panels by their titles."""

    uid: str
    title: str
    rows: tuple[tuple[str, tuple[Panel, ...]], ...]
    variables: tuple[Variable, ...] = ()
    tags: tuple[str, ...] = ()


def render_board(board: Board) -> str:
    """Write a dashboard as the JSON that Grafana provisions."""
    builder = (
        dashboard.Dashboard(board.title)
        .uid(board.uid)
        .tags(["mediagateway", *board.tags])
        .refresh("10s")
        .time("now-1h", "now")
        .timezone("utc")
        .readonly()
    )
    for variable in board.variables:
        builder = builder.with_variable(_variable(variable))
    for title, panels in board.rows:
        builder = builder.with_row(dashboard.Row(title))
        for panel in panels:
            builder = builder.with_panel(_panel(panel))
    return JSONEncoder(sort_keys=True, indent=2).encode(builder.build()) + "\n"


def _panel(panel: Panel) -> Any:
    if panel.kind == "logs":
        lines = logs.Panel().title(panel.title).datasource(_LOKI).span(_WHOLE).height(2 * _HEIGHT).show_time(True)
        return _with(lines.enable_log_details(True), [loki.Dataquery().expr(expr) for _, expr in panel.queries])
    targets = [
        prometheus.Dataquery().expr(expr).legend_format(legend).ref_id(chr(ord("A") + number))
        for number, (legend, expr) in enumerate(panel.queries)
    ]
    if panel.kind == "number":
        number = stat.Panel().title(panel.title).color_mode(BigValueColorMode.VALUE)
        return _with(
            number.datasource(_PROMETHEUS).unit(panel.unit).description(panel.about).span(4).height(4), targets
        )
    graph = timeseries.Panel().title(panel.title).description(panel.about).unit(panel.unit).min(0)
    return _with(graph.datasource(_PROMETHEUS).span(_THIRD).height(_HEIGHT), targets)


def _with(panel: Any, targets: Sequence[Any]) -> Any:
    for target in targets:
        panel = panel.with_target(target)
    return panel


def _variable(variable: Variable) -> Any:
    if not variable.values:
        return dashboard.TextBoxVariable(variable.name).default_value("")
    chosen = dashboard.CustomVariable(variable.name).values(",".join(variable.values))
    return chosen.multi(True).include_all(True).all_value(".+")
