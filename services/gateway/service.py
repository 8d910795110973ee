"""How the gateway is served: by gunicorn's threads, or by eventlet inside the embedded suite. Neither logs requests."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

CALL_GRACE_SECONDS = 30
IDLE_SECONDS = 60
LONGEST_HEADER_LINE = 8190


def serve(app: Flask, host: str, port: int, threads: int = 16, *, workers: int = 1) -> None:
    """Serves until the process is told to end; `workers` processes of `threads` threads each."""
    _Gunicorn(
        app,
        {
            "bind": f"{host}:{port}",
            "worker_class": "gthread",
            "workers": workers,
            "threads": threads,
            "timeout": CALL_GRACE_SECONDS,
            "graceful_timeout": CALL_GRACE_SECONDS,
            "limit_request_line": LONGEST_HEADER_LINE,
            "accesslog": None,
            "logger_class": _QuietLogger,
            "proc_name": "qorgan-gateway",
        },
    ).run()


def serve_embedded(app: Flask, socket: Any) -> None:
    """Serves an eventlet listening socket from this process, until it is closed or the green thread is killed."""
    from eventlet import wsgi

    class QuietProtocol(wsgi.HttpProtocol):  # type: ignore[misc]
        """The protocol without its own words on standard error: they hold request lines and addresses."""

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        wsgi.server(
            socket,
            _Chunked(app),
            log=nowhere,
            log_output=False,
            debug=False,
            protocol=QuietProtocol,
            socket_timeout=IDLE_SECONDS,
        )


class _Chunked:
    """Tells Werkzeug that a body sent in chunks ends by itself, which eventlet sees to but doesn't say."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """See WSGI."""
        if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
            environ["wsgi.input_terminated"] = True
        return self._app(environ, start_response)


class _QuietLogger(Logger):  # type: ignore[misc]
    """gunicorn's messages (they hold paths and addresses) go where all library records go: to their type and level."""

    def setup(self, cfg: Config) -> None:
        """No handlers of its own, and no access log at all."""
        self.cfg = cfg
        self._access_log_enabled = False
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True
        self.error_log.setLevel(logging.WARNING)
        self.access_log.disabled = True

    def access(self, *_: Any) -> None:
        """Nothing: an access log has addresses."""


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured here and nowhere else: no file, no command line, no environment."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Our options alone."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application."""
        return self._app
