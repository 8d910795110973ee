"""What the source leaves to departments, as the services that decide publish it: `shared/contracts/open_policies.json`.

Each service checks a value again before it applies it; here it is checked so that whoever sets it is told at once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from services.accounts.domain.values import OpenPolicy

CATALOGUE = Path(__file__).parents[3] / "shared/contracts/open_policies.json"
OPENED: Mapping[str, OpenPolicy] = {
    key: OpenPolicy(**entry) for key, entry in json.loads(CATALOGUE.read_text(encoding="utf-8")).items()
}
