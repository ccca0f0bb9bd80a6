"""Every log line of every process as one JSON object: ours, Django's, gunicorn's, the libraries'."""

import logging
import logging.config
import sys
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from gunicorn.config import Config
from gunicorn.glogging import Logger
from structlog.typing import EventDict, Processor, WrappedLogger

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}

#: What a line of either kind goes through before it is written.
_SHARED: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
)


def configure(config: Mapping[str, Any]) -> None:
    """
    Set structlog and the standard library's logging up alike; `settings.LOGGING_CONFIG` names this function.

    Args:
        config: `service`: what each line says it is from. `level`: debug, info, warning or error. `format`: "json", or
            "console" for people. `stream`: "stdout" for servers, "stderr" for commands, whose standard output is their
            result.
    """
    stream = sys.stdout if config["stream"] == "stdout" else sys.stderr
    level = _LEVELS[config["level"]]
    is_json = config["format"] == "json"
    renderer: Processor = structlog.processors.JSONRenderer(_dump) if is_json else structlog.dev.ConsoleRenderer()
    shared = (_naming(config["service"]), *_SHARED) if is_json else _SHARED[:-1]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Bytes straight to the stream: a text layer would encode each line once more.
        logger_factory=structlog.BytesLoggerFactory(stream.buffer) if is_json else structlog.PrintLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {
                "structured": {
                    "()": structlog.stdlib.ProcessorFormatter,
                    "foreign_pre_chain": [_add_logger_name, *shared],
                    "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _decoded(renderer)],
                }
            },
            "handlers": {"stream": {"class": "logging.StreamHandler", "stream": stream, "formatter": "structured"}},
            "root": {"handlers": ["stream"], "level": level},
            "loggers": {
                # Each failed request has its line from the access log and, when it is our fault, from the problem
                # handler; Django's own would be a third.
                "django.request": {"level": logging.CRITICAL},
                "django.server": {"handlers": [], "propagate": True},
                "httpx": {"level": logging.WARNING},
                "faker": {"level": logging.WARNING},
            },
        }
    )


class GunicornLogger(Logger):  # type: ignore[misc] # gunicorn is untyped
    """Hands gunicorn's lines to the root logger, which knows how lines look here."""

    def setup(self, cfg: Config) -> None:
        """Take gunicorn's own handlers off."""
        super().setup(cfg)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


def _naming(service: str) -> Processor:
    """Say in every line which service wrote it."""

    def name(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    return name


def _dump(event: EventDict, **_: object) -> bytes:
    """Encode an event; what JSON has no form for is written as its repr."""
    return orjson.dumps(event, default=repr, option=orjson.OPT_NON_STR_KEYS)


def _decoded(renderer: Processor) -> Processor:
    """Make text of the renderer's bytes, for the handlers of the standard library."""

    def render(logger: WrappedLogger, name: str, event: EventDict) -> str:
        line = renderer(logger, name, event)
        return line.decode() if isinstance(line, bytes) else str(line)

    return render


def _add_logger_name(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Say which library a foreign line comes from; ours have names that say it."""
    event["logger"] = event["_record"].name
    return event
