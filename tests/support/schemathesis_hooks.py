"""What schemathesis is told of the forms that the OpenAPI document names, and no pattern can say.

Loaded by schemathesis itself (`SCHEMATHESIS_HOOKS`), in a process of its own.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies

from services.gateway.api.describing import PATTERN_OF_VERSION
from services.reports.domain.child_marks import marks_of
from services.reports.domain.iin import is_an_iin
from services.reports.domain.receipt import BITS, written
from services.reports.domain.values import Child
from shared.regulation import RuleBook, Unit


def _iin_of(born: date, order: int) -> str | None:
    """The number of somebody born then; None where the register gives none out."""
    begun = f"{born:%y%m%d}{5 + born.year // 2100}{order:04}"
    return next((begun + str(check) for check in range(10) if is_an_iin(begun + str(check))), None)


_born = strategies.dates(min_value=date(2000, 1, 1), max_value=date(2026, 1, 1))
_iins = strategies.builds(_iin_of, _born, strategies.integers(0, 9999)).filter(lambda iin: iin is not None)
schemathesis.openapi.format("iin", strategies.just("") | _iins)
for service in (Path(__file__).parents[2] / "services").iterdir():
    for regulation in RuleBook.load(service / "regulations").rules.values():
        if regulation[-1].unit is Unit.LIST:
            schemathesis.openapi.format(regulation[-1].key, strategies.sampled_from(regulation[-1].value))
schemathesis.openapi.format("receipt", strategies.integers(0, 2**BITS - 1).map(written))


@schemathesis.hook.apply_to(path="/api/v1/children/search")  # type: ignore[attr-defined, untyped-decorator]
def filter_body(_context: schemathesis.HookContext, body: Any) -> bool:
    """A name alone finds too many: that more must be known of a child, and be words, is a rule across fields. What is
    not a child at all stays, to be refused.
    """
    child = body.get("child") if isinstance(body, dict) else None
    if not isinstance(child, dict):
        return True
    name, group, iin, born = (child.get(one) or "" for one in ("name", "class_name", "iin", "birth_date"))
    if not all(isinstance(one, str) for one in (name, group, iin, born)):
        return True
    try:
        day = date.fromisoformat(born)
    except ValueError:
        day = None
    return bool(marks_of(Child(name=name, class_name=group, iin=iin, birth_date=day), lambda _: b"a key"))


@schemathesis.hook
def filter_case(_context: schemathesis.HookContext, case: Any) -> bool:
    """Its coverage phase takes `If-Match: 0` for what the pattern allows; what it sends to be refused stays.

    That trends look back over no more than some months is a rule across both days and today.
    """
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return True
    version = (case.headers or {}).get("If-Match")
    if version is not None and not re.search(PATTERN_OF_VERSION, str(version)):
        return False
    return not (case.operation.path.endswith("/safety-service/trends") and (case.query or {}).get("since"))
