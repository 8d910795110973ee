"""`qorgan bench` measures every row that the design is held to; how fast is not asserted: test machines are shared."""

from __future__ import annotations

import json
import math
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from cli.benching.ground import Worker
from tests.support.suites import QORGAN

ROWS = (
    "event committed to handled in another service",
    "append, 1 writer, sealed and hashed",
    "append, 8 writers, sealed and hashed",
    "append, 8 writers, against pgbench",
    "append, 64 writers, sealed and hashed",
    "append at 5,000 events in the log",
    "verification of a log of 5,000 events",
    "memory of verifying 5,000 events",
    "inclusion proof in a log of 5,000 events",
    "replay of a case of 200 events",
    "report sent by HTTP and stored",
    "append with 200 tenants",
    "memory with 200 tenants",
)
SECONDS = 600


Bench = Callable[..., str]


@pytest.fixture(scope="module")
def bench(postgres_admin_url: str, amqp_url: str) -> Bench:
    """Runs `qorgan bench --smoke` with more arguments; gives what it prints."""

    def run(*arguments: str) -> str:
        environment = os.environ | {"QORGAN_TEST_POSTGRES_URL": postgres_admin_url, "QORGAN_TEST_AMQP_URL": amqp_url}
        command = [str(QORGAN), "bench", "--smoke", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    return run


@pytest.fixture(scope="module")
def rows(bench: Bench) -> list[dict[str, Any]]:
    """What the smallest run gives."""
    found: list[dict[str, Any]] = json.loads(bench("--json"))
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


class TestThePlot:
    def test_is_drawn_over_lengths_and_numbers_of_tenants(self, bench: Bench, tmp_path: Path) -> None:
        file = tmp_path / "plot.svg"
        bench("--plot", str(file))
        drawn = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - drawn by ourselves
        assert len(drawn.findall("{*}polyline")) == 2
        texts = {text.text for text in drawn.iter("{http://www.w3.org/2000/svg}text")}
        assert {"1,000", "10", "100", "events in the log (one writer)", "tenants (eight writers)"} <= texts


class TestAWorker:
    def test_is_given_more_tenants_than_an_argument_may_be_long(self) -> None:
        """The row of ten thousand tenants gives as many."""
        url = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"  # it only connects when it appends
        worker = Worker("appends", url=url, tenants=[str(UUID(int=at)) for at in range(10_000)], threads=1)
        try:
            worker.ready()
        finally:
            worker.close()
