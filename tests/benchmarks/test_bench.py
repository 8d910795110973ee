"""`qorgan bench` measures every row that the design is held to; how fast is not asserted: test machines are shared."""

from __future__ import annotations

import json
import math
import os
import subprocess
from typing import Any

import pytest

from tests.support.suites import QORGAN

ROWS = (
    "append, 1 writer, sealed and hashed",
    "append, 8 writers, sealed and hashed",
    "append, 8 writers, against pgbench",
    "append, 64 writers, sealed and hashed",
    "append at 5,000 events in the log",
    "verification of a log of 5,000 events",
    "memory of verifying 5,000 events",
    "inclusion proof in a log of 5,000 events",
    "replay of a case of 200 events",
    "event committed to handled in another service",
    "report sent by HTTP and stored",
    "append with 200 tenants",
    "memory with 200 tenants",
)
SECONDS = 600


@pytest.fixture(scope="module")
def rows(postgres_admin_url: str, amqp_url: str) -> list[dict[str, Any]]:
    """What the smallest run gives."""
    environment = os.environ | {"QORGAN_TEST_POSTGRES_URL": postgres_admin_url, "QORGAN_TEST_AMQP_URL": amqp_url}
    command = [str(QORGAN), "bench", "--smoke", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


class TestTheBenchmark:
    def test_has_every_row(self, rows: list[dict[str, Any]]) -> None:
        assert len(rows) == len(ROWS)
        assert all(row["name"].startswith(name) for row, name in zip(rows, ROWS, strict=True))

    def test_gives_each_its_ratio_and_bound(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            figures = [row[name] for name in ("measured", "anchor", "ratio", "bound")]
            assert all(math.isfinite(figure) and figure > 0 for figure in figures), row
            least = row["ratio"] >= row["bound"]
            assert row["holds"] is (least if row["bound_is"] == "least" else row["ratio"] <= row["bound"]), row
