"""What comes in at the door: codes for every fault."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError

from services.accounts import schemas
from services.accounts.domain.values import Audience, Language
from shared.ids import new_id


def faults(schema: Any, data: dict[str, Any]) -> Any:
    """What the schema finds wrong."""
    with pytest.raises(ValidationError) as refused:
        schema.load(data)
    return refused.value.messages


class TestFaults:
    def test_are_codes_by_field(self) -> None:
        assert faults(schemas.RegisterPerson(), {"home": "here", "name": " ", "language": "fr", "iin": "1"}) == {
            "home": ["not_an_id"],
            "name": ["required"],
            "language": ["unknown_choice"],
            "iin": ["unknown_field"],
        }
        assert faults(schemas.RegisterAgency(), {"kind": "army", "channel": "fax", "signing_key": "x"}) == {
            "kind": ["unknown_choice"],
            "name": ["required"],
            "channel": ["unknown_choice"],
            "signing_key": ["invalid"],
        }

    def test_of_a_reporters_token_are_other_services(self) -> None:
        loaded = schemas.IssueReporterToken().load({"tenant": str(new_id())})
        assert loaded["audience"] == Audience.REPORTS.value
        found = faults(schemas.IssueReporterToken(), {"tenant": str(new_id()), "audience": "cases"})
        assert found == {"audience": ["unknown_choice"]}

    def test_are_none_where_the_rest_has_defaults(self) -> None:
        loaded = schemas.RegisterPerson().load({"home": str(new_id()), "name": "Өмір"})
        assert (loaded["language"], loaded["login"]) == (Language.KAZAKH, None)
        opened = schemas.OpenEngagement().load(
            {
                "auditor": str(new_id()),
                "home": str(new_id()),
                "tenants": [str(new_id())],
                "purpose": "Тексеру",
                "starts_at": "2026-09-01T00:00:00Z",
                "ends_at": "2026-09-11T00:00:00Z",
            }
        )
        assert opened["scope"] == tuple(Audience)
        assert isinstance(opened["tenants"], tuple)
