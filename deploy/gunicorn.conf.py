"""
gunicorn for every process group: `MG_GROUP` picks the row of settings/groups.py, the environment the rest.

    MG_GROUP=search python -m gunicorn -c deploy/gunicorn.conf.py
"""

import gc
import os
import shutil
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.prod")
os.environ.setdefault("MG_LOG_STREAM", "stdout")
# Requests are what runs side by side. Threads inside one product of small matrices wait for one another far longer than
# they save.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from django.conf import settings
from django.utils.log import configure_logging

_group = settings.GROUP

# What is loaded until the first request stays for good: to look through it for cycles again and again is a quarter of
# a start. A worker begins to collect once it is warm, and never looks at what it began with.
gc.disable()

# prometheus_client looks at this when it is imported, so it stands before everything that imports it. The folder is
# emptied at a start, because its files belong to dead processes, and left alone when a reload runs this file again.
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    _metrics_dir = settings.DATA_DIR / "run" / "metrics" / _group.name
    shutil.rmtree(_metrics_dir, ignore_errors=True)
    _metrics_dir.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_metrics_dir)

configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)

wsgi_app = "mediagateway.asgi:application" if _group.worker == "asgi" else "mediagateway.wsgi:application"
worker_class = "mediagateway.server.LiveWorker" if _group.worker == "asgi" else "mediagateway.server.GatewayWorker"
bind = f"{settings.HOST}:{settings.PORT}"
workers = settings.WORKERS
threads = settings.THREADS if _group.worker == "thread" else 1
timeout = _group.timeout_s
# The arbiter counts from the signal: drain, last handshakes and grace, and a moment to write the last line.
graceful_timeout = settings.DRAIN_S + settings.GRACE_S + 5
# Longer than a balancer keeps an idle connection, so that it is never the server who closes first.
keepalive = 75
# Loaded once and shared by the workers; a broken application stops the start and not worker after worker.
preload_app = True
logger_class = "mediagateway.telemetry.logs.GunicornLogger"
# Two masters of one user would overwrite each other's.
control_socket_disable = True
limit_request_line = 8190
# A little above what the live channel takes, which then refuses with its own close code.
websocket_max_message_size = 64 * 1024
forwarded_allow_ips = ",".join(settings.TRUSTED_PROXIES)
proc_name = f"mediagateway-{_group.name}"
# The heartbeat file in memory: on a slow disk a beat can come too late.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 -- gunicorn makes an unnamed file there


def on_starting(server: Any) -> None:
    """Leave the mark by which `manage.py shutdown` finds this group; a second one under the same name dies here."""
    from mediagateway.processes import RunMark

    # The lock lives as long as the object.
    server.run_mark = RunMark(_group.name)
    server.run_mark.take()


def post_fork(server: Any, worker: Any) -> None:
    """Start exporting traces: the exporter's thread would not survive the fork."""
    from mediagateway.telemetry import tracing

    tracing.start()


def post_worker_init(worker: Any) -> None:
    """Warm the worker up before it takes its first request, let it collect garbage, and say what it is."""
    from mediagateway.health import warm_up
    from mediagateway.telemetry.metrics import BUILD, THREADS

    warm_up()
    gc.freeze()
    gc.enable()
    THREADS.set(threads)
    BUILD.labels(_group.name, settings.VERSION).set(1)


def child_exit(server: Any, worker: Any) -> None:
    """Take the gauges of a dead worker out of the sum."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call] # prometheus_client types only half
