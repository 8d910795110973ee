"""The API's own description."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from services.gateway.bootstrap import AREAS
from services.gateway.tests.recorded import Browser

SIGNED = {"/api/v1/partner/messages"}
"""Where no session is asked for: what an agency sends is signed by its own key, or refused (REF-04)."""


@pytest.fixture
def document(browser: Browser) -> dict[str, Any]:
    """/api/v1/openapi.json, which anybody may read."""
    found: dict[str, Any] = browser.client.get("/api/v1/openapi.json").json or {}
    return found


def nodes_of(part: Any) -> Iterator[dict[str, Any]]:
    """Every object in the document."""
    if isinstance(part, dict):
        yield part
        for inner in part.values():
            yield from nodes_of(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from nodes_of(inner)


def operations_of(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each operation with its path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in ("get", "post"):
                yield path, operation


class TestTheDocument:
    def test_is_openapi_31(self, document: dict[str, Any]) -> None:
        """Its version says so."""
        assert document["openapi"] == "3.1.0"

    def test_describes_every_route(self, document: dict[str, Any]) -> None:
        """Each with its path and method, and signing in."""
        described = {(path, method) for path, methods in document["paths"].items() for method in methods}
        expected = {(f"/api/v1{route.path}", route.method.lower()) for routes, _ in AREAS.values() for route in routes}
        assert described >= expected | {("/api/v1/sessions", "post")}

    def test_refers_only_to_what_it_holds(self, document: dict[str, Any]) -> None:
        """No reference leads nowhere."""
        for node in nodes_of(document):
            if isinstance(node.get("$ref"), str):
                target: Any = document
                for step in node["$ref"].removeprefix("#/").split("/"):
                    target = target[step]

    def test_gives_every_operation_a_name_a_summary_and_a_success(self, document: dict[str, Any]) -> None:
        """Operation ids differ; each has a success with a schema, and its refusals."""
        names = []
        for path, operation in operations_of(document):
            names.append(operation["operationId"])
            success = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
            assert success["content"]["application/json"]["schema"], path
            assert operation["summary"], path
            faults = {"422", "504"} if path in SIGNED else {"401", "422", "504"}
            assert faults <= set(operation["responses"]) or path.endswith(("/sessions", "/health"))
        assert len(names) == len(set(names))

    def test_declares_every_id_of_a_path(self, document: dict[str, Any]) -> None:
        """Each `{name}` is a path parameter of the format uuid."""
        for path, methods in document["paths"].items():
            declared = {one["name"]: one for one in methods.get("parameters", []) if one.get("in") == "path"}
            for name in (step[1:-1] for step in path.split("/") if step.startswith("{")):
                assert declared[name]["required"] is True
                assert declared[name]["schema"]["format"] == "uuid"

    def test_describes_problems_in_their_type(self, document: dict[str, Any]) -> None:
        """Refusals are application/problem+json."""
        for response in document["components"]["responses"].values():
            assert list(response["content"]) == ["application/problem+json"]

    def test_lets_only_reporting_go_without_a_session(self, document: dict[str, Any]) -> None:
        """Everything but signing in, reporting, asking for health and what an agency signed itself needs one."""
        open_to_all = {
            (path, operation["operationId"])
            for path, operation in operations_of(document)
            if not operation["security"] or {} in operation["security"]
        } - {("/api/v1/health", "health")}
        assert open_to_all == {
            ("/api/v1/sessions", "accounts_sign_in"),
            ("/api/v1/reports", "reports_receive_report"),
            ("/api/v1/way-in", "reports_way_in"),
            ("/api/v1/receipt", "reports_report_by_receipt"),
            ("/api/v1/receipt/facts", "reports_add_facts"),
            ("/api/v1/receipt/attachments", "reports_add_attachment_by_receipt"),
            ("/api/v1/receipt/attachments/pieces", "reports_put_attachment_piece_by_receipt"),
            ("/api/v1/receipt/proof", "reports_proof_of_filing"),
            ("/api/v1/receipt/breaches", "reports_report_breach_by_receipt"),
            ("/api/v1/breaches", "reports_report_breach"),
            ("/api/v1/partner/messages", "referrals_take_message"),
        }
