"""Logs that cannot carry personal data: only listed keys pass; exceptions appear as type and place, never as text."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO
from uuid import UUID

import structlog

ALLOWED_KEYS = frozenset(
    [
        "event",
        "level",
        "logger",
        "timestamp",
        "service",
        "source",
        "role",
        "tenant",
        "position",
        "number",
        "size",
        "type",
        "topic",
        "method",
        "status",
        "code",
        "outcome",
        "duration_ms",
        "count",
        "attempts",
        "reason",
        "error",
        "place",
        "port",
        "host",
        "stream",
        "step",
        "duty",
        "key_id",
        "queue",
        "listener",
        "pid",
        "url_path",
        "queue_size",
        "agency",
    ]
)
PLAIN = (str, int, float, bool, type(None))


def _only_allowed_keys(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: _plain(value) for key, value in event.items() if key in ALLOWED_KEYS}


def _plain(value: Any) -> Any:
    """Texts, numbers and ids as they are; of anything else the type only, for who knows what it prints."""
    if isinstance(value, UUID):
        return str(value)
    return value if isinstance(value, PLAIN) else type(value).__name__


def _exception_as_type_and_place(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    info = event.pop("exc_info", None)
    error = sys.exc_info()[1] if info is True else info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event.update(facts_of(error))
    return event


def facts_of(error: BaseException) -> dict[str, str]:
    """What a log may say of an exception: its type and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "place": place}


class _LibraryRecords(logging.Handler):
    """Standard-library loggers go the same way: logger's name, level and exception type; their text is dropped.

    It takes every level and drops those below `least` itself: some libraries add a handler of their own where none
    takes theirs.
    """

    def __init__(self, least: int) -> None:
        super().__init__()
        self._least = least

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= self._least:
            facts = facts_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else {}
            log().log(record.levelno, "library.logged", logger=record.name, **facts)


def _service_as(service: str) -> Callable[[Any, str, MutableMapping[str, Any]], MutableMapping[str, Any]]:
    """Says which service logs, in whatever thread."""

    def add(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        event.setdefault("service", service)
        return event

    return add


def configure_logging(service: str, file: TextIO | None = None, level: str = "info") -> None:
    """Sends this process's logs to standard error, or to a file, as JSON lines with nothing but the allowed keys.

    So go warnings, the records of every library, and exceptions that nobody caught. `level` is `debug` or `info`; what
    libraries log below a warning is told of only by `debug`, and then too by logger and level alone.
    """
    least = logging.DEBUG if level == "debug" else logging.INFO
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _service_as(service),
            _exception_as_type_and_place,
            _only_allowed_keys,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        logger_factory=structlog.PrintLoggerFactory(file or sys.stderr),
    )
    _take_over_library_loggers(logging.DEBUG if level == "debug" else logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = lambda _, error, __: _log_uncaught(error)
    sys.unraisablehook = lambda unraisable: _log_uncaught(unraisable.exc_value)
    threading.excepthook = lambda uncaught: _log_uncaught(uncaught.exc_value)


def _take_over_library_loggers(least: int) -> None:
    logging.root.handlers = [_LibraryRecords(least)]
    logging.root.setLevel(least)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers.clear()
            logger.propagate = True


def _log_uncaught(error: BaseException | None) -> None:
    if error is not None and not isinstance(error, SystemExit | KeyboardInterrupt):
        log().error("process.exception_not_caught", **facts_of(error))


def log() -> Any:
    """The logger; events are dotted and past (`relay.event_published`), facts are keyword arguments."""
    return structlog.get_logger()
