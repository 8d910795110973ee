"""What the source leaves to departments, gathered from every service's regulations (`make policies`)."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from shared.regulation import RuleBook

ROOT = Path(__file__).parents[1]


def catalogue() -> str:
    """`shared/contracts/open_policies.json`: each open key with its unit and border."""
    entries: dict[str, dict[str, object]] = {}
    for folder in sorted(ROOT.glob("services/*/regulations")):
        book = RuleBook.load(folder)
        for key, opening in book.openings.items():
            unit = book.rules[key][-1].unit.value
            entries[key] = {"unit": unit, "least": opening.least, "most": opening.most}
    return json.dumps(entries, indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(catalogue())
