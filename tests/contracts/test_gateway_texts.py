"""Every refusal and every fault that a service can answer with has a text in Kazakh, Russian and English."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields

import services
import shared
from services.gateway import languages, problems
from services.gateway.languages import LANGUAGES, Texts
from shared.domain import DomainError
from tests.support.doors import all_calls
from tests.support.tree import ROOT, committed_files

UNREACHABLE = {
    ("AwareDateTime", "format"): "is for writing",
    ("AwareDateTime", "invalid_awareness"): "a time without a zone counts as UTC",
    ("Date", "format"): "is for writing",
    ("Date", "invalid_awareness"): "days have no zone",
    ("Integer", "too_large"): "is infinity, which the gateway's JSON does not have",
    ("Nested", "type"): "the inner schema has its own",
}
"""Messages of the library that no JSON can bring about."""


LOG_EVENTS = {"gateway.request_answered", "gateway.request_failed"}


def walk_modules() -> None:
    """Imports all that is ours, so that every refusal is defined."""
    for package in (services, shared):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not {"tests", "testing", "migrations"} & set(found.name.split(".")):
                importlib.import_module(found.name)


def refusals_of(kind: type[DomainError]) -> Iterator[str]:
    """The codes of a refusal and of all below it that a door can answer: not those of tests and simulated toys."""
    for below in kind.__subclasses__():
        yield from refusals_of(below)
    if kind.__module__.startswith(("services.", "shared.")) and ".test" not in kind.__module__:
        yield kind.code


def gateway_codes() -> Iterator[str]:
    """The codes that the gateway itself refuses with."""
    for path in committed_files("services/gateway/*.py"):
        if "/tests/" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("gateway."):
                yield node.value


def faults_of(schema: Schema, path: str) -> Iterator[tuple[str, str, Any]]:
    """Each message that a schema can answer with: where, which kind of message, and its text."""
    for name, message in schema.error_messages.items():
        yield path, f"schema {name}", message
    for name, field in schema.fields.items():
        yield from faults_of_field(field, f"{path}.{name}")


def faults_of_field(field: fields.Field[Any], path: str) -> Iterator[tuple[str, str, Any]]:
    """Those of a field, and of the fields in it."""
    for name, message in field.error_messages.items():
        if (type(field).__name__, name) not in UNREACHABLE:
            yield path, name, message
    for check in field.validators:
        yield path, type(check).__name__, getattr(check, "error", None)
    if isinstance(field, fields.List):
        yield from faults_of_field(field.inner, f"{path}[]")
    if isinstance(field, fields.Nested):
        yield from faults_of(field.schema, path)
    if isinstance(field, fields.Dict) and field.value_field is not None:
        yield from faults_of_field(field.value_field, f"{path}{{}}")


def faults_raised_by_domains() -> Iterator[tuple[str, str, Any]]:
    """Codes that stand in the code as faults: `InvalidInputError({"field": ["code"]})`."""
    for path in committed_files("services/*.py", "shared/*.py"):
        if "/tests/" in str(path):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InvalidInputError":
                for inner in ast.walk(node):
                    if isinstance(inner, ast.List):
                        yield from (
                            (str(path.relative_to(ROOT)), "raised", one.value)
                            for one in inner.elts
                            if isinstance(one, ast.Constant)
                        )


@pytest.fixture(params=LANGUAGES)
def texts(request: pytest.FixtureRequest) -> Texts:
    """The texts of each language."""
    return Texts.load(request.param)


class TestEveryRefusal:
    def test_has_a_text(self, texts: Texts) -> None:
        """Each code of each DomainError, and each of the gateway's own, in each language."""
        walk_modules()
        codes = set(refusals_of(DomainError)) | (set(gateway_codes()) - LOG_EVENTS)
        assert len(codes) > 50
        assert not codes - set(texts.refusals)

    def test_has_a_title_for_its_kind(self, texts: Texts) -> None:
        """Each kind that has a status has a title."""
        assert set(problems.STATUS) <= set(texts.titles)


class TestEveryFault:
    def test_has_a_text(self, texts: Texts) -> None:
        """Each message of each schema at the services' doors is a code, and has a text in each language."""
        found = list(faults_raised_by_domains())
        for call in all_calls().values():
            found += faults_of(call.schema, call.name)
        without = [fault for fault in found if not languages.is_code(fault[2]) or fault[2] not in texts.faults]
        assert not without


class TestTheThreeLanguages:
    def test_have_texts_for_the_same_codes(self) -> None:
        """No language lacks what another has."""
        first, *others = (Texts.load(language) for language in LANGUAGES)
        for other in others:
            assert set(other.titles) == set(first.titles)
            assert set(other.refusals) == set(first.refusals)
            assert set(other.faults) == set(first.faults)

    def test_are_not_each_others(self) -> None:
        """No text was left untranslated."""
        kazakh, russian, english = (Texts.load(language) for language in LANGUAGES)
        for section in ("titles", "refusals", "faults"):
            for code, text in getattr(kazakh, section).items():
                assert len({text, getattr(russian, section)[code], getattr(english, section)[code]}) == len(LANGUAGES)


RAISED_BY = {"NotPermittedError", "Decision", "service_acts", "head_acts", "decider_takes_part", "deny"}
HIDDEN = {"reports.walled_off", "monitoring.walled_off", "walled"}
"""Rules that nobody is told: what they keep from somebody seems unknown."""


def rules_that_deny() -> Iterator[str]:
    """Each rule that a denial names in our code; of one that is put together its beginning, without the last dot."""
    for path in (*committed_files("services/*.py"), *committed_files("shared/*.py")):
        if {"tests", "testing"} & set(path.parts):
            continue
        module = ast.parse(path.read_text(encoding="utf-8"))
        named = {ast.unparse(one.targets[0]): one.value for one in module.body if isinstance(one, ast.Assign)}
        for function in ast.walk(module):
            if isinstance(function, ast.FunctionDef) and (said := list(_said_in_denials(function))):
                local = [one for one in ast.walk(function) if isinstance(one, ast.Assign)]
                known = named | {ast.unparse(one.targets[0]): one.value for one in local}
                for one in said:
                    yield from _rules_in(known.get(ast.unparse(one), one))


def _said_in_denials(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RAISED_BY:
            said = [*node.args, *(one.value for one in node.keywords if one.arg in ("allowed", "rule"))]
            if not any(isinstance(one, ast.Constant) and one.value is True for one in said):
                yield from said


def _rules_in(said: ast.expr) -> Iterator[str]:
    for node in ast.walk(said):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            family, dot, rest = str(node.values[0].value).rpartition(".")
            yield from [family] if dot and not rest else []
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and A_RULE.fullmatch(node.value):
            yield node.value


A_RULE = re.compile(r"[A-Z]{3}-[0-9]{2}|[a-z]+\.[a-z_.]*[a-z]|[a-z]+(_[a-z]+)+")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_that_denies_says_why(language: str) -> None:
    """In words, with who may, and not by its code alone; none is explained that there is not."""
    texts, denying = Texts.load(language), set(rules_that_deny()) - HIDDEN
    assert {rule for rule in denying if texts.rule(rule) == texts.rules[languages.GENERIC]} == set()
    families = {rule.rpartition(".")[0] for rule in denying}
    assert set(texts.rules) - {languages.GENERIC} <= denying | families
