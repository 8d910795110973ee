"""README and contract files say what the code does: accepts, publishes, listens to, answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from services.accounts.publications import PUBLICATIONS
from services.accounts.reactions import REACTIONS
from services.accounts.service import AccountsService
from services.accounts.tests.lives import all_lives
from shared.policy import PublicForm
from shared.runners.door import LedgerDoor

ROOT = Path(__file__).parents[4]
README = (ROOT / "services/accounts/README.md").read_text("utf-8")
CONTRACTS = ROOT / "shared/contracts/accounts"
TYPE = r"`([a-z]+\.[a-z_]+\.v1)`"


def named_in(section: str, pattern: str) -> set[str]:
    """What stands in a section of the README by a pattern with one group."""
    [text] = re.findall(rf"^## {section}$(.*?)(?=^## |\Z)", README, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(pattern, text, flags=re.MULTILINE))


def published() -> dict[str, PublicForm]:
    """One public form of each type."""
    events: list[Any] = [event for aggregate in all_lives() for event in aggregate.pending_events]
    forms = [PUBLICATIONS[event.TOPIC](event) for event in events if event.TOPIC in PUBLICATIONS]
    return {form.type: form for form in forms if form is not None}


def test_every_entrypoint_is_accepted_or_answered_and_nothing_else() -> None:
    """By name, from the two tables."""
    entrypoints = {name for name in vars(AccountsService) if not name.startswith("_") and name != "name"}
    rows = r"^\| `([a-z_]+)` \|"
    assert named_in("Accepts", rows) | named_in("Answers", rows) == entrypoints - set(vars(LedgerDoor))


def test_publishes_and_listens_to_what_the_code_does() -> None:
    """By type."""
    assert len(published()) == len(PUBLICATIONS)
    assert named_in("Publishes", TYPE) == set(published())
    assert named_in("Listens to", TYPE) == {reaction.listens_to for reaction in REACTIONS}


def test_each_public_event_has_a_contract_with_its_fields() -> None:
    """The schema demands exactly the fields that leave, and its example has them."""
    contracts = {file.name: json.loads(file.read_text("utf-8")) for file in CONTRACTS.glob("*.json")}
    assert {f"{type_.removeprefix('accounts.')}.json" for type_ in published()} == set(contracts)
    for contract in contracts.values():
        fields = set(published()[contract["type"]].body)
        assert set(contract["schema"]["required"]) == set(contract["schema"]["properties"]) == fields
        assert set(contract["example"]) == fields
