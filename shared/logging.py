"""Logs that cannot carry personal data: only keys on the list pass, exceptions appear as type and place, never as text."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED_KEYS = frozenset(
    "event level logger timestamp service source role tenant position number size type topic method status code outcome duration_ms "
    "count attempts reason error place port host stream step duty key_id queue listener pid url_path queue_size agency".split()
)


def _only_allowed_keys(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


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
    """Standard-library loggers go the same way: logger's name, level and exception type; their text is dropped."""

    def emit(self, record: logging.LogRecord) -> None:
        facts = facts_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else {}
        log().warning("library.logged", logger=record.name, level=record.levelname.lower(), **facts)


def configure_logging(service: str) -> None:
    """Sends this process's logs to standard error as JSON lines, nothing but the allowed keys in them."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _exception_as_type_and_place,
            _only_allowed_keys,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    structlog.contextvars.bind_contextvars(service=service)
    logging.root.handlers = [_LibraryRecords(level=logging.WARNING)]


def log() -> Any:
    """The logger; events are dotted and past (`relay.event_published`), facts are keyword arguments."""
    return structlog.get_logger()
