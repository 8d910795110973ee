"""Settings and a way to call services in, a Flask application out: the only place that wires."""

from __future__ import annotations

import time
from typing import Any

from flask import Flask, Response, g, request
from flask_smorest import Api, Blueprint  # type: ignore[import-untyped]
from werkzeug.routing import BaseConverter

from services.gateway import languages
from services.gateway.access import Access
from services.gateway.api import (
    accounts,
    attachments,
    breaches,
    cases,
    keeping,
    monitoring,
    referrals,
    reports,
    signs,
    way_in,
)
from services.gateway.api.describing import UUID_SCHEMA, describe_common_parts, operation_of
from services.gateway.api.health import health_blueprint
from services.gateway.api.messages import messages_blueprint
from services.gateway.api.routes import Route
from services.gateway.api.serving import ADDRESS, Gateway, view_of
from services.gateway.api.sessions import sessions_blueprint
from services.gateway.clients import Rpc, Services
from services.gateway.envelope import COMMAND_ID
from services.gateway.problems import Problems
from services.gateway.settings import Settings
from services.gateway.web import answering, telling
from services.gateway.web.pages import LanguageConverter, Pages, files
from shared.logging import facts_of, log

AREAS: dict[str, tuple[tuple[Route, ...], str]] = {
    "reports": (
        (
            *reports.ROUTES,
            *keeping.routes_of("reports"),
            *attachments.ROUTES,
            *breaches.ROUTES,
            *signs.ROUTES,
            *way_in.ROUTES,
        ),
        "What was said",
    ),
    "cases": ((*cases.ROUTES, *keeping.routes_of("cases")), "What is done about it"),
    "referrals": (referrals.ROUTES, "Who else must help"),
    "monitoring": (monitoring.ROUTES, "How violence is prevented"),
    "accounts": (accounts.ROUTES, "Tenants, people, roles, engagements"),
}
SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def build(settings: Settings, rpc: Rpc) -> Flask:
    """The gateway as a WSGI application; `rpc` is a pool of calls (`shared.messaging.rpc.RpcPool`)."""
    services = Services(rpc, settings.call_seconds)
    access = Access(services, seconds=settings.token_seconds, most=settings.most_tokens)
    app = _empty_app(settings)
    api = _Api(app)
    api.register_converter(_Id, lambda _: UUID_SCHEMA)
    describe_common_parts(api.spec.components)
    gateway = Gateway(services=services, access=access)
    api.register_blueprint(sessions_blueprint(gateway), url_prefix=ADDRESS)
    api.register_blueprint(messages_blueprint(gateway), url_prefix=ADDRESS)
    for name, (routes, description) in AREAS.items():
        api.register_blueprint(_area(name, description, routes, gateway), url_prefix=ADDRESS)
    api.register_blueprint(health_blueprint(Services(rpc, settings.pulse_seconds), tuple(AREAS)), url_prefix=ADDRESS)
    _add_pages(app, gateway)
    Problems(languages.load_all()).register(app)
    app.before_request(_note_the_start)
    app.after_request(_finish)
    return app


class _App(Flask):
    """Flask, but what nobody handled is logged as type and place, never as text."""

    def log_exception(self, exc_info: Any) -> None:
        """See Flask."""
        log().error("gateway.request_failed", **facts_of(exc_info[1]))


class _Id(BaseConverter):
    """An id in a path; what is none answers like an unknown one, and so it is not refused here.

    But every id has a digit (RFC 9562: its version), and no word of our addresses has one: `holds` is no report.
    """

    regex = "(?=[^/]*[0-9])[^/]+"
    part_isolating = True


class _Api(Api):  # type: ignore[misc]
    """flask-smorest, for blueprints and OpenAPI; what goes wrong is answered by `problems`."""

    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        pass


def _empty_app(settings: Settings) -> Flask:
    app = _App(__name__, static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = _Id
    app.config.update(
        API_TITLE="Qorgan",
        API_VERSION="v1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=ADDRESS,
        OPENAPI_JSON_PATH="openapi.json",
        MAX_CONTENT_LENGTH=settings.longest_body,
        PROPAGATE_EXCEPTIONS=False,
    )
    return app


def _area(name: str, description: str, routes: tuple[Route, ...], gateway: Gateway) -> Blueprint:
    blueprint = Blueprint(name, __name__, description=description)
    for route in routes:
        described: Any = blueprint.doc(**operation_of(route))(view_of(route, gateway))
        blueprint.route(route.rule, methods=[route.method])(described)
    return blueprint


def _add_pages(app: Flask, gateway: Gateway) -> None:
    """Pages for people, each area a blueprint (`web/`); no script and nothing from elsewhere."""
    app.url_map.converters["language"] = LanguageConverter
    pages = Pages()
    for blueprint in (files(), answering.blueprint(pages, gateway), telling.blueprint(pages, gateway)):
        app.register_blueprint(blueprint)


def _note_the_start() -> None:
    g.started = time.monotonic()


def _finish(response: Response) -> Response:
    """Headers of every answer, and one line in the log: which route, how it went; nothing of what was in it."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    command_id = g.get("command_id")
    if command_id:
        response.headers[COMMAND_ID] = command_id  # with refusals too: whoever got 504 asks again with it
    log().info(
        "gateway.request_answered",
        method=request.method,
        url_path=request.url_rule.rule if request.url_rule else "",
        status=response.status_code,
        code=g.get("code"),
        duration_ms=int(1000 * (time.monotonic() - g.get("started", time.monotonic()))),
    )
    return response
