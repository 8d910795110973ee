"""`docs/events.md`, made from the contracts in `shared/contracts/` (`make events`)."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CONTRACTS = Path(__file__).parents[1] / "contracts"
HEAD = """# Public events

Made from `shared/contracts/` by `make events`; do not edit. Ids and codes only: names and texts never leave a service.
Every event travels in the envelope of `shared/messaging/envelope.py`, signed by its service.
"""


def page() -> str:
    """The page, by service and type."""
    return HEAD + "".join(_sections())


def _sections() -> Iterator[str]:
    for folder in sorted(path for path in CONTRACTS.iterdir() if path.is_dir() and list(path.glob("*.json"))):
        yield f"\n## {folder.name}\n"
        for file in sorted(folder.glob("*.json")):
            yield _section(json.loads(file.read_text(encoding="utf-8")))


def _section(contract: dict[str, Any]) -> str:
    properties = contract["schema"]["properties"]
    required = set(contract["schema"].get("required", ()))
    rows = "".join(
        f"| `{name}` | {_kind(one)} | {'yes' if name in required else 'no'} |\n" for name, one in properties.items()
    )
    example = json.dumps(contract["example"], ensure_ascii=False)
    fields = f"| field | type | required |\n|---|---|---|\n{rows}"
    return f"\n### `{contract['type']}`\n\n{contract['description']}\n\n{fields}\n`{example}`\n"


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("format") or schema.get("type") or ("enum" if "enum" in schema else "any")
    shown = " or ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{shown} of {_kind(schema['items'])}" if "items" in schema else shown


if __name__ == "__main__":
    sys.stdout.write(page())
