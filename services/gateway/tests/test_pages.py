"""What every page has: three languages, headers that let nothing in or out, and pages for refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from flask import Flask, Response, request
from flask.testing import FlaskClient

from services.gateway import web
from services.gateway.bootstrap import build
from services.gateway.clients import RefusedError
from services.gateway.languages import LANGUAGES
from services.gateway.settings import Settings
from services.gateway.tests.recorded import RecordedRpc
from services.gateway.web.catalogues import Catalogue
from services.gateway.web.pages import POLICY, Pages, area, form_of

WEB = Path(web.__file__).parent
TRANSLATED = ("kk", "ru")
ACTIVE = re.compile(r"<script|<style|\sstyle=|\son\w+=|javascript:|https?://", re.IGNORECASE)


def texts_of_pages() -> Iterator[str]:
    """Every text of templates and code that is marked for the catalogues."""
    for file in sorted(WEB.rglob("*")):
        kind = {".html": "jinja2.ext:babel_extract", ".py": "python"}.get(file.suffix)
        if kind:
            with file.open("rb") as lines:
                for _, text, _, _ in extract(kind, lines, keywords={"_": None, "gettext": None, "noted": None}):
                    yield str(text)


def an_area(app: Flask) -> None:
    """Pages of the test's own."""
    pages = Pages()
    blueprint = area("of_the_test", pages)

    def refusing(language: str, kind: str) -> Response:
        raise RefusedError(kind, "common.failed", {"child": "Әлихан"})

    def told(language: str) -> Response:
        return pages.render("refused.html", language, refused=RefusedError("failed", form_of(request, "said")["said"]))

    blueprint.add_url_rule("/<language:language>/test/<kind>", view_func=refusing)
    blueprint.add_url_rule("/<language:language>/test-form", view_func=told, methods=["POST"])
    app.register_blueprint(blueprint)


@pytest.fixture
def client() -> FlaskClient:
    """A browser before a gateway with pages."""
    app = build(Settings(), RecordedRpc())
    an_area(app)
    return app.test_client()


class TestTheCatalogues:
    @pytest.mark.parametrize("language", TRANSLATED)
    def test_have_every_text_of_the_pages_and_no_other(self, language: str) -> None:
        """What a page says, it says in every language."""
        said, known = set(texts_of_pages()), Catalogue.load(language).texts
        assert len(said) > 5
        assert sorted(said - set(known)) == []
        assert sorted(set(known) - said) == []

    def test_are_not_each_others(self) -> None:
        """No text was left untranslated."""
        kazakh, russian = (Catalogue.load(language).texts for language in TRANSLATED)
        assert [text for text in kazakh if len({text, kazakh[text], russian[text]}) < len(LANGUAGES)] == []


class TestEveryPage:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_is_in_the_language_of_its_address(self, client: FlaskClient, language: str) -> None:
        """Whatever the browser prefers; the others are one link away."""
        answer = client.get(f"/{language}/test/unknown", headers={"Accept-Language": "en"})
        assert answer.status_code == 404
        assert answer.headers["Content-Language"] == language
        assert f'<html lang="{language}">' in answer.text
        for other in set(LANGUAGES) - {language}:
            assert f'href="/{other}/test/unknown"' in answer.text

    def test_lets_nothing_run_be_kept_or_tell_where_it_came_from(self, client: FlaskClient) -> None:
        """The headers, and nothing in the page that would need another policy."""
        answer = client.get("/kk/test/failed")
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert "'unsafe" not in POLICY
        assert "script-src" not in POLICY
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers

    @pytest.mark.parametrize("template", sorted(WEB.rglob("*.html")), ids=lambda path: path.name)
    def test_has_no_script_no_style_and_no_address_elsewhere(self, template: Path) -> None:
        """Not in any template."""
        assert ACTIVE.findall(template.read_text(encoding="utf-8")) == []

    def test_repeats_nothing_of_a_services_refusal(self, client: FlaskClient) -> None:
        """A page for each kind, none with the facts."""
        for kind in ("unknown", "refused", "invalid", "failed", "late", "unavailable", "token"):
            assert "Әлихан" not in client.get(f"/ru/test/{kind}").text

    def test_takes_a_form_in_one_way_only(self, client: FlaskClient) -> None:
        """Parts with files would be spooled to the disk."""
        assert client.post("/kk/test-form", data={"said": "common.failed"}).status_code == 200
        parts = client.post("/kk/test-form", data={"said": "x"}, content_type="multipart/form-data")
        assert parts.status_code == 400
        assert parts.mimetype == "text/html"


class TestTheStyles:
    def test_are_served_from_here(self, client: FlaskClient) -> None:
        """And name nothing elsewhere."""
        answer = client.get("/static/qorgan.css")
        assert answer.status_code == 200
        assert answer.mimetype == "text/css"
        assert "url(" not in answer.text
        assert client.get("/static/../pages.py").status_code == 404
