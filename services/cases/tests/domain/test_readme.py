"""The README says what the code does: accepts, publishes, listens to, answers."""

from __future__ import annotations

import re
from pathlib import Path

from services.cases.publications import PUBLICATIONS
from services.cases.reactions import REACTIONS
from services.cases.service import CasesService
from services.cases.tests.lives import a_destruction, a_full_life, arrived_matters
from shared.runners.door import LedgerDoor

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def named_in(section: str, pattern: str) -> set[str]:
    """What stands in a section of the README by a pattern with one group."""
    [text] = re.findall(rf"^## {section}$(.*?)(?=^## |\Z)", README, flags=re.DOTALL | re.MULTILINE)
    return set(re.findall(pattern, text, flags=re.MULTILINE))


def test_accepts_and_answers_what_the_door_does() -> None:
    """Every entrypoint is in one of the two tables, and nothing else is."""
    entrypoints = {name for name in vars(CasesService) if not name.startswith("_") and name != "name"}
    rows = r"^\| `([a-z_]+)` \|"
    assert named_in("Accepts", rows) | named_in("Answers", rows) == entrypoints - set(vars(LedgerDoor))


def test_publishes_and_listens_to_what_the_code_does() -> None:
    """By type."""
    lived = ([*a_full_life()][-1], a_destruction(), *arrived_matters())
    events = [event for one in lived for event in one.pending_events]
    published = {
        form.type
        for event in events
        if (publish := PUBLICATIONS.get(type(event).TOPIC))  # type: ignore[attr-defined]
        and (form := publish(event)) is not None
    }
    assert named_in("Publishes", r"`(cases\.[a-z_]+\.v1)`") == published
    assert named_in("Listens to", r"`([a-z]+\.[a-z_]+\.v1)`") == {reaction.listens_to for reaction in REACTIONS}
