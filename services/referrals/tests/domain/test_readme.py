"""The README says what the code does: accepts, publishes, listens to, answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from services.referrals.publications import PUBLICATIONS
from services.referrals.reactions import REACTIONS
from services.referrals.service import ReferralsService
from services.referrals.tests.lives import all_of_them
from shared.runners.door import LedgerDoor

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
CONTRACTS = Path(__file__).parents[4] / "shared" / "contracts" / "referrals"


def named_in(section: str, pattern: str) -> set[str]:
    """What stands in a section of the README by a pattern with one group."""
    [text] = re.findall(rf"^## {section}$(.*?)(?=^## |\Z)", README, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(pattern, text, flags=re.MULTILINE))


def published() -> dict[str, dict[str, Any]]:
    """The public form of one event of each kind."""
    events = [event for aggregate in all_of_them() for event in aggregate.pending_events]
    forms = [publish(event) for event in events if (publish := PUBLICATIONS.get(type(event).TOPIC))]  # type: ignore[attr-defined]
    return {form.type: dict(form.body) for form in forms if form is not None}


def test_accepts_and_answers_what_the_door_does() -> None:
    """Every entrypoint is in one of the two tables, and nothing else is."""
    entrypoints = {name for name in vars(ReferralsService) if not name.startswith("_") and name != "name"}
    rows = r"^\| `([a-z_]+)` \|"
    assert named_in("Accepts", rows) | named_in("Answers", rows) == entrypoints - set(vars(LedgerDoor))


def test_publishes_and_listens_to_what_the_code_does() -> None:
    """By type."""
    assert named_in("Publishes", r"`(referrals\.[a-z_]+\.v1)`") == set(published())
    assert named_in("Listens to", r"`([a-z]+\.[a-z_]+\.v1)`") == {reaction.listens_to for reaction in REACTIONS}


def test_every_public_form_has_a_contract() -> None:
    """And no contract is left over."""
    assert {file.stem for file in CONTRACTS.glob("*.json")} == {name.removeprefix("referrals.") for name in published()}


@pytest.mark.parametrize("type", sorted(published()))
def test_public_forms_have_the_fields_of_their_contract_and_only_codes(type: str) -> None:
    """Ids, codes and times: no text that somebody wrote leaves."""
    contract = json.loads((CONTRACTS / f"{type.removeprefix('referrals.')}.json").read_text("utf-8"))
    body = published()[type]
    assert contract["type"] == type
    assert set(body) == set(contract["schema"]["required"]) == set(contract["example"])
    values = [one for value in body.values() for one in (value if isinstance(value, list) else [value])]
    assert all(re.fullmatch(r"[A-Za-z0-9_:+.@-]+", str(value)) for value in values)
