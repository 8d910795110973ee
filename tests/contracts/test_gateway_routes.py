"""The gateway's tables against the services' doors: each route reaches a method, and describes the fields it reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields, validate

from services.gateway.api.routes import Route
from services.gateway.bootstrap import AREAS
from services.gateway.schemas.accounts import SignIn
from services.gateway.schemas.common import NOT_BLANK
from tests.support.doors import all_calls

CALLS = all_calls()
ROUTES = [route for routes, _ in AREAS.values() for route in routes]
UNROUTED = {
    "accounts.sign_in": "POST /sessions has a view of its own",
    "accounts.issue_token": "access.py asks for it",
    "accounts.issue_reporter_token": "access.py asks for it",
    "referrals.seen_by_link": "the page /answer asks for it, with a link in place of a token",
    "referrals.answered_by_link": "as seen_by_link",
    "referrals.take_message": "POST /partner/messages has a view of its own",
    "reports.reports_to_triage": "GET /reports?states=received says the same",
}


def name_of(route: Route) -> str:
    """As pytest shows it."""
    return f"{route.method} {route.path}"


def form_of(schema: Schema) -> dict[str, Any]:
    """A schema as plain data: each field by its name on the wire, whether it is required, and its kind."""
    return {
        field.data_key or name: ("required" if field.required else "optional", kind_of(field))
        for name, field in schema.fields.items()
    }


def kind_of(field: fields.Field[Any]) -> Any:
    """A field's kind; choices by their codes, lists and objects by what is in them."""
    if isinstance(field, fields.Nested):
        return form_of(field.schema)
    if isinstance(field, fields.List):
        return ["list", kind_of(field.inner)]
    if isinstance(field, fields.Enum):
        return {"choice": sorted(one.value for one in field.enum)}
    for check in field.validators:
        if isinstance(check, validate.OneOf):
            return {"choice": sorted(check.choices)}
    kinds = (fields.UUID, fields.Integer, fields.Boolean, fields.AwareDateTime, fields.Date, fields.Dict, fields.String)
    return next(kind.__name__ for kind in kinds if isinstance(field, kind))


def limits_of(schema: Schema, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """What each field allows, by its path: whether it may be null, its lengths and its range."""
    for name, field in schema.fields.items():
        yield from _limits_of_field(path + (field.data_key or name), field)


def _limits_of_field(path: str, field: fields.Field[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    allowed: dict[str, Any] = {"null": bool(field.allow_none)}
    for check in field.validators:
        if isinstance(check, validate.Length):
            allowed |= {name: limit for name, limit in (("min", check.min), ("max", check.max)) if limit}
        elif isinstance(check, validate.Range):
            allowed["range"] = (check.min, check.max)
        elif isinstance(check, validate.Regexp):
            allowed["not_blank"] = check.regex.pattern in (NOT_BLANK, r"(?s).*\S")
    yield path, allowed
    if isinstance(field, fields.Nested):
        yield from limits_of(field.schema, f"{path}.")
    elif isinstance(field, fields.List):
        yield from _limits_of_field(f"{path}[]", field.inner)


class TestEveryRoute:
    @pytest.mark.parametrize("route", ROUTES, ids=name_of)
    def test_reaches_a_method_of_its_kind(self, route: Route) -> None:
        """A command is a POST and a question a GET, on a method that the service has."""
        assert CALLS[route.call].kind == ("command" if route.is_command else "query")

    @pytest.mark.parametrize("route", ROUTES, ids=name_of)
    def test_describes_the_fields_that_the_service_reads(self, route: Route) -> None:
        """Body or query, with the ids of the path, are its fields: names, kinds, choices, what is required."""
        described = route.body or route.query
        expected = form_of(CALLS[route.call].schema)
        for name in route.ids:
            assert expected.pop(name) == ("required", "UUID")
        assert (form_of(described()) if described else {}) == expected

    @pytest.mark.parametrize("route", ROUTES, ids=name_of)
    def test_describes_what_the_service_allows_in_them(self, route: Route) -> None:
        """Null, blank, lengths and ranges: who keeps to the document is not refused as invalid."""
        described = route.body or route.query
        expected = {path: allowed for path, allowed in limits_of(CALLS[route.call].schema) if path not in route.ids}
        assert (dict(limits_of(described())) if described else {}) == expected

    def test_has_an_address_of_its_own(self) -> None:
        """No two routes share method and path, none shares a name in OpenAPI."""
        assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
        assert len({route.operation for route in ROUTES}) == len(ROUTES)


class TestEveryMethod:
    def test_that_callers_may_use_has_a_route(self) -> None:
        """What a door offers is on HTTP, but for what is named here with a reason."""
        assert set(CALLS) - {route.call for route in ROUTES} == set(UNROUTED)


class TestSigningIn:
    def test_is_described_as_accounts_reads_it(self) -> None:
        """POST /sessions takes what `accounts.sign_in` takes."""
        assert form_of(SignIn()) == form_of(CALLS["accounts.sign_in"].schema)
