"""What every page has: its language, its headers, its form, and how it is answered when something is refused.

An area of pages is a Flask blueprint made by `area(...)`: its addresses begin with the language, `/kk/…`, so that a
page is the same for everybody who opens it, without cookies. Templates extend `base.html`; styles come from `static/`
alone; there is no script, and the policy in the headers lets none run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from flask import Blueprint, Request, Response, request, send_from_directory
from jinja2 import Environment, PackageLoader, StrictUndefined
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter

from services.gateway.clients import RefusedError
from services.gateway.languages import LANGUAGES, chosen
from services.gateway.problems import STATUS, UNKNOWN, http_refusal
from services.gateway.web.catalogues import FOLDER, Catalogue
from services.gateway.web.moments import moment

STATIC = FOLDER.parent / "static"
NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
FORM = "application/x-www-form-urlencoded"
"""The only form of a form: anything bigger would be spooled to the disk by the library."""


class LanguageConverter(BaseConverter):
    """The language at the beginning of a page's address."""

    regex = "|".join(LANGUAGES)


class Pages:
    """Renders templates in a language. One for the application; `render` is all that views need."""

    def __init__(self) -> None:
        self._catalogues = {language: Catalogue.load(language) for language in LANGUAGES}
        self._environments = {language: _environment(texts) for language, texts in self._catalogues.items()}

    def render(self, template: str, language: str, *, status: int = 200, **facts: Any) -> Response:
        """A page. `base.html` needs nothing; a page that came by POST says itself how its language is changed."""
        known = {"language": language, "languages": NAMES, "here": _here(), "command": str(uuid4())}
        body = self._environments[language].get_template(template).render(**known | facts)
        response = Response(body, status, mimetype="text/html")
        response.headers["Content-Language"] = language
        response.headers["Content-Security-Policy"] = POLICY
        return response

    def gettext(self, language: str) -> Callable[[str], str]:
        """How a language says what is said in English."""
        return self._catalogues[language].gettext

    def refused(self, refused: RefusedError, language: str) -> Response:
        """The page of a refusal: what kind it is, and what one can do; never what a service said in its own words."""
        if refused.kind == "unknown":
            refused = UNKNOWN
        return self.render("refused.html", language, status=STATUS.get(refused.kind, 500), refused=refused)


def area(name: str, pages: Pages) -> Blueprint:
    """A blueprint for one area's pages; whatever is refused in it is answered by a page, not by JSON."""
    blueprint = Blueprint(f"pages_{name}", __name__)
    blueprint.register_error_handler(RefusedError, lambda error: pages.refused(error, language_of(request)))
    blueprint.register_error_handler(
        HTTPException, lambda error: pages.refused(http_refusal(error), language_of(request))
    )
    return blueprint


def files() -> Blueprint:
    """`/static/…`: the styles. They hold nothing of anybody, so browsers may keep them for an hour."""
    blueprint = Blueprint("static_files", __name__)

    def static_file(name: str) -> Response:
        response = send_from_directory(STATIC, name, max_age=3600)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    blueprint.add_url_rule("/static/<name>", view_func=static_file)
    return blueprint


def language_of(request: Request) -> str:
    """That of the address, else the reader's best of ours."""
    said = (request.view_args or {}).get("language")
    return said if said in LANGUAGES else chosen(request.accept_languages)


def in_own_language(path: str) -> Response:
    """Leads from an address without a language to the reader's own: `path` begins with a slash."""
    led = Response(status=302, headers={"Location": f"/{chosen(request.accept_languages)}{path}"})
    led.headers["Vary"] = "Accept-Language"
    return led


def form_of(request: Request, *names: str) -> Mapping[str, str]:
    """The named fields of a form that was sent, each as text and empty where it is missing. Raises RefusedError."""
    if request.mimetype != FORM:
        raise RefusedError("malformed", "gateway.malformed_request")
    return {name: request.form.get(name, "").strip() for name in names}


def _here() -> str:
    """The page's own address without its language, for the switch; empty where only a form leads here."""
    if request.method != "GET" or not (request.view_args or {}).get("language"):
        return ""
    return "/" + request.path.lstrip("/").partition("/")[2]


def _environment(catalogue: Catalogue) -> Environment:
    environment = Environment(
        loader=PackageLoader("services.gateway.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        catalogue.gettext, catalogue.ngettext, newstyle=True
    )
    environment.filters["moment"] = lambda at: moment(at, catalogue.language)
    return environment
