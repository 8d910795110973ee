"""What leaves: each public event fits its contract, says ids and codes only, and its contract says nothing else."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.cases.publications import PUBLICATIONS
from services.cases.tests.lives import a_destruction, a_full_life, a_service, arrived_matters
from shared.ledger.recorder import canonical_json

CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts" / "cases"
LIVED = [
    event
    for lived in ([*a_full_life()][-1], [*a_service()][-1], a_destruction(), *arrived_matters())
    for event in lived.pending_events
    if type(event).TOPIC in PUBLICATIONS  # type: ignore[attr-defined]
]
FORMS = [
    form
    for event in LIVED
    if (form := PUBLICATIONS[type(event).TOPIC](event)) is not None  # type: ignore[attr-defined]
]
PUBLISHED = {
    published: [json.loads(canonical_json(form.body)) for form in FORMS if form.type == published]
    for published in {form.type for form in FORMS}
}


def contract(type_: str) -> dict[str, Any]:
    """The contract of a public event of ours."""
    read: dict[str, Any] = json.loads((CONTRACTS / f"{type_.removeprefix('cases.')}.json").read_text("utf-8"))
    return read


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is what a schema of the few words that our contracts use says."""
    match schema:
        case {"enum": choices}:
            fitting = value in choices
        case {"format": "uuid"}:
            fitting = str(UUID(value)) == value
        case {"format": "date-time"}:
            fitting = datetime.fromisoformat(value).tzinfo is not None
        case {"type": "array", "items": items}:
            fitting = all(fits(item, items) for item in value)
        case {"type": "object", "properties": properties, "required": required}:
            fitting = set(required) == set(value) and all(fits(value[name], properties[name]) for name in value)
        case _:
            fitting = type(value) is {"integer": int, "boolean": bool, "string": str}[schema["type"]]
    return bool(fitting)


def test_every_contract_is_published_and_everything_published_has_one() -> None:
    """Nothing leaves without a contract, and no contract is a promise that nobody keeps."""
    written = {contract(f"cases.{file.stem}")["type"] for file in CONTRACTS.glob("*.json")}
    assert written == set(PUBLISHED)
    assert {type(event).TOPIC for event in LIVED} == set(PUBLICATIONS)  # type: ignore[attr-defined]


@pytest.mark.parametrize("type_", sorted(PUBLISHED))
def test_what_is_published_and_the_example_fit_the_contract(type_: str) -> None:
    """By the schema."""
    written = contract(type_)
    assert all(fits(body, written["schema"]) for body in PUBLISHED[type_])
    assert fits(written["example"], written["schema"])


@pytest.mark.requirement("CON-07")
def test_no_text_leaves() -> None:
    """Kazakh words of the life are in no public body."""
    assert canonical_json(PUBLISHED).isascii()
