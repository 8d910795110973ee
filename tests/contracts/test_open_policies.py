"""What departments may set: the list that accounts checks by is what the services' regulations say."""

from __future__ import annotations

import json

from cli.catalogue import catalogue
from services.accounts.application.opened import CATALOGUE, OPENED
from services.accounts.domain.values import Counted
from shared.regulation import Unit


def test_the_list_is_what_make_policies_makes() -> None:
    """`shared/contracts/open_policies.json`; run `make policies` after a change of regulations."""
    assert CATALOGUE.read_text(encoding="utf-8") == catalogue()
    assert set(json.loads(catalogue())) == set(OPENED)


def test_the_units_are_the_regulations_own_but_for_lists() -> None:
    """A list's codes are the software's."""
    assert {unit.value for unit in Counted} == {unit.value for unit in Unit} - {"list"}
